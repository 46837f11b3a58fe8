"""The people of a coordinator's pairings: with whom, where, and what was held last."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.languages import human_date
from core.periods import local_day, valid_on
from mentoring.models import PairingMember, PairingMemberQuerySet, SessionParticipant
from mentoring.oversight import stuck
from mentoring.oversight.listing import Column, Filter, Listing, linked
from mentoring.oversight.lists.common import by_municipality, by_town, joined, one_of
from mentoring.permissions import overseen_devices, overseen_pairings, overseen_sessions
from people.models import Person
from people.permissions import Standing

Side = PairingMember.Side


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in the pairings of the own towns; ``is_looked_after``: their page may be opened."""

    person: Person
    memberships: Sequence[PairingMember]
    held: int
    last_on: date | None
    unconfirmed: int
    unsent: int
    unsent_since: date | None
    is_looked_after: bool

    @property
    def sides(self) -> str:
        """On which side, in words."""
        return joined(dict.fromkeys(str(one.get_side_display()) for one in self.memberships))

    @property
    def towns(self) -> str:
        """In which towns."""
        return joined(dict.fromkeys(one.pairing.place.name for one in self.memberships))


def _members(standing: Standing) -> PairingMemberQuerySet:
    """The memberships of today, in pairings of the own towns."""
    pairings = overseen_pairings(standing).values("pk")
    return PairingMember.objects.filter(valid_on(standing.day), pairing__in=pairings)


def _member_where(path: str) -> Any:
    def narrow(found: Any, value: str, standing: Standing) -> Any:
        members = _members(standing).filter(person=OuterRef("pk"), **{path: value})
        return found.filter(Exists(members))

    return narrow


def _by_town(made: Filter, path: str) -> Filter:
    return Filter(made.name, made.label, _member_where(path), made.choices, made.everything)


def _silent(found: Any, standing: Standing) -> Any:
    silent = overseen_pairings(standing).filter(stuck.pairings_that(standing.day)[stuck.SILENT])
    members = _members(standing).filter(person=OuterRef("pk"), pairing__in=silent.values("pk"))
    return found.filter(Exists(members))


def _waiting(found: Any, standing: Standing) -> Any:
    waiting = stuck.waiting_people(overseen_sessions(standing), on=standing.day)
    return found.filter(pk__in=waiting.values("person"))


def _not_sent(found: Any, standing: Standing) -> Any:
    waiting = overseen_devices(standing).with_unsent()
    return found.filter(pk__in=waiting.values("owner"))


def _unsent(row: PersonRow) -> Any:
    if not row.unsent or row.unsent_since is None:
        return row.unsent
    said = {"count": row.unsent, "day": human_date(row.unsent_since)}
    return _("%(count)d since %(day)s") % said


def _unconfirmed(row: PersonRow) -> Any:
    if not row.unconfirmed:
        return 0
    url = f"{reverse('mentoring:overview')}?tilstand=venter&person={row.person.pk}"
    return linked(url, row.unconfirmed)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else local_day(moment)


class PersonListing(Listing):
    """Name, side, towns, and what was held."""

    key = "personer"
    address = "mentoring:members"
    title = _("People in pairings")
    nothing_yet = _("Nobody is in a pairing yet. They appear here when you plan the first one.")
    nothing_fits = _("Nobody fits. Choose something else.")
    search_label = _("Search by name")
    begins_with = "navn"
    filters = (
        _by_town(by_municipality(""), "pairing__place__municipality__key"),
        _by_town(by_town(""), "pairing__place__key"),
        Filter(
            "side", _("Side"), _member_where("side"), lambda _who: Side.choices, _("Both sides")
        ),
        one_of(
            "mangler",
            _("Stuck"),
            {
                "ubekraeftet": (_("Has not confirmed for a week"), _waiting),
                "stille": (_("No session for 14 days"), _silent),
                "ikke-sendt": (_("Something that is not sent"), _not_sent),
            },
            _("Stuck or not"),
        ),
    )
    columns = (
        Column(
            _("Name"),
            lambda row: row.person.name,
            lambda row: (
                linked(reverse("people:person", args=[row.person.pk]), row.person.name)
                if row.is_looked_after
                else row.person.name
            ),
            order="navn",
            by=("name",),
        ),
        Column(_("Side"), lambda row: row.sides),
        Column(_("Towns"), lambda row: row.towns),
        Column(
            _("Sessions"),
            lambda row: row.held,
            lambda row: (
                linked(f"{reverse('mentoring:overview')}?person={row.person.pk}", row.held)
                if row.held
                else 0
            ),
            is_number=True,
        ),
        Column(_("Last session"), lambda row: row.last_on),
        Column(_("Not confirmed"), lambda row: row.unconfirmed, _unconfirmed, is_number=True),
        Column(_("Not sent"), lambda row: row.unsent, _unsent, is_number=True),
        Column(_("Not sent since"), lambda row: row.unsent_since, only="file"),
    )

    def all(self, standing: Standing) -> "QuerySet[Person]":
        """Whoever is in one of the pairings today, or has left with something that is not sent."""
        here = Q(pk__in=_members(standing).values("person"))
        waiting = overseen_devices(standing).with_unsent()
        return Person.objects.filter(here | Q(pk__in=waiting.values("owner")))

    def search(self, found: Any, words: str) -> Any:
        """Those of that name."""
        return found.filter(name__icontains=words)

    def complete(self, records: Sequence[Person], standing: Standing) -> list[PersonRow]:
        """With pairings and numbers, of the own towns alone; five queries."""
        people = list(records)
        memberships: dict[UUID, list[PairingMember]] = defaultdict(list)
        for member in (
            _members(standing)
            .filter(person__in=people)
            .select_related("pairing__place")
            .order_by("-side", "pairing__place__name", "pk")
        ):
            memberships[member.person_id].append(member)
        took_part = SessionParticipant.objects.filter(
            person__in=people, session__in=overseen_sessions(standing)
        ).order_by()
        held: dict[UUID, Any] = {
            row["person"]: row
            for row in took_part.values("person").annotate(
                count=Count("pk"), last=Max("session__held_on")
            )
        }
        waiting = dict(
            SessionParticipant.objects.unconfirmed()
            .filter(person__in=people, session__in=overseen_sessions(standing))
            .order_by()
            .values_list("person")
            .annotate(count=Count("pk"))
        )
        unsent = {
            row["owner_id"]: row
            for row in stuck.unsent(overseen_devices(standing).filter(owner__in=people))
        }
        # Whoever works in the country as a whole has a page that no town's coordinator opens.
        known = set(
            standing.people().filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True)
        )
        nothing = {"count": 0, "last": None, "since": None}
        return [
            PersonRow(
                person=person,
                memberships=memberships[person.pk],
                held=held.get(person.pk, nothing)["count"],
                last_on=held.get(person.pk, nothing)["last"],
                unconfirmed=waiting.get(person.pk, 0),
                unsent=unsent.get(person.pk, nothing)["count"],
                unsent_since=_day(unsent.get(person.pk, nothing)["since"]),
                is_looked_after=person.pk in known,
            )
            for person in people
        ]

    def logged(self, rows: Iterable[PersonRow]) -> list[Model]:
        """The people."""
        return [row.person for row in rows]
