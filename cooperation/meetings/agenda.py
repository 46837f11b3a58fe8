"""What stands on an agenda: what was put there, and what the body has open.

Nobody puts the open things there. While a meeting lies ahead they are asked for each time the
agenda is shown, so that what is done meanwhile is gone and what is new is there; when the meeting
begins they are written down as items (:func:`cooperation.meetings.actions.begin`). An item that
is put off, that nobody said anything about, or whose meeting was cancelled or never held, stays
open until a later meeting takes it up: whatever happens, it is on the next agenda.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from cooperation.models import Action, AgendaItem, Body, Decision, Meeting
from cooperation.models.meeting import MeetingQuerySet


@dataclass(frozen=True, slots=True)
class OpenThings:
    """What a body has not finished."""

    items: list[AgendaItem]
    decisions: list[Decision]
    actions: list[Action]
    #: The other meeting that it stands with, where it is not told here.
    elsewhere: Meeting | None = None

    def __bool__(self) -> bool:
        return bool(self.items or self.decisions or self.actions)

    def __len__(self) -> int:
        return len(self.items) + len(self.decisions) + len(self.actions)


NOTHING = OpenThings([], [], [])


def open_things(body: Body, *, at: datetime, but: Meeting | None = None) -> OpenThings:
    """What ``body`` has open at that moment; three queries.

    Args:
        but: The meeting whose own items are no earlier ones.
    """
    items = AgendaItem.objects.filter(meeting__body=body).unsettled(at=at)
    if but is not None:
        items = items.exclude(meeting=but)
    return OpenThings(
        list(items.select_related("meeting").order_by("meeting__starts_at", "position", "pk")),
        list(body.decisions.open().order_by("decided_on", "year", "number")),
        list(body.actions.open().select_related("owner").soonest_first()),
    )


def _first_before(meeting: Meeting, *, at: datetime) -> Meeting | None:
    """The meeting of the body that takes up what is open, where another one than this comes first.

    One that has gone by without anybody holding or cancelling it keeps nothing from the next.
    """
    sooner = Meeting.objects.to_come().filter(
        body=meeting.body_id, starts_at__lt=meeting.starts_at, starts_at__gte=at
    )
    found = (sooner | _overtaking(meeting)).select_related("place")
    return found.order_by("starts_at", "pk").first()


def is_overtaken(meeting: Meeting) -> bool:
    """Whether a later meeting of the body was begun before this one: it took up what was open."""
    return _overtaking(meeting).exists()


def _overtaking(meeting: Meeting) -> MeetingQuerySet:
    return Meeting.objects.filter(
        body=meeting.body_id, starts_at__gt=meeting.starts_at, begun_at__isnull=False
    )


def carried_to(meeting: Meeting, *, at: datetime) -> OpenThings:
    """What stands on the agenda of a meeting to come by itself; four queries at most.

    Where another meeting comes first, nothing but that one, as ``elsewhere``.
    """
    if not meeting.is_to_come:
        return NOTHING
    if first := _first_before(meeting, at=at):
        return replace(NOTHING, elsewhere=first)
    return open_things(meeting.body, at=at, but=meeting)
