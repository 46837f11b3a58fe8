"""What the pages of events share: who may open them, which event, how a refusal is said."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin

from cooperation.events.permissions import (
    answered_invitations,
    hosted_events,
    kept_events,
    opens_events,
    plans_events,
    readable_events,
    readable_invitations,
)
from cooperation.models import Event, Invitation, InvitationQuerySet
from cooperation.permissions import kept_names
from core.meanwhile import show_meanwhile
from people.access import PersonRequiredMixin, RoleRequiredMixin
from people.models import Role


class EventMixin(ContextMixin, PersonRequiredMixin):
    """An event that one may see; others are a 404."""

    def may_open(self) -> bool:
        """Whether events are open at all."""
        return opens_events(self.standing)

    @cached_property
    def event(self) -> Event:
        """The event of the address."""
        found = readable_events(self.standing).select_related("place", "host", "series")
        return get_object_or_404(found, pk=self.kwargs["event"])

    @cached_property
    def keeps(self) -> bool:
        """Whether one plans this event."""
        return (
            plans_events(self.standing)
            and kept_events(self.standing).filter(pk=self.event.pk).exists()
        )

    @cached_property
    def hosts(self) -> bool:
        """Whether one reads its lists: as who plans it, or whose municipality held it before."""
        if self.keeps:
            return True
        return plans_events(self.standing) and self.event.host_id in kept_names(self.standing)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The event, and whether one plans it."""
        if "event" in self.kwargs:
            kwargs = {"event": self.event, "keeps": self.keeps, **kwargs}
        return super().get_context_data(day=self.standing.day, **kwargs)


class KeeperMixin(RoleRequiredMixin, EventMixin):
    """For coordinators of whole municipalities; an event outside the own scope is a 404."""

    required_roles = (Role.Key.COORDINATOR,)

    def may_open(self) -> bool:
        """Whether events are planned at all."""
        return plans_events(self.standing)

    @cached_property
    def event(self) -> Event:
        """The event of the address, of the own scope."""
        found = kept_events(self.standing).select_related("place", "host", "series")
        return get_object_or_404(found, pk=self.kwargs["event"])


class HostMixin(KeeperMixin):
    """What a host reads, also of what was held under an earlier name of the own municipality."""

    @cached_property
    def event(self) -> Event:
        """The event of the address, which one holds or held."""
        found = hosted_events(self.standing).select_related("place", "host", "series")
        return get_object_or_404(found, pk=self.kwargs["event"])


class DelegationMixin(EventMixin):
    """An invitation that one answers; others are a 404."""

    def may_open(self) -> bool:
        """Open to whoever has something to answer: the rest is a matter of the query."""
        return opens_events(self.standing)

    @cached_property
    def event(self) -> Event:
        """The event of the address."""
        return self.invitation.event

    @cached_property
    def invitation(self) -> Invitation:
        """The invitation of the address."""
        return self._of_the_address(answered_invitations(self.standing))

    def _of_the_address(self, invitations: InvitationQuerySet) -> Invitation:
        found = invitations.select_related(
            "event__place", "event__host", "event__series", "organisation", "contact"
        )
        return get_object_or_404(found, pk=self.kwargs["invitation"], event=self.kwargs["event"])


class ReadDelegationMixin(DelegationMixin):
    """An invitation that one reads; others are a 404."""

    @cached_property
    def invitation(self) -> Invitation:
        """The invitation of the address."""
        return self._of_the_address(readable_invitations(self.standing))


class Page(TemplateView):
    """A page that finds what its address names by itself, and hands no bare ids to its template."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.render_to_response(self.get_context_data())


def refused(
    form: Any,
    refusal: ValidationError,
    *,
    draw: Callable[[Any], HttpResponse],
    seen_now: int | None = None,
) -> HttpResponse:
    """The page again with the words of ``refusal`` at their fields; every letter stays.

    Args:
        seen_now: The version that whoever sends once more has been told of.
    """
    if hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refusal)
    if getattr(refusal, "code", "") == "changed" and seen_now is not None:
        form.data = form.data.copy()
        form.data["seen"] = str(seen_now)
        show_meanwhile(form)
    return draw(form)
