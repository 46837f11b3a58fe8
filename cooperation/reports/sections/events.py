"""Seminars and conferences: held, and who came."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.models import Event, EventAttendance, EventQuerySet, Participant
from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import Figure, Section
from core.spreadsheets import Cell


def serving(events: EventQuerySet, frame: Frame) -> EventQuerySet:
    """Those that serve the initiative of the report; all of them in any other."""
    return events if frame.initiative is None else events.filter(initiatives=frame.initiative)


class Events(Section):
    """Events that ended in the half-year: where they were held, and whom a municipality sent.

    In the report of an initiative those that serve it. What participants said is a section of its
    own (:mod:`cooperation.reports.sections.evaluations`).
    """

    key = "events"
    title = _("Seminars and conferences")
    note = _("Held in the towns of the municipality; participants are those it has sent.")

    def held(self, frame: Frame) -> EventQuerySet:
        """Those whose last day lies in the half-year."""
        half = frame.half
        ended = Event.objects.standing().filter(
            ends_on__gt=half.starts_on, ends_on__lte=half.ends_on
        )
        return serving(ended, frame)

    def participants(self, frame: Frame) -> "QuerySet[Any]":
        """Those with a seat in one of them, whom a municipality of the report has sent."""
        return Participant.objects.seated().filter(
            frame.within("invitation__organisation"),
            invitation__event__in=self.held(frame).values("pk"),
        )

    def conditions(self) -> dict[str, tuple[Any, Q]]:
        """The figures about participants: label and condition by key."""
        came = EventAttendance.objects.filter(participant=OuterRef("pk"))
        return {
            "seated": (_("Participants with a seat"), Q()),
            "came": (_("came"), Q(Exists(came))),
            "evaluated": (_("answered the evaluation"), Q(evaluated_on__isnull=False)),
        }

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """Events, then participants; two queries."""
        held = (
            self.held(frame)
            .filter(frame.within("place__municipality"))
            .order_by()
            .values_list("place__municipality")
            .annotate(number=Count("pk"))
        )
        conditions = self.conditions()
        counted = list(
            self.participants(frame)
            .order_by()
            .values_list("invitation__organisation")
            .annotate(
                **{f"n_{key}": Count("pk", filter=one) for key, (_label, one) in conditions.items()}
            )
        )
        figures = [Figure("held", _("Events held"), frame.by_column(held))]
        for place, (key, (label, _condition)) in enumerate(conditions.items(), start=1):
            numbers = frame.by_column((row[0], row[place]) for row in counted)
            figures.append(Figure(key, label, numbers, of="" if key == "seated" else "seated"))
        return figures

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """Events, or participants."""
        if figure == "held":
            there = self.held(frame).filter(frame.within("place__municipality"))
            return there.select_related("place").order_by("starts_on", "pk")
        conditions = self.conditions()
        if figure not in conditions:
            return None
        found = self.participants(frame).filter(conditions[figure][1])
        return found.select_related("invitation__event", "invitation__organisation").order_by(
            "invitation__event__starts_on", "name", "pk"
        )

    def header(self) -> Sequence[Any]:
        """What or who, where from, when."""
        return [_("Event"), _("From"), _("Name"), _("Date")]

    def cells(self, rows: Iterable[Any]) -> Iterable[Sequence[Cell]]:
        """An event, or a participant, each."""
        for row in rows:
            if isinstance(row, Event):
                yield [str(row.title), str(row.place), "", row.starts_on]
            else:
                event, sender = row.invitation.event, row.invitation.organisation
                yield [str(event.title), str(sender), row.name, event.starts_on]
