"""What a device sends of mentoring besides sessions, each by the action of the web page.

Confirmed, thought about, followed up, done as agreed, answered. Where somebody was faster nothing
is changed, and the device shows how it stands.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.access_log import record
from devices.records import Kind, Refused, Sender, Sent
from devices.records.schema import KEY, shape
from mentoring.actions import LookAgain, SessionRefused, confirm_sessions, set_done
from mentoring.goals.actions import GoalRefused, accept, decline, reflect
from mentoring.handover.actions import HandoverRefused
from mentoring.handover.follow_ups import finish, move
from mentoring.models import GoalTerms, Reflection, Session, SessionVersion
from mentoring.models.session import MOST_CHARACTERS
from mentoring.permissions import (
    own_agreements,
    owned_follow_ups,
    readable_goals,
    readable_sessions,
    reflectable_sessions,
)
from people.models import Person

#: Where somebody, or the same person elsewhere, was faster: look first.
FASTER = {"changed", "own", "ended"}
GONE = {"erased"}
#: As the web page answers who asks for what is not theirs.
NOT_THEIRS = {"not_participant"}


@contextmanager
def _refusals(kept: Callable[[], Mapping[str, Any] | None] = lambda: None) -> Iterator[None]:
    """Tell the device what an action refuses; ``kept`` says how it stands where one was faster."""
    try:
        yield
    except LookAgain as refusal:
        warnings = {name: [list(one) for one in found] for name, found in refusal.warnings.items()}
        raise Refused("look_again", warnings=warnings) from refusal
    except (SessionRefused, GoalRefused, HandoverRefused) as refusal:
        raise _refused(refusal, refusal.code, kept) from refusal


def _refused(
    refusal: ValidationError, code: str, kept: Callable[[], Mapping[str, Any] | None]
) -> Refused:
    if hasattr(refusal, "error_dict"):
        return Refused("invalid", fields=refusal.message_dict)
    if code in GONE:
        return Refused(code, 410)
    if code in NOT_THEIRS:
        return Refused("not_found", 404)
    if code in FASTER:
        now = kept()
        return Refused(code, 409, **({"kept": now} if now is not None else {}))
    return Refused(code, message=" ".join(refusal.messages))


# --- Sessions -------------------------------------------------------------------------------------


def keep_confirmation(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """Somebody stands by the version they have seen."""
    key = sent.key("version")
    mine = readable_sessions(by.standing).filter(pk=sent.about)
    session = get_object_or_404(mine)
    if not SessionVersion.objects.filter(pk=key, session=session).exists():
        raise Http404
    if session.erased_at is not None:
        raise Refused("erased", 410)
    with _refusals():
        confirmed = confirm_sessions(by.person, [key], at=sent.at)
    if confirmed.changed:
        raise Refused("changed", 409)
    return {"locked": confirmed.sessions[0].locked_at is not None}


def keep_reflection(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """What somebody takes with them from a session; an empty text takes it back."""
    session = reflectable_sessions(by.standing).filter(pk=sent.about).first()
    if session is None:
        gone = readable_sessions(by.standing).filter(pk=sent.about, erased_at__isnull=False)
        raise Refused("erased", 410) if gone.exists() else Http404

    def now() -> Mapping[str, Any]:
        return _written(session, by.person)

    with _refusals(now):
        kept = reflect(
            by.person,
            session,
            sent.text("text"),
            seen=sent.number("seen"),
            at=sent.at,
            looked_again=sent.looked_again,
        )
    return {"number": kept.number if kept else 0}


def _written(session: Session, person: Person) -> Mapping[str, Any]:
    """The own words as they stand: the other of two texts between which their author chooses."""
    kept = Reflection.objects.filter(session=session, person=person).first()
    return {"text": kept.text, "number": kept.number} if kept else {"text": "", "number": 0}


def keep_agreement(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """What was agreed is done, or open again."""
    one = get_object_or_404(own_agreements(by.standing), pk=sent.about)
    set_done(one, by.person, done=sent.flag("done"), on=by.standing.day)
    return {}


# --- After a handover, and goals ------------------------------------------------------------------


def keep_follow_up(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """A follow-up is done, or put off."""
    follow_up = get_object_or_404(
        owned_follow_ups(by.standing).select_related("handover__member__pairing__place"),
        pk=sent.about,
    )
    with _refusals(lambda: {"due_on": follow_up.due_on.isoformat()}):
        if sent.choice("what", "finish", "move") == "finish":
            finish(
                follow_up,
                by=by.person,
                note=sent.text("note"),
                at=sent.at,
                looked_again=sent.looked_again,
            )
        else:
            move(
                follow_up,
                by=by.person,
                to_on=sent.day("to_on"),
                seen_on=sent.day("seen_on"),
                reason=sent.text("reason"),
                at=sent.at,
                looked_again=sent.looked_again,
            )
    record(by.request.user, "change", follow_up, at=sent.at)
    return {}


def keep_goal_answer(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """What the other side proposed for a goal is agreed to, or declined."""
    terms = get_object_or_404(
        GoalTerms.objects.select_related("goal"),
        pk=sent.about,
        goal__in=readable_goals(by.standing).values("pk"),
    )
    act = accept if sent.choice("answer", "accept", "decline") == "accept" else decline
    with _refusals():
        act(by.person, terms, at=sent.at)
    return {}


_TEXT = {"type": "string", "maxLength": MOST_CHARACTERS}
_DAY = {"type": "string", "format": "date"}
KINDS = (
    Kind(
        "confirm",
        keep_confirmation,
        content=shape("version", version=KEY | {"description": "The version that was seen."}),
        subject="The session.",
        outcome=shape("locked", locked={"type": "boolean"}),
    ),
    Kind(
        "reflection",
        keep_reflection,
        content=shape(
            *("text", "seen"),
            text=_TEXT,
            seen={
                "type": "integer",
                "minimum": 0,
                "description": "The number of the reflection that was seen; nought without one.",
            },
        ),
        subject="The session.",
        outcome=shape("number", number={"type": "integer"}),
    ),
    Kind(
        "agreement",
        keep_agreement,
        content=shape("done", done={"type": "boolean"}),
        subject="The agreement.",
    ),
    Kind(
        "follow-up",
        keep_follow_up,
        content={
            "oneOf": [
                shape("what", "note", what={"const": "finish"}, note=_TEXT),
                shape(
                    *("what", "to_on", "seen_on", "reason"),
                    what={"const": "move"},
                    to_on=_DAY,
                    seen_on=_DAY | {"description": "When it was due as it was seen."},
                    reason=_TEXT,
                ),
            ]
        },
        subject="The follow-up.",
    ),
    Kind(
        "goal-answer",
        keep_goal_answer,
        content=shape("answer", answer={"enum": ["accept", "decline"]}),
        subject="The proposal that was seen.",
    ),
)
