"""Where a role or a rule holds, as one field: a town, a municipality or the whole country."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models import Organisation, Place, Role

Choices = list[tuple[str | Promise, Any]]
#: Whether somebody may choose a scope: called as ``Standing.coordinates``.
Allows = Callable[..., bool]


@dataclass(frozen=True, slots=True)
class Where:
    """What was chosen, in the words of :class:`people.models.Role`."""

    scope: str
    municipality: Organisation | None = None
    place: Place | None = None


class WhereField(forms.ChoiceField):
    """Offers the scopes that somebody may choose; its value is a :class:`Where`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Where"), **kwargs)
        self._chosen: dict[str, Where] = {}

    def offer(self, allows: Allows) -> None:
        """Offer each scope that ``allows``. One query."""
        towns = Place.objects.select_related("municipality").order_by("municipality__name", "name")
        self._chosen = {}
        offers: Choices = [("", _("Choose a place"))]
        if allows(Role.Scope.COUNTRY):
            offers.append((self._key(Where(Role.Scope.COUNTRY)), _("The whole country")))
        by_municipality: dict[Organisation, list[Place]] = {}
        for town in towns:
            by_municipality.setdefault(town.municipality, []).append(town)
        for municipality, places in by_municipality.items():
            inside: Choices = []
            if allows(Role.Scope.MUNICIPALITY, municipality=municipality):
                whole = Where(Role.Scope.MUNICIPALITY, municipality=municipality)
                inside.append((self._key(whole), _("The whole municipality")))
            inside += [
                (self._key(Where(Role.Scope.TOWN, place=place)), place.name)
                for place in places
                if allows(Role.Scope.TOWN, place=place)
            ]
            if inside:
                offers.append((municipality.name, inside))
        self.choices = offers

    def _key(self, where: Where) -> str:
        of = where.municipality or where.place
        key = f"{where.scope}:{of.pk}" if of else where.scope
        self._chosen[key] = where
        return key

    def clean(self, value: Any) -> Where:
        """The scope that was chosen.

        Raises:
            ValidationError: For one that was not offered.
        """
        return self._chosen[super().clean(value)]
