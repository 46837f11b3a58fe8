"""The pairings of a coordinator's towns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring.models import Pairing, PairingMember, Session
from mentoring.oversight import stuck
from mentoring.oversight.listing import Column, Filter, Listing, linked, tagged
from mentoring.oversight.lists.common import by_form, by_municipality, by_town, equal_to, joined
from mentoring.permissions import overseen_pairings
from mentoring.progress import current_members
from people.permissions import Standing

Side = PairingMember.Side
#: The kind of tag that shows each state.
TAGS = {
    Pairing.State.ACTIVE: "good",
    Pairing.State.HANDOVER: "warm",
    Pairing.State.CLOSED: "neutral",
}


@dataclass(frozen=True, slots=True)
class PairingRow:
    """A pairing with its members of today, and what was held."""

    pairing: Pairing
    members: Sequence[PairingMember]
    held: int
    open: int
    last_on: date | None

    def names(self, side: str = "") -> str:
        """Who is in it today, on one side or on both."""
        return joined(one.person.name for one in self.members if side in {"", one.side})


def _sessions(row: PairingRow) -> Any:
    if not row.held:
        return 0
    return linked(f"{reverse('mentoring:overview')}?forloeb={row.pairing.pk}", row.held)


class PairingListing(Listing):
    """Pairings with town, period, members, state, and what was held."""

    key = "forloeb"
    address = "mentoring:pairings"
    title = _("Pairings")
    nothing_yet = _("No pairings yet. Plan the first one when you know the town and the people.")
    nothing_fits = _("No pairing fits. Choose something else.")
    search_label = _("Search by the name of a member")
    first_step = (_("Plan a pairing"), "mentoring:create-pairing")
    begins_with = "-periode"
    ties = ("place__name", "pk")
    filters = (
        by_municipality("place__"),
        by_town("place__"),
        Filter(
            "tilstand",
            _("State"),
            equal_to("state"),
            lambda _who: Pairing.State.choices,
            _("All states"),
        ),
        by_form("kind"),
        Filter(
            "mangler",
            _("Stuck"),
            lambda found, value, who: found.filter(stuck.pairings_that(who.day)[value]),
            lambda _who: list(stuck.PAIRINGS.items()),
            _("Stuck or not"),
        ),
    )
    columns = (
        Column(
            _("Pairing"),
            lambda row: str(row.pairing),
            lambda row: linked(row.pairing.get_absolute_url(), row.pairing),
            order="by",
            by=("place__name", "kind"),
        ),
        Column(_("Municipality"), lambda row: row.pairing.place.municipality.name, only="file"),
        Column(
            _("First day"),
            lambda row: row.pairing.starts_on,
            order="periode",
            by=("starts_on",),
        ),
        Column(_("Last day"), lambda row: row.pairing.last_day, order="slut", by=("ends_on",)),
        Column(_("Members today"), lambda row: row.names(), only="page"),
        Column(_("Mentors"), lambda row: row.names(Side.MENTOR), only="file"),
        Column(_("Caseworkers"), lambda row: row.names(Side.CASEWORKER), only="file"),
        Column(
            _("State"),
            lambda row: str(row.pairing.get_state_display()),
            lambda row: tagged(
                row.pairing.get_state_display(), TAGS.get(row.pairing.state, "info")
            ),
            order="tilstand",
            by=("state",),
        ),
        Column(_("Sessions"), lambda row: row.held, _sessions, is_number=True),
        Column(_("Not confirmed"), lambda row: row.open, is_number=True),
        Column(_("Last session"), lambda row: row.last_on, order="sidst", by=("last_session_on",)),
    )

    def all(self, standing: Standing) -> "QuerySet[Pairing]":
        """The pairings of the own towns."""
        last = Session.objects.filter(pairing=OuterRef("pk")).order_by("-held_on")
        return (
            overseen_pairings(standing)
            .select_related("place__municipality")
            .annotate(last_session_on=Subquery(last.values("held_on")[:1]))
        )

    def search(self, found: Any, words: str) -> Any:
        """Those with a member of that name, past members as well."""
        members = PairingMember.objects.filter(
            pairing=OuterRef("pk"), person__name__icontains=words
        )
        return found.filter(Exists(members))

    def complete(self, records: Sequence[Pairing], standing: Standing) -> list[PairingRow]:
        """With members and numbers; two queries."""
        members = current_members(records, on=standing.day)
        held: dict[UUID, Any] = {
            row["pairing"]: row
            for row in Session.objects.filter(pairing__in=list(records))
            .order_by()
            .values("pairing")
            .annotate(
                count=Count("pk"),
                open=Count("pk", filter=Q(locked_at__isnull=True, erased_at__isnull=True)),
                last=Max("held_on"),
            )
        }
        nothing = {"count": 0, "open": 0, "last": None}
        return [
            PairingRow(
                pairing=pairing,
                members=members[pairing.pk],
                held=held.get(pairing.pk, nothing)["count"],
                open=held.get(pairing.pk, nothing)["open"],
                last_on=held.get(pairing.pk, nothing)["last"],
            )
            for pairing in records
        ]

    def logged(self, rows: Iterable[PairingRow]) -> list[Model]:
        """The pairings."""
        return [row.pairing for row in rows]
