"""The life of a meeting, from the plan to the approved minutes.

::

    planned ── call ──▶ called ── begin ──▶ held ── send ──▶ sent ── approve ──▶ approved
       └──────────────────┴── cancel ──▶ cancelled      ▲       │
                                                        └ reopen┘

Every change locks the body first: what is open is counted by one at a time, and two secretaries
never begin the same minutes twice.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cooperation.changing import seen_of
from cooperation.meetings.agenda import NOTHING, is_overtaken, open_things
from cooperation.meetings.minutes import content_of
from cooperation.models import AgendaItem, Attendance, Body, BodyMember, Meeting
from cooperation.refusals import CooperationRefused, changed
from core import telling
from core.canonical import content_hash
from core.periods import local_day
from people.models import Person, Place

State = Meeting.State
Kind = AgendaItem.Kind
#: Minutes may be begun so long before the hour: people arrive early.
EARLY = timedelta(hours=2)
#: So far ahead a meeting is planned.
AT_MOST_AHEAD = timedelta(days=3 * 366)
MOST_ITEMS = 60

SEEN = ("starts_at", "duration_minutes", "place_id", "room", "note")
SEEN_ITEM = ("title", "text", "minutes", "outcome")


def meeting_seen(meeting: Meeting | None) -> str:
    """Names what somebody saw of a meeting's plan."""
    return seen_of(meeting, *SEEN)


def item_seen(item: AgendaItem | None) -> str:
    """Names what somebody saw of an item."""
    return seen_of(item, *SEEN_ITEM)


def _locked(meeting: Meeting) -> Meeting:
    Body.objects.select_for_update(no_key=True).get(pk=meeting.body_id)
    return Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)


# --- The plan -------------------------------------------------------------------------------------


@transaction.atomic
def save_meeting(
    body: Body,
    *,
    key: UUID,
    starts_at: datetime,
    duration_minutes: int,
    place: Place | None,
    room: str,
    note: str,
    seen: str | None,
    by: Person | None,
    at: datetime,
) -> Meeting:
    """Plan a meeting, or change one that has not been held; sent twice, it is planned once.

    Whoever was sent the agenda is told of another time or place.

    Raises:
        CooperationRefused: With code "closed" once it was held or cancelled, "changed" if somebody
            else was first, "period" outside the body's period, "late" too far ahead.
    """
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    meeting = Meeting.objects.select_for_update(no_key=True).filter(pk=key, body=body).first()
    is_new = meeting is None
    if meeting is None:
        meeting = Meeting(pk=key, body=body, created_by=by, created_at=at)
    elif not seen:
        return meeting  # the same, sent twice
    elif not meeting.is_to_come:
        raise CooperationRefused(_("The meeting has been held or cancelled."), "closed")
    elif meeting_seen(meeting) != seen:
        raise changed()
    day = local_day(starts_at)
    if not body.is_valid_on(day):
        raise CooperationRefused(
            _("The group does not meet then. Choose a day in its period."), "period", "held_on"
        )
    if starts_at > at + AT_MOST_AHEAD:
        raise CooperationRefused(_("Choose a day within three years."), "late", "held_on")
    was = (meeting.starts_at, meeting.place_id, meeting.room) if not is_new else None
    meeting.starts_at, meeting.duration_minutes = starts_at, duration_minutes
    meeting.place, meeting.room, meeting.note = place, room, note
    meeting.full_clean()
    meeting.save()
    if meeting.state == State.CALLED and was != (starts_at, meeting.place_id, room):
        _tell_members(meeting, "meeting_moved", but=by, at=at)
    return meeting


@transaction.atomic
def call(meeting: Meeting, *, by: Person | None, at: datetime) -> Meeting:
    """Send the agenda: the members are told, once. It may still change.

    Raises:
        CooperationRefused: With code "step" once it was held or cancelled.
    """
    meeting = _locked(meeting)
    if meeting.state == State.CALLED:
        return meeting
    _is_to_come(meeting)
    meeting.state, meeting.called_at = State.CALLED, at
    meeting.save(update_fields=["state", "called_at"])
    _tell_members(meeting, "meeting_called", but=by, at=at)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, reason: str, by: Person | None, at: datetime) -> Meeting:
    """Cancel it, and say why. What stood on its agenda stands on the next one.

    Raises:
        CooperationRefused: With code "step" once it was held, "empty" without a reason.
    """
    meeting = _locked(meeting)
    if meeting.state == State.CANCELLED:
        return meeting
    _is_to_come(meeting)
    if not reason.strip():
        raise CooperationRefused(_("Write why it is cancelled."), "empty", "reason")
    was_called = meeting.state == State.CALLED
    meeting.state, meeting.cancelled_reason = State.CANCELLED, reason
    meeting.full_clean()
    meeting.save(update_fields=["state", "cancelled_reason"])
    if was_called:
        _tell_members(meeting, "meeting_cancelled", but=by, at=at)
    return meeting


