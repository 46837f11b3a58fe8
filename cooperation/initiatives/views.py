"""Initiatives as everybody in the programme reads them."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.models import IndicatorValue, Initiative
from cooperation.permissions import readable_bodies, readable_initiatives


class InitiativeListView(TakesPartMixin, TemplateView):
    """All of them: those under way, and those that have ended."""

    template_name = "cooperation/initiatives/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the owner and what was last said of each; one query."""
        day = self.standing.day
        found = readable_initiatives(self.standing).with_status().select_related("owner").in_order()
        under_way, others = [], []
        for one in found:
            (under_way if one.is_valid_on(day) else others).append(one)
        return super().get_context_data(under_way=under_way, others=others, **kwargs)


class InitiativeView(TakesPartMixin, TemplateView):
    """One initiative: who takes part, its goals, how it came along, and what serves it."""

    template_name = "cooperation/initiatives/initiative.html"

    @cached_property
    def initiative(self) -> Initiative:
        """The initiative of the address."""
        found = readable_initiatives(self.standing).with_status().select_related("owner")
        return get_object_or_404(found, pk=self.kwargs["initiative"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same number of queries however much serves it."""
        one = self.initiative
        values = IndicatorValue.objects.order_by("measured_on")
        return super().get_context_data(
            initiative=one,
            tags=list(one.tags.order_by("number")),
            organisations=list(one.organisations.order_by("name")),
            places=list(one.places.order_by("name")),
            goals=list(
                one.goals.prefetch_related(Prefetch("values", values)).order_by("position", "pk")
            ),
            updates=list(
                one.updates.published()
                .select_related("written_by")
                .order_by("-said_on", "-written_at", "-pk")
            ),
            rounds=list(one.linked_rounds().order_by("-starts_on", "title", "pk")),
            courses=list(one.courses.order_by("title_da")),
            bodies=list(
                readable_bodies(self.standing).filter(initiatives=one).order_by("name_da", "pk")
            ),
            **kwargs,
        )
