"""With whom somebody may do a thing together, such as playing a case.

An app that knows who works side by side registers a provider in ``AppConfig.ready``; whoever
wants to offer something for two asks here and need not know why the two belong together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
