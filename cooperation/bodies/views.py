"""Bodies as their members and keepers read them."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.models import Body
from cooperation.permissions import kept_bodies, readable_bodies
from core.access_log import record


class BodyListView(TakesPartMixin, TemplateView):
    """The bodies in which one sits, and those one looks after."""

    template_name = "cooperation/bodies/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that meet now, and those that do no more; one query."""
        day = self.standing.day
        found = readable_bodies(self.standing).select_related("keeper")
        meeting, others = [], []
        for one in found.order_by("kind", "name_da", "pk"):
            (meeting if one.is_valid_on(day) else others).append(one)
        return super().get_context_data(meeting=meeting, others=others, **kwargs)


class BodyMixin(TakesPartMixin):
    """A body that one reads; others are a 404."""

    @cached_property
    def body(self) -> Body:
        """The body of the address."""
        found = readable_bodies(self.standing).select_related("keeper")
        return get_object_or_404(found, pk=self.kwargs["body"])

    @cached_property
    def keeps(self) -> bool:
        """Whether one writes its members."""
        return kept_bodies(self.standing).filter(pk=self.body.pk).exists()


class BodyView(BodyMixin, TemplateView):
    """One body: what it is for, and who sits in it."""

    template_name = "cooperation/bodies/body.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the members of today; that others' names were shown is noted."""
        body, day = self.body, self.standing.day
        members = list(
            body.members.valid_on(day)
            .select_related("person", "organisation")
            .order_by("organisation__name", "person__name", "pk")
        )
        record(self.request.user, "view", body, at=timezone.now())
        return super().get_context_data(
            body=body,
            members=members,
            places=list(body.places.order_by("name")),
            initiatives=list(body.initiatives.order_by("number", "title_da", "pk")),
            **kwargs,
        )
