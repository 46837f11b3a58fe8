"""What the half-year report says of events: which were held, who was there, how it was."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from competences.overview import AT_LEAST
from cooperation.models import EvaluationAnswer, Event, EventAttendance, Participant
from cooperation.reports.frame import Frame
from cooperation.reports.sections.decisions import Whole
from core.spreadsheets import Cell


class Events(Whole):
    """The events whose last day lies in the half-year."""

    key = "events"
    title = _("Seminars and conferences")
    note = _("Those that ended in the half-year. An average is of at least five answers.")

    def all(self, frame: Frame) -> "QuerySet[Any]":
        """Those of a municipality: that it held, or was in with a delegation."""
        half = frame.half
        found = Event.objects.announced().filter(
            ends_on__gt=half.starts_on, ends_on__lte=half.ends_on
        )
        if frame.municipality is not None:
            there = Participant.objects.seated().filter(
                invitation__event=OuterRef("pk"), invitation__organisation__in=frame.municipality
            )
            found = found.filter(Q(host__in=frame.municipality) | Exists(there))
        if frame.initiative is not None:
            found = found.filter(initiatives=frame.initiative)
        return found.select_related("host", "place").order_by("starts_on", "title_da", "pk")

    def conditions(self, frame: Frame) -> dict[str, tuple[Any, Q]]:
        """Held, evaluated by enough to tell, cancelled."""
        held = Q(state=Event.State.OPEN)
        return {
            "held": (_("Held"), held),
            "evaluated": (
                _("With an evaluation that can be shown"),
                held & Q(pk__in=_told().values("question__event")),
            ),
            "cancelled": (_("Cancelled"), Q(state=Event.State.CANCELLED)),
        }

    def header(self) -> Sequence[Any]:
        """Which, whose, where, when, how many, how it was."""
        return [
            _("Event"),
            _("Host"),
            _("Town"),
            _("First day"),
            _("With a seat"),
            _("Average of the evaluation, of 5"),
        ]

    def cells(self, rows: Iterable[Event]) -> Iterable[Sequence[Cell]]:
        """An event each; three queries."""
        events = list(rows)
        seated = Participant.objects.seated().filter(invitation__event__in=events)
        counts = dict(seated.values_list("invitation__event").annotate(Count("pk")).order_by())
        told = _told().filter(question__event__in=events)
        averages = dict(told.values_list("question__event", "average"))
        for event in events:
            average = averages.get(event.pk)
            yield [
                str(event.title),
                event.host.name,
                event.place.name,
                event.starts_on,
                counts.get(event.pk, 0),
                None if average is None else number_format(average, 1),
            ]


class Participants(Whole):
    """Who was at the events of the half-year."""

    key = "participants"
    title = _("Participants of seminars")
    note = _("Of the events that ended in the half-year; of a municipality those it sent.")

    def all(self, frame: Frame) -> "QuerySet[Any]":
        """Everybody on a list of an event that was held."""
        half = frame.half
        found = Participant.objects.signed_up().filter(
            invitation__event__state=Event.State.OPEN,
            invitation__event__ends_on__gt=half.starts_on,
            invitation__event__ends_on__lte=half.ends_on,
        )
        if frame.municipality is not None:
            found = found.filter(invitation__organisation__in=frame.municipality)
        if frame.initiative is not None:
            found = found.filter(invitation__event__initiatives=frame.initiative)
        return found.select_related("invitation__event", "invitation__organisation").order_by(
            "invitation__event__starts_on", "invitation__organisation__name", "position", "pk"
        )

    def conditions(self, frame: Frame) -> dict[str, tuple[Any, Q]]:
        """With a seat, there on a day at least, left waiting."""
        there = EventAttendance.objects.values("participant")
        return {
            "seated": (_("With a seat"), Q(seated_at__isnull=False)),
            "attended": (_("There on at least one day"), Q(pk__in=there)),
            "waited": (_("Left on the waiting list"), Q(seated_at__isnull=True)),
        }

    def header(self) -> Sequence[Any]:
        """Who, for whom, where."""
        return [_("Name"), _("Organisation"), _("Sector"), _("Event")]

    def cells(self, rows: Iterable[Participant]) -> Iterable[Sequence[Cell]]:
        """A participant each."""
        for row in rows:
            invitation = row.invitation
            yield [
                row.name,
                invitation.organisation.name,
                row.get_sector_display(),
                str(invitation.event.title),
            ]


def _told() -> "QuerySet[Any, Any]":
    """By event the ``average`` of what was answered on the scale, where five or more answered."""
    answered = EvaluationAnswer.objects.filter(score__isnull=False)
    most = (
        answered.filter(question__event=OuterRef("question__event"))
        .order_by()
        .values("question")
        .annotate(count=Count("pk"))
        .order_by("-count")
        .values("count")[:1]
    )
    return (
        answered.annotate(sheets=Subquery(most))
        .filter(sheets__gte=AT_LEAST)
        .order_by()
        .values("question__event")
        .annotate(average=Avg("score"))
    )
