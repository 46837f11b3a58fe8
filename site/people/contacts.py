"""How the offices of a town are reached, for whoever must say it elsewhere than on a page.

What is written on pages lies above the domains: pages provides it in ``AppConfig.ready``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from people.models import Place

#: Mailboxes that people have for themselves: an office has one at the municipality.
PRIVATE_MAIL = frozenset(
    ["gmail.com", "hotmail.com", "hotmail.dk", "outlook.com", "outlook.dk", "live.dk", "live.com",
     "yahoo.com", "yahoo.dk", "icloud.com", "me.com", "mail.dk", "greennet.gl", "proton.me"]
)  # fmt: skip
phone_number = RegexValidator(
    r"^\+?[0-9][0-9 ]{3,18}$", _("Write the number as digits with spaces: +299 12 34 56.")
)


def refuse_private_mail(address: str) -> None:
    """Refuse the mailbox of a person.

    Raises:
        ValidationError: For an address at a provider that people use for themselves.
    """
    if address.rpartition("@")[2].lower() in PRIVATE_MAIL:
        raise ValidationError(
            _("Write the address of the office, never one that belongs to a person."),
            code="private",
        )


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
