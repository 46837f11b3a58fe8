"""Who takes part, for whoever holds the event: the list, what people need, who was there."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from cooperation.events.actions.afterwards import note_attendance
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.participants import (
    by_sector,
    header,
    needs_of,
    participants_of,
    rows,
    workshops_by_person,
)
from cooperation.events.views.base import HostMixin, KeeperMixin, Page
from cooperation.models import EventAttendance
from core.access_log import record
from core.spreadsheets import csv_response, xlsx_response


class ParticipantsView(HostMixin, Page):
    """Everybody who is signed up, and how many of each sector."""

    template_name = "cooperation/events/participants.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With names, so it is noted."""
        people = list(participants_of(self.event))
        workshops = workshops_by_person(self.event)
        record(self.request.user, "list", [self.event], at=timezone.now())
        return super().get_context_data(
            rows=[{"person": one, "workshops": workshops.get(one.pk, [])} for one in people],
            sectors=by_sector(people),
            seated=sum(one.seated_at is not None for one in people),
            waiting=sum(one.seated_at is None for one in people),
            **kwargs,
        )


class ParticipantsFileView(HostMixin, View):
    """The list as a table to take along."""

    http_method_names = ["get", "head"]
    respond: Callable[..., HttpResponseBase] = staticmethod(csv_response)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The file; that it was taken is noted before it leaves."""
        record(request.user, "export", self.event, at=timezone.now())
        return self.respond(_("participants"), header(), rows(self.event))


class ParticipantsBookView(ParticipantsFileView):
    """The same for Excel."""

    respond = staticmethod(xlsx_response)


class AllNeedsView(KeeperMixin, Page):
    """What participants need: lodging, travel, diet, access."""

    template_name = "cooperation/events/all_needs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With names, so each is noted."""
        needs = needs_of(self.event)
        record(self.request.user, "view", [one.participant for one in needs], at=timezone.now())
        return super().get_context_data(
            needs=needs, lodging=sum(one.lodging for one in needs), **kwargs
        )


class AttendanceView(KeeperMixin, View):
    """Tick who is there, day by day."""

    template_name = "cooperation/events/attendance.html"

    @cached_property
    def begun(self) -> list[date]:
        """The days of the event that have begun."""
        return [one for one in self.event.days if one <= self.standing.day]

    @cached_property
    def shown(self) -> date:
        """The day that is looked at: the one asked for, or the latest.

        Raises:
            Http404: Before the event has begun.
        """
        asked = self.request.GET.get("dag", "")
        try:
            chosen = parse_date(asked)
        except ValueError:
            chosen = None
        if not self.begun:
            raise Http404
        return chosen if chosen in self.begun else self.begun[-1]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Everybody with a seat, ticked or not."""
        day = self.shown
        there = set(
            EventAttendance.objects.filter(
                participant__invitation__event=self.event, held_on=day
            ).values_list("participant_id", flat=True)
        )
        people = list(participants_of(self.event).filter(seated_at__isnull=False))
        record(request.user, "list", [self.event], at=timezone.now())
        address = reverse("cooperation:event-attendance", args=[self.event.pk])
        context = self.get_context_data(
            people=[(one, one.pk in there) for one in people],
            count=len(there),
            ticked=[one.pk for one in people if one.pk in there],
            shown=day,
            links=[
                {
                    "title": one,
                    "url": f"{address}?dag={one}",
                    "is_current": one == day,
                }
                for one in self.begun
            ],
        )
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep what was ticked or not, since the page was drawn; what others ticked stays."""
        try:
            count = note_attendance(
                self.event,
                self.shown,
                _keys(request.POST.getlist("der")),
                shown=_keys(request.POST.get("var", "").split()),
                by=self.person,
                at=timezone.now(),
            )
        except EventRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            record(request.user, "change", self.event, at=timezone.now())
            said = ngettext("%(count)d was there.", "%(count)d were there.", count)
            messages.success(request, said % {"count": count})
        address = reverse("cooperation:event-attendance", args=[self.event.pk])
        return redirect(f"{address}?dag={self.shown.isoformat()}")


def _keys(words: Iterable[str]) -> set[UUID]:
    """The keys among what a browser sent."""
    found = set()
    for word in words:
        try:
            found.add(UUID(word))
        except ValueError:
            continue
    return found
