"""What the pages show of competences: the map of one person, and counts of many."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.utils.functional import Promise

from competences.evidence import (
    PRACTISED_LABEL,
    Evidence,
    kinds,
    practised,
    practised_among,
)
from competences.models import (
    CompetenceText,
    Framework,
    FrameworkVersion,
    Level,
    Rating,
    Topic,
)
from competences.practice import is_provided
from core.periods import not_retired
from core.prepared import Prepared
from core.small_groups import FEWEST_TO_SHOW
from people.models import Affiliation, Person, Role
from people.permissions import Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """One way in which a competence was shown, or not yet."""

    label: "str | Promise"
    at: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """One competence of the map."""

    text: CompetenceText
    shown: Sequence[Shown]
    rating: Rating | None

    @property
    def is_shown(self) -> bool:
        """Whether there is any evidence for it."""
        return any(one.at for one in self.shown)

    @property
    def state(self) -> str:
        """How far it is, in the words of ``components/status.html``."""
        if self.shown and all(one.at for one in self.shown):
            return "done"
        return "in_progress" if self.is_shown else "not_begun"


@dataclass(frozen=True, slots=True)
class Map:
    """The competences of one framework, and how far a person is with each."""

    framework: Framework
    frameworks: Sequence[Framework]
    rows: Sequence[Row]

    @property
    def shown_count(self) -> int:
        """How many of them the person has shown in any way."""
        return sum(row.is_shown for row in self.rows)


def frameworks_for(person: Person, *, on: date) -> list[Framework]:
    """The frameworks in use, that of the person's own profession first. One query."""
    return _frameworks_for(person=person.pk, on=on)


def texts_in_force(framework: Framework, *, on: date) -> list[CompetenceText]:
    """The competences of ``framework`` with their topics, in order. Two queries."""
    texts = _texts(framework=framework.pk, on=on)
    prefetch_related_objects(texts, Prefetch("topics", queryset=Topic.objects.only("pk")))
    return texts


# Behind the map of every learner, so the SQL is written once (core.prepared).


@Prepared
def _frameworks_for(person: UUID, on: date) -> QuerySet[Framework]:
    own = Affiliation.objects.valid_on(on).filter(person=person, profession=OuterRef("first_for"))
    published = FrameworkVersion.objects.filter(
        framework=OuterRef("pk"), published_at__isnull=False
    )
    return (
        Framework.objects.filter(not_retired(on), Exists(published))
        .annotate(is_own=Exists(own))
        .order_by("-is_own", "position", "key")
    )


@Prepared
def _texts(framework: UUID, on: date) -> QuerySet[CompetenceText]:
    texts = CompetenceText.objects.in_force(on=on).filter(version__framework=framework)
    return texts.select_related("competence")


@Prepared
def _ratings(person: UUID) -> QuerySet[Rating]:
    return Rating.objects.current().filter(person=person)


def competence_map(person: Person, *, on: date, key: str = "") -> Map | None:
    """The map of ``person``; none without a framework. A constant number of queries.

    Args:
        key: Which framework; by default that of the person's profession.
    """
    frameworks = frameworks_for(person, on=on)
    if not frameworks:
        return None
    framework = next((one for one in frameworks if one.key == key), frameworks[0])
    texts = texts_in_force(framework, on=on)
    return Map(framework, frameworks, _rows(person, texts))


def _rows(person: Person, texts: Sequence[CompetenceText]) -> list[Row]:
    competences = [text.competence_id for text in texts]
    columns: list[tuple[str | Promise, Mapping[UUID, Evidence]]] = [
        (kind.label, {one.competence: one for one in kind.of(person, competences)})
        for kind in kinds()
    ]
    if is_provided():
        columns.append((PRACTISED_LABEL, {one.competence: one for one in practised(person, texts)}))
    ratings = {rating.competence_id: rating for rating in _ratings(person=person.pk)}
    return [
        Row(
            text,
            [_shown(label, found.get(text.competence_id)) for label, found in columns],
            ratings.get(text.competence_id),
        )
        for text in texts
    ]


def _shown(label: "str | Promise", found: Evidence | None) -> Shown:
    return Shown(label, found.at if found else None, found.count if found else 0)


@dataclass(frozen=True, slots=True)
class Rated:
    """One competence as a mentor sees it of a colleague: nothing but the own rating."""

    text: CompetenceText
    rating: Rating | None


def ratings_of(person: Person, *, on: date, key: str = "") -> tuple[Framework | None, list[Rated]]:
    """What ``person`` says of each competence, for the mentor's page."""
    frameworks = frameworks_for(person, on=on)
    if not frameworks:
        return None, []
    framework = next((one for one in frameworks if one.key == key), frameworks[0])
    texts = texts_in_force(framework, on=on)
    own = Rating.objects.current().filter(
        person=person, competence__in=[text.competence_id for text in texts]
    )
    ratings = {rating.competence_id: rating for rating in own}
    return framework, [Rated(text, ratings.get(text.competence_id)) for text in texts]


