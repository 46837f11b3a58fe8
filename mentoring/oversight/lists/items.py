"""What must be ready in a coordinator's places before mentors arrive: whose it is, and by when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentoring.models import ReadinessItem, Round
from mentoring.oversight.listing import Column, Filter, Listing, linked, tagged
from mentoring.oversight.lists.common import by_municipality, by_round, by_town, equal_to, one_of
from mentoring.permissions import coordinated_items, coordinated_needs
from people.permissions import Standing


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One thing that must be ready, and how it stands today."""

    item: ReadinessItem
    day: date

    @property
    def state(self) -> str:
        """In words."""
        if self.item.done_at is not None:
            return gettext("Done")
        return gettext("Late") if self.item.is_late(on=self.day) else gettext("To come")

    @property
    def kind(self) -> str:
        """The kind of tag that shows the state."""
        if self.item.done_at is not None:
            return "good"
        return "warm" if self.item.is_late(on=self.day) else "info"


STATES = {
    "sen": (_("Late"), lambda found, who: found.late(on=who.day)),
    "venter": (_("Not done"), lambda found, _who: found.awaited()),
    "klar": (_("Done"), lambda found, _who: found.filter(done_at__isnull=False)),
    "uden": (
        _("Nobody looks after it"),
        lambda found, _who: found.awaited().filter(owner__isnull=True),
    ),
}


class ItemListing(Listing):
    """Town, what, owner, due day, state."""

    key = "klar"
    address = "mentoring:items"
    title = _("What must be ready")
    nothing_yet = _("Nothing must be ready yet. It comes along when a town asks for mentors.")
    nothing_fits = _("Nothing fits. Choose something else.")
    search_label = _("Search by owner or by what it is")
    first_step = (_("Rounds"), "mentoring:rounds")
    begins_with = "frist"
    ties = ("need__place__name", "pk")
    filters = (
        by_municipality("need__place__"),
        by_town("need__place__"),
        one_of("tilstand", _("State"), STATES, _("All states")),
        Filter(
            "hvad",
            _("What"),
            equal_to("kind"),
            lambda _who: ReadinessItem.Kind.choices,
            _("Everything"),
        ),
        by_round(
            "need__round",
            lambda standing: Round.objects.filter(
                pk__in=coordinated_needs(standing).values("round")
            ),
        ),
    )
    columns = (
        Column(
            _("What"),
            lambda row: str(row.item),
            lambda row: linked(reverse("mentoring:need-ready", args=[row.item.need_id]), row.item),
            order="hvad",
            by=("kind", "title"),
        ),
        Column(
            _("Town"),
            lambda row: row.item.need.place.name,
            order="by",
            by=("need__place__name",),
        ),
        Column(_("Round"), lambda row: row.item.need.round.title),
        Column(
            _("Owner"),
            lambda row: row.item.owner.name if row.item.owner else "",
            order="ansvarlig",
            by=("owner__name",),
        ),
        Column(_("Due"), lambda row: row.item.due_on, order="frist", by=("due_on",)),
        Column(_("Arrival"), lambda row: row.item.need.starts_on),
        Column(
            _("State"),
            lambda row: row.state,
            lambda row: tagged(row.state, row.kind),
            order="tilstand",
            by=(F("done_at"),),
        ),
    )

    def all(self, standing: Standing) -> "QuerySet[ReadinessItem]":
        """What must be ready in the own towns."""
        return coordinated_items(standing).select_related("need__place", "need__round", "owner")

    def search(self, found: Any, words: str) -> Any:
        """Those of an owner of that name, or called so."""
        return found.filter(Q(owner__name__icontains=words) | Q(title__icontains=words))

    def complete(self, records: Sequence[ReadinessItem], standing: Standing) -> list[ItemRow]:
        """With the state of today; no query."""
        return [ItemRow(item, standing.day) for item in records]

    def logged(self, rows: Iterable[ItemRow]) -> list[Model]:
        """The items, whose owners are named."""
        return [row.item for row in rows]
