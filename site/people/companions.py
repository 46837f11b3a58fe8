"""With whom somebody may do a thing together, such as playing a case.

An app that knows who works side by side registers a provider in ``AppConfig.ready``; whoever
wants to offer something for two asks here and need not know why the two belong together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from core.bilingual import Text
from people.models import Person

if TYPE_CHECKING:
    from people.permissions import Standing


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody to do a thing together with.

    ``log_url`` is where what was done together is written down; empty where somebody else does.
    """

    person: Person
    log_url: str = ""


Provider = Callable[["Standing"], list[Companion]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let ``provider`` say who works side by side; registering it twice changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def companions_of(standing: "Standing") -> list[Companion]:
    """Everybody the person may do something together with today, each once, by name."""
    found: dict[object, Companion] = {}
    for companion in (one for provider in _providers for one in provider(standing)):
        if standing.person is not None and companion.person.pk != standing.person.pk:
            found.setdefault(companion.person.pk, companion)
    return sorted(found.values(), key=lambda one: (one.person.name, str(one.person.pk)))


# --- What was done together is written down somewhere ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Meeting:
    """A time two met that is written down: ``key`` is how whoever wrote it down knows it."""

    key: UUID
    held_on: date
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done in a meeting; without ``url`` for whoever may not look at it."""

    title: Text
    url: str = ""


#: The latest meetings of both, and the one with the key, as far as the first may read them.
MeetingProvider = Callable[["Standing", Person, UUID | None], list[Meeting]]
#: What was done in the meeting with the key, for whoever may read the meeting.
DoneProvider = Callable[["Standing", UUID], list[Done]]

_meeting_providers: list[MeetingProvider] = []
_done_providers: list[DoneProvider] = []


def register_meetings(provider: MeetingProvider) -> None:
    """Let ``provider`` say when two met; registering it twice changes nothing."""
    if provider not in _meeting_providers:
        _meeting_providers.append(provider)


def register_done(provider: DoneProvider) -> None:
    """Let ``provider`` say what was done in a meeting; registering it twice changes nothing."""
    if provider not in _done_providers:
        _done_providers.append(provider)


def meetings_with(standing: "Standing", other: Person, kept: UUID | None = None) -> list[Meeting]:
    """The latest meetings of the person and ``other``, and the one with the key ``kept``."""
    found = [one for provider in _meeting_providers for one in provider(standing, other, kept)]
    return sorted(found, key=lambda one: one.held_on, reverse=True)


def done_in(standing: "Standing", meeting: UUID) -> list[Done]:
    """What was done in the meeting; whoever asks has seen that the person may read it."""
    return [one for provider in _done_providers for one in provider(standing, meeting)]
