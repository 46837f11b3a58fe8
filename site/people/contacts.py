"""How the offices of a town are reached, for whoever must say it elsewhere than on a page.

What is written on pages lies above the domains: pages provides it in ``AppConfig.ready``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from people.models import Place


@dataclass(frozen=True, slots=True)
class Contact:
    """An office: never a person. Texts by language; a missing one is empty."""

    name: dict[str, str]
    phone: str
    email: str
    hours: dict[str, str]
    checked_on: date


Provider = Callable[[Place], list[Contact]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Let ``provider`` name the offices of a town."""
    if provider not in _providers:
        _providers.append(provider)


def contacts_of(place: Place) -> list[Contact]:
    """The offices of ``place`` by their Danish name; one query for each provider."""
    found = [contact for provider in _providers for contact in provider(place)]
    return sorted(found, key=lambda contact: contact.name["da"])