def _is_to_come(meeting: Meeting) -> None:
    if not meeting.is_to_come:
        raise CooperationRefused(
            _("The meeting has been held or cancelled. See how it stands now."), "step"
        )


# --- The agenda -----------------------------------------------------------------------------------


@transaction.atomic
def save_item(
    meeting: Meeting,
    *,
    key: UUID,
    title: str,
    text: str,
    seen: str | None,
    by: Person | None,
    at: datetime,
) -> AgendaItem:
    """Put an item on the agenda, or change one; sent twice, it is one.

    While minutes are written, an item that came up at the table is put there the same way.

    Raises:
        CooperationRefused: With code "closed" once the minutes are approved or the meeting is
            cancelled, "changed" if somebody else was first, "late" for too many.
    """
    meeting = _locked(meeting)
    if not (meeting.is_to_come or meeting.is_being_written):
        raise CooperationRefused(_("The agenda can no longer change."), "closed")
    item = AgendaItem.objects.select_for_update(no_key=True).filter(pk=key, meeting=meeting).first()
    if item is None:
        if meeting.items.count() >= MOST_ITEMS:
            raise CooperationRefused(_("The agenda is full. Take an item off first."), "late")
        item = AgendaItem(
            pk=key, meeting=meeting, position=_last(meeting) + 1, written_by=by, written_at=at
        )
    elif not seen:
        return item
    elif item_seen(item) != seen:
        raise changed()
    item.title, item.text = title, text
    item.full_clean()
    item.save()
    return item


