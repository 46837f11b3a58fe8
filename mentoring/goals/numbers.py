"""How skills move in a group: for leaders and coordinators, never fewer than five people.

Each number counts people, as a share of a group that is itself shown. Both those who have moved
and those who have not are five or none, so that neither can be computed from the other; and there
is one group for each standing, never a part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import FirstValue
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competences.models import CompetenceText, Framework, Level, Rating
from competences.overview import (
    Some,
    counted_people,
    frameworks_to_count,
    texts_in_force,
)
from core.small_groups import FEWEST_TO_SHOW
from mentoring.goals.movement import MODES
from mentoring.models import (
    Mode,
    Observed,
    PairingMember,
    Session,
    SessionCompetence,
    SessionParticipant,
)
from people.models import Person
from people.permissions import Standing

Side = PairingMember.Side
RATED, FURTHER = _("Rated themselves more than once"), _("of these, further on now")
SEEN, CLOSER = _("Seen by a mentor more than once"), _("of these, more completely now")
COLUMNS = (RATED, FURTHER, SEEN, CLOSER)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group something is known of, and how many of these have moved on.

    The second is not counted where the first is not shown as a number.
    """

    known: Some
    moved: Some | None

    @classmethod
    def of(
        cls, labels: "tuple[str | Promise, str | Promise]", known: int, moved: int, people: int
    ) -> "Share":
        """The share as it may be told."""
        first = Some(labels[0], known, people)
        is_told = not first.is_few and not first.is_nearly_all
        return cls(first, Some(labels[1], moved, known) if is_told and known else None)


@dataclass(frozen=True, slots=True)
class Moved:
    """One competence: what the group says of itself, and what mentors saw."""

    text: CompetenceText
    said: Share
    seen: Share

    @property
    def cells(self) -> "list[tuple[str | Promise, Some | None]]":
        """What the table tells, column by column."""
        told = [self.said.known, self.said.moved, self.seen.known, self.seen.moved]
        return list(zip(COLUMNS, told, strict=True))


@dataclass(frozen=True, slots=True)
class GroupSkills:
    """The skills of everybody in the scope of one reader."""

    frameworks: Sequence[Framework]
    framework: Framework
    people: int
    rows: Sequence[Moved]
    led: Share

    @property
    def labels(self) -> "Sequence[str | Promise]":
        """The columns beside the competence."""
        return COLUMNS

    @property
    def is_shown(self) -> bool:
        """Whether there are enough people to speak of at all."""
        return self.people >= FEWEST_TO_SHOW


def group_skills(standing: Standing, *, key: str = "") -> GroupSkills | None:
    """What the people in the own scope have moved; none without a framework.

    A constant number of queries, whatever the number of people and sessions.
    """
    found = frameworks_to_count(standing.day, key=key)
    if found is None:
        return None
    framework, frameworks = found
    people = counted_people(standing)
    count = people.count()
    nothing = Share.of((SEEN, CLOSER), 0, 0, count)
    if count < FEWEST_TO_SHOW:
        return GroupSkills(frameworks, framework, count, (), nothing)
    texts = texts_in_force(framework, on=standing.day)
    keys = [text.competence_id for text in texts]
    said, seen = _said(people, keys), _seen(people, keys)
    rows = [
        Moved(
            text,
            Share.of((RATED, FURTHER), *said.get(text.competence_id, (0, 0)), count),
            Share.of((SEEN, CLOSER), *seen.get(text.competence_id, (0, 0)), count),
        )
        for text in texts
    ]
    return GroupSkills(frameworks, framework, count, rows, _led(people, count))


def _said(people: QuerySet[Person], competences: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """By competence: who rated themselves more than once, and who is further now. One query."""
    own = Rating.objects.filter(person=OuterRef("person"), competence=OuterRef("competence"))
    latest = Rating.objects.current().filter(
        person__in=people.values("pk"), competence__in=competences
    )
    rows = (
        latest.annotate(
            first=Subquery(own.filter(is_current=False).order_by("rated_at").values("level")[:1])
        )
        .filter(first__isnull=False)
        .order_by()
        .values_list("competence", "first", "level")
        .annotate(count=Count("pk"))
    )
    found: dict[UUID, tuple[int, int]] = {}
    for competence, first, level, count in rows:
        known, moved = found.get(competence, (0, 0))
        is_further = _rank(Level, level) > _rank(Level, first)
        found[competence] = (known + count, moved + count * is_further)
    return found


def _seen(people: QuerySet[Person], competences: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """By competence: who was seen more than once, and who more completely now. One query."""
    in_time = ["session__held_on", "session__received_at", "session"]
    each = ["competence", "session__participants__person"]
    rows = (
        SessionCompetence.objects.filter(
            competence__in=competences,
            session__participants__side=Side.CASEWORKER,
            session__participants__person__in=people.values("pk"),
        )
        .exclude(session__erase_reason=Session.EraseReason.MISTAKE)
        .annotate(
            person=F("session__participants__person"),
            first=Window(FirstValue("observed"), partition_by=each, order_by=in_time),
            latest=Window(
                FirstValue("observed"),
                partition_by=each,
                order_by=[F(name).desc() for name in in_time],
            ),
            times=Window(Count("pk"), partition_by=each),
        )
        .filter(times__gte=2)
        .order_by()
        .values_list("competence", "person", "first", "latest")
        .distinct()
    )
    found: dict[UUID, tuple[int, int]] = {}
    for competence, _person, first, latest in rows:
        known, moved = found.get(competence, (0, 0))
        closer = _rank(Observed, latest) > _rank(Observed, first)
        found[competence] = (known + 1, moved + closer)
    return found


def _led(people: QuerySet[Person], count: int) -> Share:
    """Who had more than one session, and who leads more of the work now. One query."""
    in_time = ["session__held_on", "session__received_at", "session"]
    rows = (
        SessionParticipant.objects.filter(
            side=Side.CASEWORKER,
            person__in=people.values("pk"),
            session__same_hour__isnull=True,  # an hour that two logged is one
        )
        .exclude(session__erase_reason=Session.EraseReason.MISTAKE)
        .annotate(
            first=Window(FirstValue("session__mode"), partition_by="person", order_by=in_time),
            latest=Window(
                FirstValue("session__mode"),
                partition_by="person",
                order_by=[F(name).desc() for name in in_time],
            ),
            times=Window(Count("pk"), partition_by="person"),
        )
        .filter(times__gte=2)
        .order_by()
        .values_list("person", "first", "latest")
        .distinct()
    )
    pairs = [(MODES.index(Mode(first)), MODES.index(Mode(latest))) for _p, first, latest in rows]
    labels = (_("Had more than one session"), _("of these, lead more of the work now"))
    return Share.of(labels, len(pairs), sum(now > then for then, now in pairs), count)


def _rank(steps: "type[Level] | type[Observed]", key: str) -> int:
    return list(steps).index(steps(key))
