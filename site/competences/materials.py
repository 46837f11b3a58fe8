"""What there is to read and play for a competence: where courses and mentoring meet.

Courses provides it in ``AppConfig.ready``; whoever shows a competence asks. Neither knows the
other.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from core.bilingual import Text
from people.models import Person


@dataclass(frozen=True, slots=True)
class Material:
    """Something to learn a competence by.

    Args:
        kind: What it is, in a word: "Lesson".
        is_done: Whether the person who was asked for has done it; nothing where nobody was.
    """

    competence: UUID
    kind: "str | Promise"
    title: Text
    url: str
    minutes: int
    is_done: bool | None = None


#: What is offered for these competences, in reading order; with how far a person is, or nobody.
Provider = Callable[[Collection[UUID], Person | None], Iterable[Material]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Let ``provider`` say what there is for a competence."""
    if provider not in _providers:
        _providers.append(provider)


def materials(
    competences: Collection[UUID], person: Person | None = None
) -> dict[UUID, list[Material]]:
    """What there is for each of these competences; a constant number of queries.

    Args:
        person: Who is told what they have done. What somebody has read is their own: ask for
            nobody where anyone else looks on.
    """
    found: dict[UUID, list[Material]] = defaultdict(list)
    for provider in _providers if competences else ():
        for one in provider(competences, person):
            found[one.competence].append(one)
    return found
