"""What the pages of a round share: whose they are, which round, whom one can choose."""

import uuid
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin

from competences.models import Competence
from mentoring.models import Round
from mentoring.permissions import overseen_rounds
from people.access import RoleRequiredMixin
from people.models import LanguageSkill, Person, Place, Role
from people.permissions import Standing

PER_PAGE = 25


class RoundMixin(ContextMixin, RoleRequiredMixin):
    """For coordinators; a round outside the own scope is a 404."""

    required_roles = (Role.Key.COORDINATOR,)

    @cached_property
    def round(self) -> Round:
        """The round of the address."""
        return get_object_or_404(overseen_rounds(self.standing), pk=self.kwargs["round"])

    @cached_property
    def places(self) -> QuerySet[Place]:
        """The towns of the round's municipalities."""
        found = Place.objects.filter(municipality__in=self.round.municipalities.values("pk"))
        return found.order_by("name")

    @property
    def competences(self) -> QuerySet[Competence]:
        """What may be asked for and brought."""
        return Competence.objects.offered(on=self.standing.day)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The round."""
        if "round" in self.kwargs:
            kwargs["round"] = self.round
        return super().get_context_data(**kwargs)


def uuid_or_none(text: str | None) -> uuid.UUID | None:
    """The id that a form sent; None for anything else, which nothing is found by."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def mentors_of(standing: Standing) -> QuerySet[Person]:
    """The people of the own scope who are, were or will be mentors, with their languages."""
    roles = Role.objects.filter(key__in=[Role.Key.MENTOR, Role.Key.TRAVELLING])
    people = standing.people().filter(
        Q(user=None) | Q(user__is_active=True), pk__in=roles.values("person")
    )
    return people.order_by("name", "pk").prefetch_related(
        Prefetch("languages", LanguageSkill.objects.order_by("-spoken", "language"))
    )


def owners_of(standing: Standing) -> QuerySet[Person]:
    """The people of the own scope who may look after something in a place."""
    keys = [
        Role.Key.CASEWORKER,
        Role.Key.TRAVELLING,
        Role.Key.LEADER,
        Role.Key.COORDINATOR,
    ]
    roles = Role.objects.filter(Q(ends_on=None) | Q(ends_on__gt=standing.day), key__in=keys)
    return standing.people().filter(pk__in=roles.values("person")).order_by("name", "pk")
