"""What somebody has practised with a mentor, by topic: where courses and mentoring meet.

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

#: Person, topic, and when it was last confirmed that they practised it.
Practised = tuple[UUID, UUID, datetime]
#: Whom one asks about: their keys, or a queryset of these.
People = Collection[UUID] | QuerySet[Any, Any]
Provider = Callable[[People, Collection[UUID]], Iterable[Practised]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Let ``provider`` say what these people have practised of these topics."""
    if provider not in _providers:
        _providers.append(provider)


def is_provided() -> bool:
    """Whether anybody knows of practice at all."""
    return bool(_providers)


def practised(people: People, topics: Collection[UUID]) -> Iterable[Practised]:
    """What these people have practised of these topics; once per person and topic."""
    latest: dict[tuple[UUID, UUID], datetime] = {}
    for provider in _providers:
        for person, topic, at in provider(people, topics):
            known = latest.get((person, topic))
            latest[person, topic] = at if known is None else max(known, at)
    return [(person, topic, at) for (person, topic), at in latest.items()]
