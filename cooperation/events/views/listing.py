"""Events and series in lists."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from cooperation.events.actions.planning import save_series
from cooperation.events.forms.series import SeriesForm, series_initial
from cooperation.events.permissions import (
    answered_invitations,
    kept_events,
    kept_series,
    own_participations,
    plans_events,
    readable_events,
    readable_series,
)
from cooperation.events.views.base import EventMixin, KeeperMixin, Page, refused
from cooperation.models import Event, EventSeries
from cooperation.permissions import kept_organisations
from people.models import Organisation, Place

PER_PAGE = 20
SHOWN = 20


class EventListView(EventMixin, Page):
    """What is to come, what one is asked for, and what is over."""

    template_name = "cooperation/events/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Events to come, the next first; one page of those that are over, the latest first."""
        day = self.standing.day
        found = readable_events(self.standing).select_related("place", "host")
        over = found.over(on=day).order_by("-starts_on", "pk")
        drafts = (
            kept_events(self.standing)
            .filter(state=Event.State.DRAFT)
            .select_related("place", "host")
            if plans_events(self.standing)
            else Event.objects.none()
        )
        asked = (
            answered_invitations(self.standing)
            .unanswered()
            .filter(event__starts_on__gt=day, event__state=Event.State.OPEN)
        )
        coming = found.announced().to_come(on=day)
        own = own_participations(self.standing)
        return super().get_context_data(
            coming=list(coming.order_by("starts_on", "title_da", "pk")[:SHOWN]),
            drafts=list(drafts.order_by("starts_on", "pk")[:SHOWN]),
            asked=list(
                asked.select_related("event__place", "organisation").order_by(
                    "event__answer_by", "pk"
                )[:SHOWN]
            ),
            own={one.invitation.event_id: one for one in own.select_related("invitation")[:SHOWN]},
            page=Paginator(over, PER_PAGE).get_page(self.request.GET.get("page")),
            plans=plans_events(self.standing),
            **kwargs,
        )


class SeriesListView(EventMixin, Page):
    """Series, with their next host and day."""

    template_name = "cooperation/events/series_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All of them, the next first."""
        found = readable_series(self.standing).select_related("next_host", "next_place", "keeper")
        page = Paginator(found.order_by("next_on", "title_da", "pk"), PER_PAGE)
        return super().get_context_data(
            page=page.get_page(self.request.GET.get("page")),
            plans=plans_events(self.standing),
            **kwargs,
        )


class SeriesView(EventMixin, Page):
    """A series: the next time, and every time before."""

    template_name = "cooperation/events/series.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With its events, the latest first."""
        found = readable_series(self.standing).select_related("next_host", "next_place", "keeper")
        series = get_object_or_404(found, pk=self.kwargs["series"])
        events = readable_events(self.standing).filter(series=series)
        page = Paginator(
            events.select_related("place", "host").order_by("-starts_on", "pk"), PER_PAGE
        )
        keeps = (
            plans_events(self.standing) and kept_series(self.standing).filter(pk=series.pk).exists()
        )
        return super().get_context_data(
            series=series,
            page=page.get_page(self.request.GET.get("page")),
            keeps_series=keeps,
            **kwargs,
        )


class SeriesFormView(KeeperMixin, FormView[SeriesForm]):
    """Enter a series, or change one."""

    form_class = SeriesForm
    template_name = "cooperation/events/series_form.html"

    @cached_property
    def series(self) -> EventSeries | None:
        """The series that is changed."""
        if "series" not in self.kwargs:
            return None
        return get_object_or_404(kept_series(self.standing), pk=self.kwargs["series"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from."""
        return {
            **super().get_form_kwargs(),
            "keepers": kept_organisations(self.standing).order_by("name"),
            "organisations": hosts(),
            "places": Place.objects.order_by("name"),
        }

    def get_initial(self) -> dict[str, Any]:
        """The series as it is."""
        return series_initial(self.series)

    def form_valid(self, form: SeriesForm) -> HttpResponse:
        """Save it, and show it."""
        key = self.series.pk if self.series else form.cleaned_data["key"]
        if (
            self.series is None
            and EventSeries.objects.filter(pk=key).exists()
            and not kept_series(self.standing).filter(pk=key).exists()
        ):
            form.add_error(None, _("Open the page again."))
            return self.form_invalid(form)
        try:
            series = save_series(
                key,
                by=self.person,
                at=timezone.now(),
                seen=form.cleaned_data["seen"] if self.series else None,
                **form.facts,
            )
        except ValidationError as refusal:
            now = EventSeries.objects.filter(pk=key).values_list("version", flat=True).first()
            return refused(form, refusal, draw=self.form_invalid, seen_now=now)
        messages.success(self.request, _("The series is saved."))
        return redirect(series)

    def form_invalid(self, form: SeriesForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The series."""
        return super().get_context_data(series=self.series, **kwargs)


def hosts() -> Any:
    """The organisations that hold events and are invited: municipalities and those beside them."""
    return Organisation.objects.filter(ends_on__isnull=True).order_by("name", "pk")
