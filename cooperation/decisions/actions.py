"""Deciding, changing a decision, settling it; giving an action, moving, finishing, giving it up.

Numbers are given under a lock of the body, so that no two decisions share one. Nothing is ever
deleted: a decision that was wrong is replaced or given up, and says why.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cooperation.changing import by_id, seen_of
from cooperation.models import (
    Action,
    ActionMove,
    AgendaItem,
    Body,
    Decision,
    DecisionVersion,
    Initiative,
    Meeting,
)
from cooperation.refusals import CooperationRefused, changed
from core import telling
from core.periods import local_day
from people.models import Organisation, Person

State = Decision.State
#: As far ahead as an action may be due.
AT_MOST_AHEAD = timedelta(days=3 * 366)

SEEN = ("title_da", "title_kl", "text_da", "text_kl", "state")
LINKED = by_id("initiatives")
WORDS = ("title_da", "title_kl", "text_da", "text_kl")


def decision_seen(decision: Decision | None) -> str:
    """Names what somebody saw of a decision, and of the initiatives it serves."""
    return seen_of(decision, *SEEN, linked=LINKED)


def _initiatives_of(decision: Decision) -> list[str]:
    return sorted(map(str, decision.initiatives.values_list("pk", flat=True)))


# --- Decisions ------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    body: Body,
    *,
    key: UUID,
    title_da: str,
    text_da: str,
    decided_on: date,
    title_kl: str = "",
    text_kl: str = "",
    item: AgendaItem | None = None,
    source: str = "",
    initiatives: Iterable[Initiative] = (),
    by: Person | None,
    at: datetime,
) -> Decision:
    """Write down what a body decided; sent twice, it is decided once.

    Args:
        item: The item of the meeting it was decided at.
        source: Where it comes from, if it was no meeting: a seminar, a letter.

    Raises:
        CooperationRefused: With code "outside" for an item of another body, "closed" for one whose
            minutes are approved, "period" for a day that has not come.
    """
    body = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    there = Decision.objects.filter(pk=key).first()
    if there is not None:
        if there.body_id != body.pk:
            raise CooperationRefused(_("Load the page again and write once more."), "outside")
        return there
    if decided_on > local_day(at):
        raise CooperationRefused(
            _("Nobody has decided tomorrow. Choose today or a day before."), "period", "decided_on"
        )
    _of_this_body(item, body)
    year = decided_on.year
    last = body.decisions.filter(year=year).aggregate(last=Max("number"))["last"]
    decision = Decision(
        pk=key,
        body=body,
        year=year,
        number=int(last or 0) + 1,
        title_da=title_da,
        title_kl=title_kl,
        text_da=text_da,
        text_kl=text_kl,
        decided_on=decided_on,
        item=item,
        source=source,
        written_by=by,
        written_at=at,
    )
    decision.full_clean()
    decision.save()
    decision.initiatives.set(initiatives)
    _keep_version(decision, reason="", by=by, at=at)
    return decision


@transaction.atomic
def change_decision(
    decision: Decision,
    *,
    seen: str,
    reason: str,
    by: Person | None,
    at: datetime,
    initiatives: Iterable[Initiative] | None = None,
    **words: str,
) -> Decision:
    """Correct the words of a decision, and say why: what it said before stays to be read.

    Raises:
        CooperationRefused: With code "changed" if somebody else was first, "empty" without a
            reason, "closed" once it is replaced or given up.
    """
    decision = _current(decision)
    has_same_words = all(getattr(decision, name) == words.get(name, "") for name in WORDS)
    serves = None if initiatives is None else list(initiatives)
    is_served = serves is None or sorted(str(one.pk) for one in serves) == _initiatives_of(decision)
    if has_same_words and is_served:
        return decision  # a double press is no change
    if decision_seen(decision) != seen:
        raise changed()
    if serves is not None and has_same_words:
        decision.initiatives.set(serves)  # its words stay, so it takes no reason
        return decision
    if decision.state in {State.REPLACED, State.DROPPED}:
        raise CooperationRefused(_("The decision holds no more. It stays as it was."), "closed")
    if not reason.strip():
        raise CooperationRefused(_("Write why it is changed."), "empty", "reason")
    for name in WORDS:
        setattr(decision, name, words.get(name, ""))
    decision.full_clean()
    decision.save()
    if serves is not None:
        decision.initiatives.set(serves)
    _keep_version(decision, reason=reason, by=by, at=at)
    return decision


@transaction.atomic
def settle_decision(
    decision: Decision,
    *,
    state: str,
    reason: str,
    by: Person | None,
    at: datetime,
    replaced_by: Decision | None = None,
) -> Decision:
    """Carry it out, replace it, give it up, or take it up again; settled twice, it is once.

    A decision with open actions is not carried out: somebody still owes something.

    Raises:
        CooperationRefused: With code "step" while actions are open, "empty" without a reason,
            "outside" if the other decision is none of the same body, or the same.
    """
    decision = _current(decision)
    if decision.state == state and decision.replaced_by == replaced_by:
        return decision
    if not reason.strip():
        raise CooperationRefused(_("Write why, in a sentence."), "empty", "reason")
    if state == State.DONE and decision.actions.open().exists():
        raise CooperationRefused(
            _("An action of it is open. Finish it or give it up first."), "step", "state"
        )
    if state == State.REPLACED:
        if replaced_by is None:
            raise CooperationRefused(
                _("Choose the decision that replaces it."), "empty", "replaced_by"
            )
        if replaced_by == decision or replaced_by.body_id != decision.body_id:
            raise CooperationRefused(
                _("Choose another decision of the same group."), "outside", "replaced_by"
            )
    else:
        replaced_by = None
    decision.state, decision.replaced_by = state, replaced_by
    decision.settled_on = None if state == State.OPEN else local_day(at)
    decision.full_clean()
    decision.save(update_fields=["state", "replaced_by", "settled_on"])
    _keep_version(decision, reason=reason, by=by, at=at)
    return decision


def _current(decision: Decision) -> Decision:
    return Decision.objects.select_for_update(no_key=True).get(pk=decision.pk)


def _keep_version(decision: Decision, *, reason: str, by: Person | None, at: datetime) -> None:
    last = decision.versions.aggregate(last=Max("number"))["last"]
    DecisionVersion.objects.create(
        decision=decision,
        number=int(last or 0) + 1,
        **{name: getattr(decision, name) for name in WORDS},
        state=decision.state,
        reason=reason,
        written_by=by,
        written_at=at,
    )


def _of_this_body(item: AgendaItem | None, body: Body) -> None:
    """Refuse an item of another body, or one whose minutes are closed."""
    if item is None:
        return
    if item.meeting.body_id != body.pk:
        raise CooperationRefused(_("The item is of another group."), "outside")
    if item.meeting.state == Meeting.State.APPROVED:
        raise CooperationRefused(
            _("The minutes are approved. Write it without an item, and say where it comes from."),
            "closed",
        )


# --- Actions --------------------------------------------------------------------------------------


@transaction.atomic
def give_action(
    body: Body,
    *,
    key: UUID,
    text: str,
    owner: Person,
    due_on: date,
    organisation: Organisation | None = None,
    decision: Decision | None = None,
    item: AgendaItem | None = None,
    source: str = "",
    by: Person | None,
    at: datetime,
) -> Action:
    """Agree that somebody does something by a day; the owner is told. Sent twice, it is one.

    Raises:
        CooperationRefused: With code "outside" for a decision or item of another body, "closed"
            for an item whose minutes are approved, "late" for a day behind or too far ahead.
    """
    body = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    there = Action.objects.filter(pk=key).first()
    if there is not None:
        if there.body_id != body.pk:
            raise CooperationRefused(_("Load the page again and write once more."), "outside")
        return there
    _may_be_due(due_on, at=at)
    _of_this_body(item, body)
    if decision is not None and decision.body_id != body.pk:
        raise CooperationRefused(_("The decision is of another group."), "outside")
    # Held until the action is there: meanwhile nobody settles it as carried out.
    decision = decision and _current(decision)
    if decision is not None and decision.state != State.OPEN:
        raise CooperationRefused(
            _("The decision is settled. Take it up again first."), "step", "decision"
        )
    action = Action(
        pk=key,
        body=body,
        text=text,
        owner=owner,
        organisation=organisation,
        due_on=due_on,
        decision=decision,
        item=item,
        source=source,
        written_by=by,
        written_at=at,
    )
    action.full_clean()
    action.save()
    if owner != by:
        tell_of([owner], "given", action)
    return action


@transaction.atomic
def move_action(
    action: Action, *, to_on: date, seen_on: date, reason: str, by: Person | None, at: datetime
) -> Action:
    """Put it off to a later day, and say why. Sent twice, it is moved once.

    Args:
        seen_on: When it was due as ``by`` saw it.

    Raises:
        CooperationRefused: With code "late" for a day that is no later one, "empty" without a
            reason, "changed" if somebody else was first.
    """
    action = _locked(action)
    if not action.is_open:
        raise _settled()
    if action.due_on != seen_on:
        if action.due_on == to_on and action.moves.filter(moved_by=by, to_on=to_on).exists():
            return action
        raise CooperationRefused(
            _("Somebody else has moved it meanwhile. See how it stands now."), "changed"
        )
    if to_on <= seen_on or to_on < local_day(at):
        raise CooperationRefused(
            _("Choose a day that is later than the one that stands."), "late", "to_on"
        )
    _may_be_due(to_on, at=at, field="to_on")
    if not reason.strip():
        raise CooperationRefused(_("Write why it is moved."), "empty", "reason")
    ActionMove.objects.create(
        action=action,
        from_on=action.due_on,
        to_on=to_on,
        reason=reason,
        moved_by=by,
        moved_at=at,
    )
    action.due_on = to_on
    action.save(update_fields=["due_on"])
    return action


@transaction.atomic
def pass_on(
    action: Action,
    *,
    owner: Person,
    seen: UUID,
    by: Person | None,
    at: datetime,
    reason: str = "",
) -> Action:
    """Let somebody else do it; the new owner is told, and who did it before stays to be read.

    Args:
        seen: Who owned it as ``by`` saw it.
        reason: Why, if ``by`` says it.

    Raises:
        CooperationRefused: With code "closed" once it is settled, "changed" if somebody else was
            first.
    """
    action = _locked(action)
    if not action.is_open:
        raise _settled()
    if action.owner_id == owner.pk:
        return action
    if action.owner_id != seen:
        raise CooperationRefused(
            _("Somebody else has passed it on meanwhile. See how it stands now."), "changed"
        )
    ActionMove.objects.create(
        action=action,
        from_owner=action.owner,
        to_owner=owner,
        reason=reason,
        moved_by=by,
        moved_at=at,
    )
    action.owner, action.told_of, action.told_late_of = owner, None, None
    action.save(update_fields=["owner", "told_of", "told_late_of"])
    if owner != by:
        tell_of([owner], "given", action)
    return action


@transaction.atomic
def finish_action(action: Action, *, note: str, by: Person, at: datetime) -> Action:
    """It is done, and ``note`` says what came of it. Sent twice, it is done once.

    Raises:
        CooperationRefused: With code "empty" without a note, "closed" if it was settled otherwise.
    """
    return _settle(action, "done_on", note, by=by, at=at)


@transaction.atomic
def drop_action(action: Action, *, note: str, by: Person, at: datetime) -> Action:
    """Nobody does it any more, and ``note`` says why. Sent twice, it is given up once.

    Raises:
        CooperationRefused: With code "empty" without a note, "closed" if it was settled otherwise.
    """
    return _settle(action, "dropped_on", note, by=by, at=at)


def _settle(action: Action, field: str, note: str, *, by: Person, at: datetime) -> Action:
    action = _locked(action)
    if not action.is_open:
        if getattr(action, field) is not None and action.note == note:
            return action
        raise _settled()
    if not note.strip():
        message = (
            _("Write one line about what came of it.")
            if field == "done_on"
            else _("Write why it is given up.")
        )
        raise CooperationRefused(message, "empty", "note")
    setattr(action, field, local_day(at))
    action.note, action.settled_by = note, by
    action.full_clean()
    action.save(update_fields=[field, "note", "settled_by"])
    return action


def _locked(action: Action) -> Action:
    locked = Action.objects.select_for_update(of=("self",), no_key=True).select_related(
        "owner", "body"
    )
    return locked.get(pk=action.pk)


def _settled() -> CooperationRefused:
    return CooperationRefused(_("It is done or given up. See what was written."), "closed")


def _may_be_due(day: date, *, at: datetime, field: str = "due_on") -> None:
    today = local_day(at)
    if not today - timedelta(days=366) <= day <= today + AT_MOST_AHEAD:
        raise CooperationRefused(_("Choose a day within three years."), "late", field)


def tell_of(readers: Iterable[Any], what: str, action: Action) -> None:
    for reader in readers:
        telling.tell(
            reader,
            f"cooperation.action_{what}",
            {"body": action.body.name_da, "due_on": action.due_on.isoformat()},
            url="cooperation:action",
            url_args=[str(action.pk)],
        )
