"""An organisation gets a new name, is divided, or is joined with others.

What was, stays: the old record ends and keeps its name, the new ones begin that day, and each says
what it came from. What is under way follows: who works there, roles for the municipality, towns;
and by :data:`people.signals.organisations_changed` what other apps keep for an organisation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.periods import local_day
from people.actions.organisations import create_organisation
from people.actions.roles import sync_groups_of
from people.actions.shared import PeopleRefused, log
from people.models import Affiliation, Belonging, Organisation, Place, Role
from people.permissions import Standing
from people.signals import organisations_changed


@dataclass(frozen=True, slots=True)
class New:
    """What comes after: its name, and the towns it gets. The first of several is the main heir."""

    name: str
    towns: Sequence[Place] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of what, on which day; whoever hears of it moves what is under way."""

    on: date
    old: list[Organisation]
    new: list[Organisation]
    towns: Mapping[UUID, Organisation] = field(default_factory=dict)

    @property
    def main(self) -> Organisation:
        """The one that takes over what belongs to no town."""
        return self.new[0]

    def heir(self, place_id: UUID | None) -> Organisation:
        """The one that takes over what belongs to a town."""
        return self.towns.get(place_id, self.main) if place_id is not None else self.main

    @property
    def is_new_name(self) -> bool:
        """Whether one has come after one: the same under another name."""
        return len(self.old) == len(self.new) == 1

    def is_old(self, organisation_id: UUID) -> bool:
        """Whether that one has ended by it."""
        return organisation_id in {one.pk for one in self.old}


@transaction.atomic
def change_organisations(
    old: Iterable[Organisation], new: Sequence[New], *, on: date, by: Standing, at: datetime
) -> Change:
    """Let ``new`` come after ``old`` from the day ``on``: one for one is a new name.

    Raises:
        PermissionDenied: If ``by`` does not look after organisations.
        PeopleRefused: With code "over" if one of them has ended, "kinds" if they are of several
            kinds, "future" for a day to come, "period" for a day before one began, "towns" if a
            town would belong nowhere or twice, "taken" if another bears one of the names.
    """
    if not by.manages_organisations:
        raise PermissionDenied
    keys = [one.pk for one in old]
    ending = list(
        Organisation.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("key")
    )
    _refuse_what_cannot_be(ending, new, on=on, at=at)
    towns = list(Place.objects.select_for_update(no_key=True).filter(municipality__in=ending))
    moved = {town.pk: number for number, one in enumerate(new) for town in one.towns}
    if len(new) == 1:
        moved = {town.pk: 0 for town in towns}
    elif set(moved) != {town.pk for town in towns} or len(moved) != sum(
        len(one.towns) for one in new
    ):
        raise PeopleRefused(_("Each town belongs to one of the new ones."), code="towns")
    for one in ending:
        one.ends_on = on
        one.full_clean()
        one.save(update_fields=["ends_on"])
    kind = ending[0].kind
    begun = [create_organisation(by, kind=kind, name=one.name, starts_on=on, at=at) for one in new]
    for one in ending:
        one.successors.add(*begun)
    change = Change(on, ending, begun, {key: begun[number] for key, number in moved.items()})
    for town in towns:
        _move_town(town, change)
    _move_affiliations(change)
    _move_roles(change, by=by, at=at)
    log(by, "change", [*ending, *begun], at=at)
    organisations_changed.send(Organisation, change=change, at=at)
    return change


def _refuse_what_cannot_be(
    old: Sequence[Organisation], new: Sequence[New], *, on: date, at: datetime
) -> None:
    if not old or not new:
        raise PeopleRefused(_("Write what it is called from then on."), code="empty")
    if any(one.ends_on is not None for one in old):
        raise PeopleRefused(_("It has ended already."), code="over")
    if len({one.kind for one in old}) > 1:
        raise PeopleRefused(_("Only organisations of one kind are joined."), code="kinds")
    if len(old) > 1 and len(new) > 1:
        raise PeopleRefused(_("Join them first, and divide after that."), code="kinds")
    if on > local_day(at):
        raise PeopleRefused(_("Write it on the day it happens, or after."), code="future")
    if any(on <= one.starts_on for one in old):
        raise PeopleRefused(_("It had not begun then. Choose a later day."), code="period")


def _move_town(town: Place, change: Change) -> None:
    """Where it belongs from that day on; what was counted before stays where it was."""
    heir = change.heir(town.pk)
    kept = town.belongings.filter(ends_on__isnull=True)
    if not kept.exists():
        town.belongings.create(
            municipality=town.municipality, starts_on=town.municipality.starts_on, ends_on=change.on
        )
    kept.update(ends_on=change.on)
    Belonging.objects.create(place=town, municipality=heir, starts_on=change.on)
    town.municipality = heir
    town.save(update_fields=["municipality"])


def _move_affiliations(change: Change) -> None:
    """Who works there works at the heir of their town."""
    going_on = Affiliation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=change.on), organisation__in=change.old
    )
    for one in list(going_on):
        heir, ends_on = change.heir(one.place_id), one.ends_on
        if one.starts_on >= change.on:  # it had not begun: it begins at the heir
            one.organisation = heir
            one.save(update_fields=["organisation"])
            continue
        one.ends_on = change.on
        one.save(update_fields=["ends_on"])
        Affiliation.objects.create(
            person_id=one.person_id,
            organisation=heir,
            place_id=one.place_id,
            profession=one.profession,
            starts_on=change.on,
            ends_on=ends_on,
        )


def _move_roles(change: Change, *, by: Standing, at: datetime) -> None:
    """A role for the old municipality is one for each of the new ones.

    Nobody sees less or more than the day before: the towns are the same. It is done in the rows
    themselves, and noted: whoever changes organisations need not be able to give each role.
    """
    going_on = Role.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=change.on), municipality__in=change.old
    ).select_related("person")
    for role in list(going_on):
        starts_on = max(role.starts_on, change.on)
        for heir in change.new:
            same = role.person.roles.filter(
                Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on),
                key=role.key,
                scope=role.scope,
                municipality=heir,
            )
            if same.exists():  # two that were joined
                continue
            Role.objects.create(
                person=role.person,
                key=role.key,
                scope=role.scope,
                municipality=heir,
                starts_on=starts_on,
                ends_on=role.ends_on,
                given_by=by.person,
                given_at=at,
            )
        role.ends_on = max(change.on, role.starts_on)
        role.save(update_fields=["ends_on"])
        sync_groups_of(role.person, at=at)
