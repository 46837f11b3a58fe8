"""What becomes of a follow-up: done, moved, given to somebody; and who is reminded of it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import telling
from core.periods import is_working_hour, local_day
from mentoring.actions.due import TOLD, note_told, to_be_told_of
from mentoring.handover.actions import HandoverRefused
from mentoring.handover.people import in_charge, owners
from mentoring.handover.wording import judge
from mentoring.models import FollowUp, FollowUpMove, PairingMember
from mentoring.permissions import IN_CHARGE
from people.models import Person

#: As far ahead as one may be moved.
AT_MOST_AHEAD = timedelta(days=366)


def finish(
    follow_up: FollowUp, *, by: Person, note: str, at: datetime, looked_again: bool = False
) -> FollowUp:
    """It is done, and ``note`` says how it goes. Sent twice, it is done once.

    Raises:
        LookAgain: With what could show who a citizen is, in ``note``.
        ValidationError: With the message of ``note``.
        HandoverRefused: With code "empty" without a note, "changed" if somebody else was first.
    """
    note = _judged("note", note, follow_up, at=at, looked_again=looked_again)
    if not note:
        raise HandoverRefused(_("Write one line about how it goes."), code="empty")
    with transaction.atomic():
        follow_up = _current(follow_up)
        if follow_up.done_on is not None:
            if (follow_up.done_by, follow_up.note) == (by, note):
                return follow_up
            raise _done()
        follow_up.done_on, follow_up.done_by, follow_up.note = local_day(at), by, note
        follow_up.save(update_fields=["done_on", "done_by", "note"])
    return follow_up


def move(
    follow_up: FollowUp,
    *,
    by: Person,
    to_on: date,
    seen_on: date,
    reason: str,
    at: datetime,
    looked_again: bool = False,
) -> FollowUp:
    """Put it off to a later day, and say why. Sent twice, it is moved once.

    Args:
        seen_on: When it was due as ``by`` saw it.

    Raises:
        LookAgain: With what could show who a citizen is, in ``reason``.
        ValidationError: With the messages of ``reason`` and ``to_on``.
        HandoverRefused: With code "empty" without a reason, "changed" if somebody else was first.
    """
    today = local_day(at)
    if to_on <= seen_on or to_on < today:
        raise ValidationError({"to_on": _("Choose a day that is later than the one that stands.")})
    if to_on > today + AT_MOST_AHEAD:
        raise ValidationError({"to_on": _("Choose a day within a year.")})
    reason = _judged("reason", reason, follow_up, at=at, looked_again=looked_again)
    if not reason:
        raise HandoverRefused(_("Write why it is moved."), code="empty")
    with transaction.atomic():
        follow_up = _current(follow_up)
        if follow_up.done_on is not None:
            raise _done()
        if follow_up.due_on != seen_on:
            if (
                follow_up.due_on == to_on
                and follow_up.moves.filter(moved_by=by, to_on=to_on, reason=reason).exists()
            ):
                return follow_up
            raise HandoverRefused(
                _("Somebody else has moved it meanwhile. See how it stands now."), code="changed"
            )
        FollowUpMove.objects.create(
            follow_up=follow_up,
            from_on=follow_up.due_on,
            to_on=to_on,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )
        follow_up.due_on = to_on
        follow_up.save(update_fields=["due_on"])
    return follow_up


@transaction.atomic
def give(
    follow_up: FollowUp, *, owner: Person, seen: UUID | None, by: Person, at: datetime
) -> FollowUp:
    """Name who owns it; the new owner is told.

    Args:
        seen: Who owned it as ``by`` saw it.

    Raises:
        HandoverRefused: With code "receiver" if ``owner`` holds no role in the place, "changed"
            if somebody else was first.
    """
    follow_up = _current(follow_up)
    if follow_up.done_on is not None:
        raise _done()
    if follow_up.owner_id == owner.pk:
        return follow_up
    if follow_up.owner_id != seen:
        raise HandoverRefused(
            _("Somebody else has named an owner meanwhile. See how it stands now."),
            code="changed",
        )
    place = follow_up.handover.member.pairing.place
    if not owners(place, on=local_day(at)).filter(pk=owner.pk).exists():
        raise HandoverRefused(_("Choose somebody who works in the place."), code="receiver")
    follow_up.owner, follow_up.told_of, follow_up.told_late_of = owner, None, None
    follow_up.save(update_fields=["owner", "told_of", "told_late_of"])
    if owner != by:
        _tell([owner], "given", follow_up)
    return follow_up


def _current(follow_up: FollowUp) -> FollowUp:
    locked = FollowUp.objects.select_for_update(of=("self",), no_key=True).select_related(
        "owner", "done_by", "handover__member__pairing__place"
    )
    return locked.get(pk=follow_up.pk)


def _done() -> HandoverRefused:
    return HandoverRefused(_("It has been done. See what was written."), code="changed")


def _judged(name: str, text: str, follow_up: FollowUp, *, at: datetime, looked_again: bool) -> str:
    pairing = follow_up.handover.member.pairing_id
    known = list(
        PairingMember.objects.filter(pairing=pairing).values_list("person__name", flat=True)
    )
    return judge({name: text}, known=known, at=at, looked_again=looked_again)[name]


# --- Reminders ------------------------------------------------------------------------------------


@transaction.atomic
def remind(at: datetime) -> int:
    """Tell owners what is due within a week, and everybody concerned what is late. Runs again.

    Each is told of once before and once after each due day. Late ones, and those that nobody
    owns who still works in the place, reach its leaders and coordinators.

    Returns:
        How many follow-ups somebody was told of.
    """
    if not is_working_hour(at):
        return 0
    today = local_day(at)
    found: list[Any] = list(
        FollowUp.objects.open()
        .with_owner_there(on=today)
        .select_for_update(of=("self",), no_key=True)
        .filter(to_be_told_of(today))
        .select_related("owner", "handover__member__pairing__place")
        .soonest_first()
    )
    if not found:
        return 0
    there = in_charge({one.handover.member.pairing.place for one in found}, IN_CHARGE, on=today)
    for one in found:
        others = there[one.handover.member.pairing.place_id]
        owner = [one.owner] if one.owner is not None and one.is_owned else []
        if note_told(one, on=today):
            _tell(owner, "late", one)
            _tell([person for person in others if person not in owner], "late_there", one)
        else:
            _tell(owner, "soon", one)
            _tell([] if owner else others, "unowned", one)
    FollowUp.objects.bulk_update(found, TOLD)
    return len(found)


def _tell(readers: Iterable[Person], what: str, follow_up: FollowUp) -> None:
    place = follow_up.handover.member.pairing.place
    for reader in readers:
        telling.tell(
            reader,
            f"mentoring.follow_up_{what}",
            {"town": place.name, "due_on": follow_up.due_on.isoformat()},
            url="mentoring:follow-up",
            url_args=[str(follow_up.pk)],
        )
