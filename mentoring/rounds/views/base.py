"""What the pages of a round share: whose they are, which round, whom one can choose."""

import uuid
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin

from competences.models import Competence
from mentoring.models import Need, Round
from mentoring.permissions import joined_rounds, overseen_rounds, round_needs
from people.access import RoleRequiredMixin
from people.models import LanguageSkill, Person, Place, Role
from people.permissions import Standing

PER_PAGE = 25


class RoundMixin(ContextMixin, RoleRequiredMixin):
    """For coordinators; a round outside the own scope is a 404.

    A view of what places need says ``is_for_own_places``: it is also for who coordinates some of
    the round's places alone, and shows what lies there.
    """

    required_roles = (Role.Key.COORDINATOR,)
    is_for_own_places = False

    @cached_property
    def _found(self) -> tuple[Round, bool]:
        if not self.is_for_own_places:
            return get_object_or_404(overseen_rounds(self.standing), pk=self.kwargs["round"]), True
        found = get_object_or_404(joined_rounds(self.standing), pk=self.kwargs["round"])
        return found, found.is_whole

    @property
    def round(self) -> Round:
        """The round of the address."""
        return self._found[0]

    @property
    def is_whole(self) -> bool:
        """Whether all of the round's municipalities lie in the own scope."""
        return self._found[1]

    @property
    def own_needs(self) -> QuerySet[Need]:
        """What the own places need in the round."""
        return round_needs(self.standing).filter(round=self.round)

    @cached_property
    def places(self) -> QuerySet[Place]:
        """The towns of the round's municipalities that lie in the own scope."""
        found = self.standing.towns(Role.Key.COORDINATOR).filter(
            municipality__in=self.round.municipalities.values("pk")
        )
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
