"""What somebody has practised with a mentor: where courses and mentoring meet.

By topic, which is what sessions are about, and by competence, where a session names some itself.

Mentoring provides it in ``AppConfig.ready``; courses asks. Neither knows the other.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.dispatch import Signal

#: Sent with ``person`` inside the transaction in which it was confirmed that they practised.
changed = Signal()

#: Person, topic or competence, and when it was last confirmed that they practised it.
Practised = tuple[UUID, UUID, datetime]
#: Whom one asks about: their keys, or a queryset of these.
People = Collection[UUID] | QuerySet[Any, Any]
#: Asked for people, topics and competences.
Provider = Callable[[People, Collection[UUID], Collection[UUID]], Iterable[Practised]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Let ``provider`` say what these people have practised."""
    if provider not in _providers:
        _providers.append(provider)


def is_provided() -> bool:
    """Whether anybody knows of practice at all."""
    return bool(_providers)


def practised(
    people: People, topics: Collection[UUID], competences: Collection[UUID] = ()
) -> Iterable[Practised]:
    """What these people have practised of these topics and competences; each once per person."""
    latest: dict[tuple[UUID, UUID], datetime] = {}
    for provider in _providers:
        for person, key, at in provider(people, topics, competences):
            known = latest.get((person, key))
            latest[person, key] = at if known is None else max(known, at)
    return [(person, key, at) for (person, key), at in latest.items()]
