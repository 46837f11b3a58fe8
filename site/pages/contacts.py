"""The contact cards of a town, for those below who ask (:mod:`people.contacts`)."""

from pages.models import ContactCard
from people.contacts import Contact
from people.models import Place


def cards_of(place: Place) -> list[Contact]:
    """How the offices of ``place`` are reached; one query."""
    return [
        Contact(
            name={"da": card.name_da, "kl": card.name_kl},
            phone=card.phone,
            email=card.email,
            hours={"da": card.hours_da, "kl": card.hours_kl},
            checked_on=card.checked_on,
        )
        for card in ContactCard.objects.filter(place=place).order_by("name_da")
    ]
