"""What the places of a coordinator need, in all rounds; how much of it is covered and ready."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.spreadsheets import Cell
from mentoring.models import Need, ReadinessItem, Round
from mentoring.oversight import stuck
from mentoring.oversight.listing import Column, Listing, linked, tagged
from mentoring.oversight.lists.common import (
    by_form,
    by_municipality,
    by_profession,
    by_round,
    by_town,
    joined,
    one_of,
)
from mentoring.permissions import coordinated_needs
from people.permissions import Standing


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need with its seats, and what is ready."""

    need: Any  # a Need with ``mentors`` and ``seats_left``
    items: int
    done: int
    late: int

    @property
    def languages(self) -> str:
        """The languages asked for, and how well."""
        return joined(
            f"{one.get_language_display()} ({one.get_level_display()})"
            for one in sorted(self.need.languages.all(), key=lambda one: one.language)
        )

    @property
    def covered(self) -> str:
        """How many seats have a mentor, of how many."""
        return gettext("%(mentors)d of %(seats)d") % {
            "mentors": self.need.mentors,
            "seats": self.need.seats,
        }

    @property
    def ready(self) -> str:
        """How much is ready, of how much."""
        return gettext("%(done)d of %(all)d") % {"done": self.done, "all": self.items}


def _round(row: NeedRow) -> Any:
    return linked(row.need.round.get_absolute_url(), row.need.round.title)


def _ready(row: NeedRow) -> Any:
    if row.late:
        said = gettext("%(done)s, %(late)d late") % {"done": row.ready, "late": row.late}
        return tagged(said, "warm")
    return tagged(row.ready, "good" if row.items == row.done else "info")


def _covered(row: NeedRow) -> Any:
    return tagged(row.covered, "good" if row.need.seats_left <= 0 else "warm")


def _day(of: str) -> Any:
    def read(row: NeedRow) -> Cell:
        found: Cell = getattr(row.need, of)
        return found

    return read


class NeedListing(Listing):
    """Town, form, period, seats covered, what is ready."""

    key = "behov"
    address = "mentoring:needs"
    title = _("Needs")
    nothing_yet = _("No town has asked for mentors yet. Enter what it needs in a round.")
    nothing_fits = _("No need fits. Choose something else.")
    search_label = _("Search by the name of the local owner")
    first_step = (_("Rounds"), "mentoring:rounds")
    begins_with = "ankomst"
    ties = ("place__name", "pk")
    filters = (
        by_municipality("place__"),
        by_town("place__"),
        by_form("kind"),
        by_profession("profession"),
        by_round(
            "round",
            lambda standing: Round.objects.filter(
                pk__in=coordinated_needs(standing).values("round")
            ),
        ),
        one_of(
            "mangler",
            _("Stuck"),
            {
                "udaekket": (
                    _("A seat without a mentor"),
                    lambda found, who: found.filter(
                        pk__in=stuck.uncovered(coordinated_needs(who), on=who.day).values("pk")
                    ),
                ),
                "sen": (
                    _("Something is late"),
                    lambda found, who: found.filter(
                        pk__in=ReadinessItem.objects.late(on=who.day).values("need")
                    ),
                ),
            },
            _("Stuck or not"),
        ),
    )
    columns = (
        Column(
            _("Need"),
            lambda row: str(row.need),
            lambda row: linked(reverse("mentoring:need-ready", args=[row.need.pk]), row.need),
            order="by",
            by=("place__name", "kind"),
        ),
        Column(_("Municipality"), lambda row: row.need.place.municipality.name, only="file"),
        Column(_("Round"), lambda row: row.need.round.title, _round),
        Column(
            _("Profession"),
            lambda row: str(row.need.get_profession_display()) if row.need.profession else "",
        ),
        Column(_("Arrival"), _day("starts_on"), order="ankomst", by=("starts_on",)),
        Column(_("Last day"), _day("last_day"), order="slut", by=("ends_on",)),
        Column(_("Seats"), lambda row: row.need.seats, only="file"),
        Column(
            _("Covered"),
            lambda row: row.need.mentors,
            _covered,
            order="mangler",
            by=("seats_left",),
        ),
        Column(_("Languages"), lambda row: row.languages, only="file"),
        Column(
            _("Interpreter"),
            lambda row: gettext("Yes") if row.need.has_interpreter else gettext("No"),
            only="file",
        ),
        Column(_("Local owner"), lambda row: row.need.owner.name if row.need.owner else ""),
        Column(_("Ready"), lambda row: row.ready, _ready),
        Column(_("Late"), lambda row: row.late, only="file"),
    )

    def all(self, standing: Standing) -> "QuerySet[Need]":
        """The needs of the own towns, with their seats."""
        found = stuck.with_seats_left(coordinated_needs(standing), on=standing.day)
        return found.select_related("place__municipality", "round", "owner").prefetch_related(
            "languages"
        )

    def search(self, found: Any, words: str) -> Any:
        """Those that somebody of that name looks after."""
        return found.filter(owner__name__icontains=words)

    def complete(self, records: Sequence[Any], standing: Standing) -> list[NeedRow]:
        """With what is ready; one query."""
        items: dict[UUID, Any] = {
            row["need"]: row
            for row in ReadinessItem.objects.filter(need__in=list(records))
            .order_by()
            .values("need")
            .annotate(
                all=Count("pk"),
                done=Count("pk", filter=Q(done_at__isnull=False)),
                late=Count("pk", filter=Q(done_at__isnull=True, due_on__lt=standing.day)),
            )
        }
        nothing = {"all": 0, "done": 0, "late": 0}
        return [
            NeedRow(
                need=need,
                items=items.get(need.pk, nothing)["all"],
                done=items.get(need.pk, nothing)["done"],
                late=items.get(need.pk, nothing)["late"],
            )
            for need in records
        ]

    def logged(self, rows: Iterable[NeedRow]) -> list[Model]:
        """The needs, whose owners are named."""
        return [row.need for row in rows]