@transaction.atomic
def move_item(item: AgendaItem, *, up: bool) -> AgendaItem:
    """Let an item change places with the one before it, or behind it.

    Raises:
        CooperationRefused: With code "closed" once the meeting was held.
    """
    meeting = _locked(item.meeting)
    _is_to_come(meeting)
    items = list(meeting.items.in_order())
    place = next(number for number, one in enumerate(items) if one.pk == item.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    for number, one in enumerate(items, start=1):
        one.position = number
    AgendaItem.objects.bulk_update(items, ["position"])
    return item


@transaction.atomic
def take_off(item: AgendaItem) -> None:
    """Take an item off an agenda before the meeting: it was a mistake, and leaves no trace.

    One that an earlier meeting put off goes back to being open.

    Raises:
        CooperationRefused: With code "closed" once the meeting was held.
    """
    meeting = _locked(item.meeting)
    _is_to_come(meeting)
    AgendaItem.objects.filter(pk=item.pk, meeting=meeting).delete()


def _last(meeting: Meeting) -> int:
    found = meeting.items.aggregate(last=Max("position"))["last"]
    return int(found or 0)


# --- The minutes ----------------------------------------------------------------------------------


@transaction.atomic
def begin(meeting: Meeting, *, by: Person | None, at: datetime) -> Meeting:
    """Begin the minutes: the agenda is written down as it stands, with everything that is open.

    Begun twice, it is begun once. When the minutes begin so late that a later meeting has been
    held meanwhile, what is open belongs to the next meeting, and this one has its own items alone.

    Raises:
        CooperationRefused: With code "step" for one that is cancelled, "early" before its time.
    """
    meeting = _locked(meeting)
    if meeting.begun_at is not None:
        return meeting
    _is_to_come(meeting)
    if at < meeting.starts_at - EARLY:
        raise CooperationRefused(_("The meeting has not begun yet."), "early")
    carried = NOTHING if is_overtaken(meeting) else open_things(meeting.body, at=at, but=meeting)
    position = _last(meeting)
    new: list[AgendaItem] = []

    def add(**facts: Any) -> None:
        new.append(
            AgendaItem(
                meeting=meeting,
                position=position + len(new) + 1,
                written_by=by,
                written_at=at,
                **facts,
            )
        )

    for item in carried.items:
        add(kind=Kind.OWN, title=item.title, text=item.text, earlier=item)
    for decision in carried.decisions:
        add(kind=Kind.DECISION, title=decision.title_da, decision=decision)
    for action in carried.actions:
        add(kind=Kind.ACTION, title=action.text, action=action)
    AgendaItem.objects.bulk_create(new)
    meeting.state, meeting.begun_at = State.HELD, at
    meeting.save(update_fields=["state", "begun_at"])
    return meeting


@transaction.atomic
def write_item(
    item: AgendaItem,
    *,
    minutes: str,
    outcome: str,
    seen: str,
    by: Person | None,
    at: datetime,
) -> AgendaItem:
    """Write what was said to an item, and whether it is dealt with or put off.

    Raises:
        CooperationRefused: With code "closed" unless minutes are being written, "changed" if
            somebody else wrote meanwhile.
    """
    meeting = _locked(item.meeting)
    if not meeting.is_being_written:
        raise CooperationRefused(_("The minutes can no longer change."), "closed")
    item = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if (item.minutes, item.outcome) == (minutes, outcome):
        return item
    if item_seen(item) != seen:
        raise changed()
    item.minutes, item.outcome = minutes, outcome
    item.full_clean()
    item.save(update_fields=["minutes", "outcome"])
    return item


@transaction.atomic
def note_attendance(
    meeting: Meeting,
    presence: Mapping[BodyMember, str],
    *,
    shown: Mapping[BodyMember, str] | None = None,
) -> None:
    """Write who was there; an empty answer says nothing of somebody.

    Two may write at once: only what was answered otherwise than it was ``shown`` changes.

    Args:
        shown: What each answer was when it was begun; empty for whoever is not named.

    Raises:
        CooperationRefused: With code "closed" unless minutes are being written, "changed" if
            somebody else has answered otherwise of the same person meanwhile.
    """
    meeting = _locked(meeting)
    if not meeting.is_being_written:
        raise CooperationRefused(_("The minutes can no longer change."), "closed")
    standing = {one.member_id: one for one in meeting.attendances.all()}
    for member, said in presence.items():
        was = shown.get(member, "") if shown else ""
        row = standing.get(member.pk)
        now = row.presence if row is not None else ""
        if said in {was, now}:
            continue
        if now != was:
            raise changed()
        row = row or Attendance(meeting=meeting, member=member)
        row.presence = said
        if said:
            row.save()
        else:
            row.delete()


@transaction.atomic
def send_minutes(meeting: Meeting, *, by: Person | None, at: datetime) -> Meeting:
    """Let the members read the minutes: they are told, once.

    Raises:
        CooperationRefused: With code "step" unless they are being written.
    """
    meeting = _locked(meeting)
    if meeting.state == State.SENT:
        return meeting
    if meeting.state != State.HELD:
        raise CooperationRefused(_("The minutes are not being written. Look again."), "step")
    meeting.state, meeting.sent_at = State.SENT, at
    meeting.save(update_fields=["state", "sent_at"])
    _tell_members(meeting, "minutes_sent", but=by, at=at)
    return meeting


@transaction.atomic
def reopen(meeting: Meeting) -> Meeting:
    """Write on: the members do not see the minutes until they are sent again.

    Raises:
        CooperationRefused: With code "step" unless they were sent and are not approved.
    """
    meeting = _locked(meeting)
    if meeting.state == State.HELD:
        return meeting
    if meeting.state != State.SENT:
        raise CooperationRefused(_("The minutes are approved, or not begun."), "step")
    meeting.state, meeting.sent_at = State.HELD, None
    meeting.save(update_fields=["state", "sent_at"])
    return meeting


@transaction.atomic
def approve(meeting: Meeting, *, seen: str, by: Person, at: datetime) -> Meeting:
    """Approve the minutes: they are kept as they are, for good. Approved twice, it is once.

    Args:
        seen: The hash of what ``by`` has read (:func:`cooperation.meetings.minutes.hash_of`).

    Raises:
        CooperationRefused: With code "changed" if they say something else by now, "step" unless
            they were sent.
    """
    meeting = _locked(meeting)
    if meeting.state == State.APPROVED:
        return meeting
    if meeting.state != State.SENT:
        raise CooperationRefused(_("Send the minutes to the members first."), "step")
    content = content_of(meeting)
    if content_hash(content) != seen:
        raise changed()
    meeting.state, meeting.approved_at, meeting.approved_by = State.APPROVED, at, by
    meeting.content, meeting.sha256 = content, content_hash(content)
    meeting.save(update_fields=["state", "approved_at", "approved_by", "content", "sha256"])
    return meeting


# --- Telling --------------------------------------------------------------------------------------


def _members(meeting: Meeting, *, at: datetime) -> Iterable[Person]:
    seats = meeting.body.members.valid_on(local_day(at)).select_related("person")
    return [seat.person for seat in seats.order_by("person__name", "pk")]


def _tell_members(meeting: Meeting, what: str, *, but: Person | None, at: datetime) -> None:
    """Tell everybody with a seat today, except whoever did it."""
    place = meeting.place
    facts = {
        "body": meeting.body.name_da,
        "when_at": meeting.starts_at.isoformat(),
        "zone": place.time_zone if place is not None else "America/Nuuk",
        "town": place.name if place is not None else "Nuuk",
    }
    for person in _members(meeting, at=at):
        if person != but:
            telling.tell(
                person,
                f"cooperation.{what}",
                facts,
                url="cooperation:meeting",
                url_args=[str(meeting.pk)],
            )