# --- Many people --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """How a group rates one competence; no count at all where fewer than five have rated."""

    text: CompetenceText
    counts: Sequence[int]

    @property
    def is_shown(self) -> bool:
        """Whether enough people have rated it."""
        return bool(self.counts)

    @property
    def cells(self) -> "list[dict[str, str | Promise | int]]":
        """Each count with the name of its step."""
        labels = (label for _value, label in Level.choices)
        return [
            {"label": label, "count": count}
            for label, count in zip(labels, self.counts, strict=True)
        ]


#: Whose ratings are counted: those the training is for.
COUNTED_ROLES = (Role.Key.CASEWORKER, Role.Key.TRAVELLING)
COUNTING_ROLES = (Role.Key.LEADER, Role.Key.COORDINATOR)


def counted_people(standing: Standing) -> "QuerySet[Person]":
    """Those in the totals of a leader or coordinator: one group per standing, never a part of it.

    Parts of a group are not offered: two of them, taken from one another, would leave a few.
    """
    within = Q(pk__in=[])
    for key in COUNTING_ROLES:
        for own in standing.scopes(key):
            if own.scope == Role.Scope.COUNTRY:
                within |= Q(pk__isnull=False)
            elif own.scope == Role.Scope.MUNICIPALITY:
                within |= Q(municipality=own.municipality_id)
                within |= Q(place__municipality=own.municipality_id)
            else:
                within |= Q(place=own.place_id)
    held = Role.objects.valid_on(standing.day).filter(within, key__in=COUNTED_ROLES)
    others = Person.objects.filter(pk__in=held.values("person"))
    return others.exclude(pk=standing.person.pk) if standing.person else others


@dataclass(frozen=True, slots=True)
class Many:
    """What a group has shown of one competence, way by way."""

    text: CompetenceText
    cells: Sequence["Some"]


@dataclass(frozen=True, slots=True)
class Some:
    """How many of a group have done something, told so that it speaks of five people or of none.

    Both those who have and those who have not are a group: neither is counted below five.
    """

    label: "str | Promise"
    count: int
    people: int

    @property
    def is_few(self) -> bool:
        """Whether fewer than five have, but somebody has."""
        return 0 < self.count < FEWEST_TO_SHOW

    @property
    def is_nearly_all(self) -> bool:
        """Whether fewer than five have not, but somebody has not."""
        return not self.is_few and 0 < self.people - self.count < FEWEST_TO_SHOW


@dataclass(frozen=True, slots=True)
class Numbers:
    """The competences of one framework in numbers, for the whole scope of one reader."""

    framework: Framework
    frameworks: Sequence[Framework]
    people: int
    shown: Sequence[Many]
    rated: Sequence[Counted]

    @property
    def ways(self) -> "list[str | Promise]":
        """The names of the ways to show a competence."""
        return [cell.label for cell in self.shown[0].cells] if self.shown else []


def frameworks_to_count(on: date, *, key: str = "") -> tuple[Framework, list[Framework]] | None:
    """The framework called ``key``, or else the first, and all there are; none without any."""
    frameworks = list(
        Framework.objects.offered(on=on).filter(versions__published_at__isnull=False).distinct()
    )
    if not frameworks:
        return None
    return next((one for one in frameworks if one.key == key), frameworks[0]), frameworks


def numbers_for(standing: Standing, *, key: str = "") -> Numbers | None:
    """What the people in the own scope have shown, and how they rate themselves.

    One group: parts of it are not offered, because two of them, taken from one another, would leave
    a few. Nothing at all is counted below five people. A constant number of queries.
    """
    found = frameworks_to_count(standing.day, key=key)
    if found is None:
        return None
    framework, frameworks = found
    texts, people = texts_in_force(framework, on=standing.day), counted_people(standing)
    how_many = people.count()
    return Numbers(
        framework,
        frameworks,
        how_many,
        _shown_by(people, texts, how_many) if how_many >= FEWEST_TO_SHOW else (),
        _rated_by(people, texts),
    )


def _shown_by(
    people: "QuerySet[Person]", texts: Sequence[CompetenceText], how_many: int
) -> list[Many]:
    keys = [text.competence_id for text in texts]
    columns: list[tuple[str | Promise, Mapping[UUID, int]]] = [
        (kind.label, kind.among(people, keys)) for kind in kinds() if kind.among
    ]
    if is_provided():
        columns.append((PRACTISED_LABEL, practised_among(people, texts)))
    return [
        Many(text, [Some(label, found.get(text.competence_id, 0), how_many)
                    for label, found in columns])
        for text in texts
    ]  # fmt: skip


def _rated_by(people: "QuerySet[Person]", texts: Sequence[CompetenceText]) -> list[Counted]:
    """How ``people`` rate themselves, competence by competence. One query."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = (
        Rating.objects.current()
        .filter(
            person__in=people.values("pk"),
            competence__in=[text.competence_id for text in texts],
        )
        .values_list("competence", "level")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for competence, level, count in rows:
        found[competence][level] = count
    return [_counted(text, found[text.competence_id]) for text in texts]


def _counted(text: CompetenceText, counts: Mapping[str, int]) -> Counted:
    if sum(counts.values()) < FEWEST_TO_SHOW:
        return Counted(text, ())
    return Counted(text, [counts.get(level, 0) for level in Level.values])
