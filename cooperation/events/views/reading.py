"""An event as whoever may come reads it: what, when, and how seats are given."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from cooperation.events.calendar import calendar, workshops_of
from cooperation.events.explaining import RULE, dealings_of
from cooperation.events.permissions import own_participations, readable_invitations
from cooperation.events.programme import days_of
from cooperation.events.views.base import EventMixin, Page
from cooperation.models import EventOutput, Participant
from core.icalendar import CONTENT_TYPE


class EventView(EventMixin, Page):
    """The event: facts, programme, practical information, and what one can do here."""

    template_name = "cooperation/events/event.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the own seat and the own delegations."""
        event, day = self.event, self.standing.day
        own = own_participations(self.standing).filter(invitation__event=event).first()
        delegations = readable_invitations(self.standing).filter(event=event)
        if self.hosts:  # the host has a page of its own for all of them
            delegations = delegations.filter(contact=self.person)
        days = days_of(event)
        items = [item for one in days for item in one.items]
        return super().get_context_data(
            hosts=self.hosts,
            own=own,
            own_workshops=workshops_of(own) if own is not None else [],
            delegations=list(
                delegations.select_related("organisation").order_by("organisation__name", "role")
            ),
            days=days,
            has_programme=bool(items),
            has_workshops=any(item.capacity for item in items),
            initiatives=list(event.initiatives.order_by("number", "title_da", "pk")),
            is_open=event.takes_answers(on=day),
            is_evaluated=event.is_evaluated(on=day),
            is_over=event.is_over(on=day),
            outputs=list(EventOutput.objects.filter(event=event).order_by("written_at", "pk")),
            **kwargs,
        )


class SeatsView(EventMixin, Page):
    """How seats are given, and what each delegation got and why."""

    template_name = "cooperation/events/seats.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rule, how many ask, and every dealing; the same queries however many."""
        event = self.event
        days = days_of(event)
        workshops = [item for one in days for item in one.items if item.capacity]
        people = Participant.objects.filter(invitation__event=event)
        own = own_participations(self.standing).filter(invitation__event=event)
        return super().get_context_data(
            rule=RULE,
            dealings=dealings_of(event, workshops=workshops),
            workshops=workshops,
            seated=people.seated().count(),
            waiting=people.waiting().count(),
            mine=set(
                readable_invitations(self.standing).filter(event=event).values_list("pk", flat=True)
            )
            | set(own.values_list("invitation", flat=True)),
            keeps_seats=event.keeps_seats(on=self.standing.day),
            **kwargs,
        )


class EventFileView(EventMixin, View):
    """The event, and one's own workshops, as a file for a calendar."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The file."""
        own = own_participations(self.standing).filter(invitation__event=self.event).first()
        workshops = workshops_of(own) if own is not None else []
        method = "PUBLISH" if self.event.state != "cancelled" else "CANCEL"
        text = calendar(self.event, workshops, language=self.person.language, method=method)
        response = HttpResponse(text, content_type=CONTENT_TYPE)
        response["Content-Disposition"] = 'attachment; filename="sidemand.ics"'
        return response
