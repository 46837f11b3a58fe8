"""The life of an example.

::

    draft ── send ──▶ review ── approve ──▶ approved (a version that everybody reads)
      ▲                 │                      │
      └──── change ◀── returned ◀── send back ─┘ change: a new draft, the version stays live
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.changing import by_id, seen_of
from cooperation.models import Initiative, Practice, PracticeVersion
from cooperation.models.practice import SENT, WROTE
from cooperation.refusals import CooperationRefused, changed
from core import telling
from core.access_log import record
from people.models import Person

State = Practice.State
#: What must be written before anybody looks it through, and how it is asked for.
NEEDED = {
    "problem_da": gettext_lazy("Write what the problem was."),
    "done_da": gettext_lazy("Write what was done."),
    "ask": gettext_lazy("Write which office one can ask."),
    "source": gettext_lazy("Write where it stands, or who told it."),
}
TEXTS_KL = ("title_kl", "problem_kl", "done_kl", "effect_kl")
WORDS = (
    *("title_da", "title_kl", "problem_da", "problem_kl", "done_da", "done_kl"),
    *("effect_da", "effect_kl", "ask", "source", "source_url"),
)
SEEN = (*WORDS, "kind", "organisation_id", "place_id", "sectors", "state")
LINKED = by_id("initiatives")

#: Sent with ``practice`` when what everybody reads of it has changed.
practice_changed = Signal()


def practice_seen(practice: Practice | None) -> str:
    """Names what somebody saw of an example, and of the initiatives it serves."""
    return seen_of(practice, *SEEN, linked=LINKED)


@transaction.atomic
def save_practice(
    key: UUID,
    *,
    seen: str | None,
    initiatives: Iterable[Initiative],
    by: Person,
    at: datetime,
    send: bool = False,
    **facts: Any,
) -> Practice:
    """Write an example, or go on with the one with that key; sent twice, it is one.

    What everybody reads stays until the new text is approved.

    Args:
        send: Let somebody else look it through at once; where that is refused, nothing is saved.

    Raises:
        CooperationRefused: With code "changed" if somebody else was first, "step" while it is
            looked through; as :func:`send_for_review` does if it is sent.
    """
    practice = Practice.objects.select_for_update(no_key=True).filter(pk=key).first()
    if practice is None:
        practice = Practice(pk=key, author=by)
    elif seen and practice_seen(practice) != seen:
        raise changed()
    if practice.state == State.REVIEW:
        raise CooperationRefused(
            _("It is being looked through. Take it back before you write on."), "step"
        )
    for name, value in facts.items():
        setattr(practice, name, value)
    if practice.state == State.APPROVED:
        practice.state = State.DRAFT
    practice.written_at = at
    practice.full_clean()
    practice.save()
    practice.initiatives.set(initiatives)
    record(by.user, WROTE, practice, at=at)
    return send_for_review(practice, by=by, at=at) if send else practice


@transaction.atomic
def send_for_review(practice: Practice, *, by: Person, at: datetime) -> Practice:
    """Let somebody else look it through. Sent twice, it is sent once.

    What was taken off the shelf stays off until it is approved.

    Raises:
        CooperationRefused: With code "empty" while something needed is missing, "step" for one
            that nobody has changed since it was approved.
    """
    practice = _locked(practice)
    if practice.state == State.REVIEW:
        return practice
    if practice.state == State.APPROVED:
        raise CooperationRefused(_("It is approved as it stands."), "step")
    for name, said in NEEDED.items():
        if not getattr(practice, name).strip():
            raise CooperationRefused(str(said), "empty", name)
    practice.state, practice.note = State.REVIEW, ""
    practice.save(update_fields=["state", "note"])
    record(by.user, SENT, practice, at=at)
    return practice


@transaction.atomic
def take_back(practice: Practice) -> Practice:
    """Write on: nobody looks it through until it is sent again.

    Raises:
        CooperationRefused: With code "step" unless it waits for review.
    """
    practice = _locked(practice)
    if practice.state == State.DRAFT:
        return practice
    if practice.state != State.REVIEW:
        raise CooperationRefused(_("It does not wait for review. See how it stands."), "step")
    practice.state = State.DRAFT
    practice.save(update_fields=["state"])
    return practice


@transaction.atomic
def approve(practice: Practice, *, seen: str, by: Person, at: datetime) -> Practice:
    """Let everybody read it. Approved twice, it is approved once.

    Raises:
        CooperationRefused: With code "outside" for one's own and for what ``by`` has written on
            or sent, "changed" if it says something else than ``by`` has read, "step" unless it
            waits for review.
    """
    practice = _locked(practice)
    if practice.state == State.APPROVED and practice.reviewed_by == by:
        return practice
    if practice.state != State.REVIEW:
        raise CooperationRefused(_("It does not wait for review. See how it stands."), "step")
    _refuse_own(practice, by)
    if practice_seen(practice) != seen:
        raise changed()
    practice.state, practice.reviewed_by, practice.reviewed_at = State.APPROVED, by, at
    practice.live = _keep_version(practice, by=by, at=at)
    practice.note, practice.withdrawn_at = "", None
    practice.save(
        update_fields=["state", "reviewed_by", "reviewed_at", "live", "note", "withdrawn_at"]
    )
    _changed(practice)
    _tell_author(practice, "approved", but=by)
    return practice


@transaction.atomic
def send_back(practice: Practice, *, note: str, by: Person, at: datetime) -> Practice:
    """Ask its writer for more, and say what. Sent back twice, it is sent back once.

    Raises:
        CooperationRefused: With code "empty" without words, "outside" as when it is approved,
            "step" unless it waits for review.
    """
    practice = _locked(practice)
    if practice.state == State.RETURNED and practice.note == note:
        return practice
    if practice.state != State.REVIEW:
        raise CooperationRefused(_("It does not wait for review. See how it stands."), "step")
    _refuse_own(practice, by)
    if not note.strip():
        raise CooperationRefused(_("Write what is missing."), "empty", "note")
    practice.state, practice.note = State.RETURNED, note
    practice.reviewed_by, practice.reviewed_at = by, at
    practice.full_clean()
    practice.save(update_fields=["state", "note", "reviewed_by", "reviewed_at"])
    _tell_author(practice, "returned", but=by)
    return practice


@transaction.atomic
def withdraw(practice: Practice, *, at: datetime, back: bool = False) -> Practice:
    """Take it off the shelf, or put it back; lessons that show it show nothing meanwhile."""
    practice = _locked(practice)
    practice.withdrawn_at = None if back else practice.withdrawn_at or at
    practice.save(update_fields=["withdrawn_at"])
    _changed(practice)
    return practice


@transaction.atomic
def translate_practice(
    practice: Practice, *, seen: str, by: Person, at: datetime, **texts: str
) -> Practice:
    """Write the Kalaallisut text of an approved example: readers have it at once.

    Raises:
        CooperationRefused: With code "changed" if somebody else was first, "step" while its
            writers change it: their text is approved first.
    """
    practice = _locked(practice)
    if all(getattr(practice, name) == texts.get(name, "") for name in TEXTS_KL):
        return practice
    if practice_seen(practice) != seen:
        raise changed()
    if practice.state != State.APPROVED:
        raise CooperationRefused(
            _("Its writers are changing it. Translate it when that is approved."), "step"
        )
    for name in TEXTS_KL:
        setattr(practice, name, texts.get(name, ""))
    practice.full_clean()
    practice.live = _keep_version(practice, by=by, at=at)
    practice.save()
    _changed(practice)
    return practice


def _refuse_own(practice: Practice, by: Person) -> None:
    written = Practice.objects.filter(pk=practice.pk).written_by(by)
    if practice.author == by or practice.pk in written:
        raise CooperationRefused(_("Somebody else looks through what you wrote."), "outside")


def _locked(practice: Practice) -> Practice:
    return Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)


def _keep_version(practice: Practice, *, by: Person, at: datetime) -> PracticeVersion:
    content = practice.working_content()
    last = practice.versions.aggregate(last=Max("number"))["last"]
    return PracticeVersion.objects.create(
        practice=practice,
        number=int(last or 0) + 1,
        content=content,
        folded=PracticeVersion.folded_of(content),
        approved_by=by,
        approved_at=at,
    )


def _changed(practice: Practice) -> None:
    transaction.on_commit(lambda: practice_changed.send(None, practice=practice))


def _tell_author(practice: Practice, what: str, *, but: Person) -> None:
    author = practice.author
    if author is not None and author != but:
        telling.tell(
            author,
            f"cooperation.practice_{what}",
            {},
            url="cooperation:write-practice" if what == "returned" else "cooperation:practice",
            url_args=[str(practice.pk)],
        )
