"""What mentors bring to the rounds that a coordinator plans, and where each goes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef, Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentoring.models import PairingMember, Stay, StayWindow, StayWish
from mentoring.oversight.listing import Column, Filter, Listing, linked, tagged
from mentoring.oversight.lists.common import by_form, by_profession, by_round, joined, one_of
from mentoring.permissions import overseen_rounds
from mentoring.progress import lasting
from people.permissions import Standing

Side = PairingMember.Side


@dataclass(frozen=True, slots=True)
class StayRow:
    """A stay, with the pairings of its round in which the mentor has a place."""

    stay: Stay
    places: Sequence[PairingMember]

    @property
    def windows(self) -> list[str]:
        """When the mentor can come, and in which form."""
        return [
            gettext("%(form)s, %(from)s–%(until)s")
            % {
                "form": one.get_kind_display(),
                "from": date_format(one.starts_on, "SHORT_DATE_FORMAT"),
                "until": date_format(one.last_day or one.starts_on, "SHORT_DATE_FORMAT"),
            }
            for one in self.stay.windows.all()
        ]

    @property
    def wishes(self) -> str:
        """Where the mentor would like to go, in order."""
        return joined(one.place.name for one in self.stay.wishes.all())

    @property
    def companions(self) -> str:
        """Whom the mentor travels with."""
        return joined(sorted(one.person.name for one in self.stay.travels_with.all()))

    @property
    def goes_to(self) -> str:
        """The pairings, in words."""
        return joined(one.pairing for one in self.places)


def _placed(standing: Standing) -> Any:
    """Memberships that give a mentor a place in the round of the outer stay."""
    return PairingMember.objects.filter(
        lasting(standing.day),
        side=Side.MENTOR,
        person=OuterRef("person"),
        pairing__need__round=OuterRef("round"),
    )


def _goes_to(row: StayRow) -> Any:
    if not row.places:
        return tagged(gettext("No place yet"), "warm")
    links = ((linked(one.pairing.get_absolute_url(), one.pairing),) for one in row.places)
    return format_html_join(", ", "{}", links)


class StayListing(Listing):
    """Mentor, round, windows, wishes, and where the mentor goes."""

    key = "ophold"
    address = "mentoring:stays"
    title = _("Mentors in rounds")
    nothing_yet = _("No mentor is entered in a round yet. Enter the first one in a round.")
    nothing_fits = _("No mentor fits. Choose something else.")
    search_label = _("Search by name")
    first_step = (_("Rounds"), "mentoring:rounds")
    begins_with = "-runde"
    ties = ("person__name", "pk")
    filters = (
        by_round("round", overseen_rounds),
        by_profession("profession"),
        Filter(
            "form",
            _("Form"),
            lambda found, value, _who: found.filter(
                Exists(StayWindow.objects.filter(stay=OuterRef("pk"), kind=value))
            ),
            by_form("").choices,
            _("All forms"),
        ),
        one_of(
            "sted",
            _("Place"),
            {
                "uden": (_("No place yet"), lambda found, who: found.exclude(Exists(_placed(who)))),
                "med": (_("Has a place"), lambda found, who: found.filter(Exists(_placed(who)))),
            },
            _("With and without"),
        ),
    )
    columns = (
        Column(
            _("Mentor"),
            lambda row: row.stay.person.name,
            order="navn",
            by=("person__name",),
        ),
        Column(
            _("Round"),
            lambda row: row.stay.round.title,
            lambda row: linked(row.stay.round.get_absolute_url(), row.stay.round.title),
            order="runde",
            by=("round__starts_on", "round__title"),
        ),
        Column(_("Profession"), lambda row: str(row.stay.get_profession_display())),
        Column(
            _("Can come"),
            lambda row: "; ".join(row.windows),
            lambda row: format_html_join("", "{}<br>", ((one,) for one in row.windows)),
        ),
        Column(
            _("Colleagues at most"),
            lambda row: row.stay.most_colleagues,
            order="kolleger",
            by=("most_colleagues",),
            is_number=True,
        ),
        Column(_("Travels with"), lambda row: row.companions),
        Column(_("Wishes"), lambda row: row.wishes),
        Column(_("Goes to"), lambda row: row.goes_to, _goes_to),
    )

    def all(self, standing: Standing) -> "QuerySet[Stay]":
        """The stays of the rounds that one plans."""
        found = Stay.objects.standing().filter(round__in=overseen_rounds(standing).values("pk"))
        return found.select_related("person", "round").prefetch_related(
            Prefetch("windows", StayWindow.objects.order_by("starts_on", "kind")),
            Prefetch("wishes", StayWish.objects.select_related("place").order_by("position")),
            Prefetch("travels_with", Stay.objects.select_related("person")),
        )

    def search(self, found: Any, words: str) -> Any:
        """Those of that name."""
        return found.filter(person__name__icontains=words)

    def complete(self, records: Sequence[Stay], standing: Standing) -> list[StayRow]:
        """With the places; one query."""
        places: dict[tuple[UUID, UUID], list[PairingMember]] = defaultdict(list)
        members: Any = (
            PairingMember.objects.filter(
                lasting(standing.day),
                side=Side.MENTOR,
                person__in=[stay.person_id for stay in records],
                pairing__need__round__in={stay.round_id for stay in records},
            )
            .select_related("pairing__place")
            .annotate(round_id=F("pairing__need__round"))
            .order_by("starts_on", "pk")
        )
        for member in members:
            places[member.person_id, member.round_id].append(member)
        return [StayRow(stay, places[stay.person_id, stay.round_id]) for stay in records]

    def logged(self, rows: Iterable[StayRow]) -> list[Model]:
        """The stays."""
        return [row.stay for row in rows]
