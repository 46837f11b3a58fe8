"""The sessions of a coordinator's towns: who worked together, on what and how; never a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competences.models import Topic
from core.languages import human_date
from mentoring.models import Mode, Session, SessionParticipant
from mentoring.oversight import stuck
from mentoring.oversight.listing import Column, DayFilter, Filter, GivenFilter, Listing, tagged
from mentoring.oversight.lists.common import by_municipality, by_town, equal_to, joined, one_of
from mentoring.permissions import overseen_sessions
from mentoring.progress import SessionCard, cards
from people.permissions import Standing


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as a list shows it, with its steps in words."""

    card: SessionCard
    topics: tuple[str, ...]

    @property
    def session(self) -> Session:
        """The session, without its text."""
        return self.card.session


def _took_part(found: Any, value: str, _standing: Standing) -> Any:
    took_part = SessionParticipant.objects.filter(session=OuterRef("pk"), person=UUID(value))
    return found.filter(Exists(took_part))


def _state(row: SessionRow) -> Any:
    tag = tagged(row.card.state, row.card.kind)
    if row.session.erased_at is not None:
        return tag
    day = human_date(row.session.held_on)
    return format_html(
        '{}<br><a class="small" href="{}">{}<span class="visually-hidden"> {}</span></a>',
        tag,
        reverse("mentoring:erase", args=[row.session.pk]),
        gettext("Erase the text"),
        day,
    )


STATES = {
    "venter": (_("Not confirmed by all"), lambda found, _who: found.open()),
    "uge": (
        _("Not confirmed for a week"),
        lambda found, who: stuck.unconfirmed_long(found, on=who.day),
    ),
    "bekraeftet": (
        _("Confirmed"),
        lambda found, _who: found.filter(locked_at__isnull=False, erased_at__isnull=True),
    ),
    "slettet": (_("Text erased"), lambda found, _who: found.filter(erased_at__isnull=False)),
}


class SessionListing(Listing):
    """Day, minutes, who, steps, how, and whether it is confirmed."""

    key = "sessioner"
    address = "mentoring:overview"
    title = _("Sessions in the towns")
    lead = _("You see that they worked together, on what and how. What they wrote is for them.")
    nothing_yet = _("No sessions yet. They appear here when a mentor logs the first one.")
    nothing_fits = _("No session fits. Choose something else.")
    search_label = _("Search by the name of who took part")
    begins_with = "-dag"
    ties = ("-received_at", "pk")
    filters = (
        by_municipality("pairing__place__"),
        by_town("pairing__place__"),
        one_of("tilstand", _("State"), STATES, _("All states")),
        Filter("hvordan", _("How"), equal_to("mode"), lambda _who: Mode.choices, _("Every way")),
        DayFilter("fra", _("From"), equal_to("held_on__gte")),
        DayFilter("til", _("Until and including"), equal_to("held_on__lte")),
        GivenFilter("forloeb", _("One pairing"), equal_to("pairing")),
        GivenFilter("person", _("One person"), _took_part),
    )
    columns = (
        Column(_("Day"), lambda row: row.session.held_on, order="dag", by=("held_on",)),
        Column(
            _("Minutes"),
            lambda row: row.session.minutes,
            order="minutter",
            by=("minutes",),
            is_number=True,
        ),
        Column(_("Town"), lambda row: row.session.place.name, order="by", by=("place__name",)),
        Column(_("Who"), lambda row: joined(row.card.people), only="page"),
        Column(_("Mentors"), lambda row: joined(row.card.mentors), only="file"),
        Column(_("Caseworkers"), lambda row: joined(row.card.caseworkers), only="file"),
        Column(_("Worked on"), lambda row: "; ".join(row.topics)),
        Column(_("How"), lambda row: row.card.mode, order="hvordan", by=("mode",)),
        Column(_("State"), lambda row: row.card.state, _state),
    )

    def all(self, standing: Standing) -> "QuerySet[Session]":
        """The sessions of the own towns."""
        return overseen_sessions(standing).select_related("place")

    def search(self, found: Any, words: str) -> Any:
        """Those in which somebody of that name took part."""
        took_part = SessionParticipant.objects.filter(
            session=OuterRef("pk"), person__name__icontains=words
        )
        return found.filter(Exists(took_part))

    def complete(self, records: Sequence[Session], standing: Standing) -> list[SessionRow]:
        """With names and states; five queries."""
        titles = {topic.key: str(topic.title) for topic in Topic.objects.all()}
        return [
            SessionRow(card, tuple(titles.get(key, key) for key in card.session.topics))
            for card in cards(records)
        ]

    def logged(self, rows: Iterable[SessionRow]) -> list[Model]:
        """The sessions."""
        return [row.session for row in rows]
