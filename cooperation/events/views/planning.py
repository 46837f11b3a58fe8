"""Planning an event: its facts, its programme, announcing and cancelling it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from cooperation.events.actions.planning import (
    announce,
    cancel_event,
    remove_item,
    save_event,
    save_item,
)
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.forms.event import CancelForm, EventForm, event_initial
from cooperation.events.forms.programme import ItemForm, item_initial
from cooperation.events.permissions import kept_events, readable_series
from cooperation.events.programme import days_of
from cooperation.events.views.base import KeeperMixin, Page, refused
from cooperation.models import Event, EventSeries, ProgrammeItem
from cooperation.permissions import coordinates_country, kept_organisations, readable_initiatives
from people.models import Place


class EventFormView(KeeperMixin, FormView[EventForm]):
    """Plan an event, or change one."""

    form_class = EventForm
    template_name = "cooperation/events/event_form.html"

    @cached_property
    def planned(self) -> Event | None:
        """The event that is changed; none for a new one."""
        return self.event if "event" in self.kwargs else None

    @cached_property
    def series(self) -> EventSeries | None:
        """The series whose next event it is to be."""
        asked = self.request.GET.get("serie", "")
        found = [one for one in readable_series(self.standing) if str(one.pk) == asked]
        return found[0] if found else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from."""
        return {
            **super().get_form_kwargs(),
            "hosts": self._hosts(),
            "places": Place.objects.order_by("name"),
            "series": readable_series(self.standing).order_by("title_da", "pk"),
            "initiatives": readable_initiatives(self.standing).in_order(),
        }

    def _hosts(self) -> Any:
        found = kept_organisations(self.standing).filter(ends_on__isnull=True)
        if coordinates_country(self.standing):
            found = found.filter(kind__in=["municipality", "agency"])
        if self.planned is not None:
            found |= kept_organisations(self.standing).filter(pk=self.planned.host_id)
        return found.order_by("name", "pk")

    def get_initial(self) -> dict[str, Any]:
        """The event as it is."""
        return event_initial(self.planned, self.series)

    def form_valid(self, form: EventForm) -> HttpResponse:
        """Save it, and show it."""
        key = self.planned.pk if self.planned else form.cleaned_data["key"]
        known = Event.objects.filter(pk=key).exists()
        if known and not kept_events(self.standing).filter(pk=key).exists():
            form.add_error(None, _("Open the page again."))
            return self.form_invalid(form)
        try:
            event = save_event(
                key,
                by=self.person,
                at=timezone.now(),
                seen=form.cleaned_data["seen"] if self.planned else None,
                **form.facts,
            )
        except ValidationError as refusal:
            return refused(form, refusal, draw=self.form_invalid, seen_now=self._version(key))
        messages.success(self.request, _("The event is saved."))
        return redirect(event)

    @staticmethod
    def _version(key: Any) -> int | None:
        return Event.objects.filter(pk=key).values_list("version", flat=True).first()

    def form_invalid(self, form: EventForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The event, if there is one."""
        return super().get_context_data(planned=self.planned, **kwargs)


class AnnounceView(KeeperMixin, View):
    """Let everybody see the event."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Announce it, or say why not."""
        try:
            announce(self.event, at=timezone.now())
        except EventRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The event is announced. Now you can send invitations."))
        return redirect(self.event)


class CancelEventView(KeeperMixin, FormView[CancelForm]):
    """Ask why, then cancel."""

    form_class = CancelForm
    template_name = "cooperation/events/cancel.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What cancelling means.

        Raises:
            Http404: For an event that is cancelled.
        """
        if self.event.state == Event.State.CANCELLED:
            raise Http404
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: CancelForm) -> HttpResponse:
        """Cancel it; whoever is signed up is told."""
        try:
            cancel_event(self.event, reason=form.cleaned_data["reason"], at=timezone.now())
        except EventRefused as refusal:
            return refused(form, refusal, draw=self.form_invalid)
        messages.success(self.request, _("The event is cancelled. Everybody is told."))
        return redirect(self.event)

    def form_invalid(self, form: CancelForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


# --- The programme --------------------------------------------------------------------------------


class ProgrammeView(KeeperMixin, Page):
    """The programme as it is written, day by day."""

    template_name = "cooperation/events/programme_edit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With every item, and the days that have none yet."""
        return super().get_context_data(days=days_of(self.event), **kwargs)


class ItemView(KeeperMixin, FormView[ItemForm]):
    """Put something on the programme, or change it."""

    form_class = ItemForm
    template_name = "cooperation/events/item_form.html"

    @cached_property
    def item(self) -> ProgrammeItem | None:
        """What is changed."""
        if "part" not in self.kwargs:
            return None
        return get_object_or_404(self.event.programme.all(), pk=self.kwargs["part"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """The days of the event."""
        return {**super().get_form_kwargs(), "event": self.event}

    def get_initial(self) -> dict[str, Any]:
        """It as it is."""
        return item_initial(self.event, self.item)

    def form_valid(self, form: ItemForm) -> HttpResponse:
        """Save it, or say at its field what does not hold."""
        key = self.item.pk if self.item else form.cleaned_data["key"]
        seen = form.cleaned_data["seen"] if self.item else None
        try:
            save_item(self.event, key, at=timezone.now(), seen=seen, **form.facts)
        except ValidationError as refusal:
            now = Event.objects.values_list("version", flat=True).get(pk=self.event.pk)
            return refused(form, refusal, draw=self.form_invalid, seen_now=now)
        messages.success(self.request, _("It is saved."))
        return redirect("cooperation:programme", event=self.event.pk)

    def form_invalid(self, form: ItemForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The item."""
        return super().get_context_data(item=self.item, **kwargs)


class RemoveItemView(KeeperMixin, View):
    """Take something off the programme."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not; what is gone already is gone."""
        item = get_object_or_404(self.event.programme.all(), pk=self.kwargs["part"])
        try:
            remove_item(self.event, item, at=timezone.now())
        except EventRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("It is off the programme."))
        return redirect("cooperation:programme", event=self.event.pk)
