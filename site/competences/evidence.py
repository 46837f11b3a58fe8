"""What shows that somebody can do something: a small register, so that other parts plug in.

A part that knows of evidence registers a kind in ``AppConfig.ready``; courses registers what was
read, passed and solved. What was practised with a mentor comes by topic and by name, from whoever
provides :mod:`competences.practice`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competences import practice
from competences.models import CompetenceText
from people.models import Person

PRACTISED = "practised"


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a person has shown a competence in one way: how often, and when last."""

    competence: UUID
    at: datetime
    count: int = 1


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """One way to show a competence.

    Args:
        key: Names it for ever.
        label: What was done, in a word or two: "Read".
        position: Lower comes first.
        of: What a person has shown of these competences, each once; a constant number of queries.
        among: How many of these people have shown each of these competences; a constant number of
            queries, however many there are. None where that is told of nobody.
    """

    key: str
    label: "str | Promise"
    position: int
    of: Callable[[Person, Collection[UUID]], Iterable[Evidence]]
    among: "Callable[[QuerySet[Person], Collection[UUID]], Mapping[UUID, int]] | None" = None


_kinds: dict[str, EvidenceKind] = {}


def register(kind: EvidenceKind) -> None:
    """Show ``kind`` on the map, or replace the one with its key."""
    _kinds[kind.key] = kind


def kinds() -> list[EvidenceKind]:
    """Every kind that somebody provides, in order; practice comes last."""
    return sorted(_kinds.values(), key=lambda kind: (kind.position, kind.key))


def practised(person: Person, texts: Collection[CompetenceText]) -> list[Evidence]:
    """What ``person`` has practised with a mentor, of the competences of ``texts``."""
    found: dict[UUID, tuple[datetime, int]] = {}
    for _person, competence, at in practised_by([person.pk], texts):
        last, count = found.get(competence, (at, 0))
        found[competence] = (max(last, at), count + 1)
    return [Evidence(competence, at, count) for competence, (at, count) in found.items()]


def practised_among(
    people: "QuerySet[Person]", texts: Collection[CompetenceText]
) -> dict[UUID, int]:
    """How many of ``people`` have practised each of ``texts`` with a mentor."""
    who: dict[UUID, set[UUID]] = {}
    for person, competence, _at in practised_by(people.values("pk"), texts):
        who.setdefault(competence, set()).add(person)
    return {competence: len(found) for competence, found in who.items()}


def practised_by(
    people: practice.People, texts: Collection[CompetenceText]
) -> Iterable[practice.Practised]:
    """Person, competence and when, for each of its prefetched topics and where it was named.

    What was named together with its topic is one practice, told once.
    """
    by_topic: dict[UUID, list[UUID]] = {}
    for text in texts:
        for topic in text.topics.all():
            by_topic.setdefault(topic.pk, []).append(text.competence_id)
    if not texts or not practice.is_provided():
        return
    competences = {text.competence_id for text in texts}
    told: set[tuple[UUID, UUID, datetime]] = set()
    named = []
    for person, key, at in practice.practised(people, list(by_topic), competences):
        if key in competences:
            named.append((person, key, at))
        for competence in by_topic.get(key, ()):
            told.add((person, competence, at))
            yield person, competence, at
    yield from (one for one in named if one not in told)


PRACTISED_LABEL = _("Practised with a mentor")
