"""Who besides the person reads own ratings: the present mentor, whom only mentoring knows.

Mentoring provides it in ``AppConfig.ready``. Without a provider nobody reads them.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from people.models import Person
from people.permissions import Standing

Provider = Callable[[Standing], "QuerySet[Person]"]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Let ``provider`` say whom the person with a standing is the present mentor of."""
    if provider not in _providers:
        _providers.append(provider)


def mentored_people(standing: Standing) -> "QuerySet[Person]":
    """Those whose ratings the person with ``standing`` may read as their mentor today."""
    found = Q(pk__in=[])
    for provider in _providers:
        found |= Q(pk__in=provider(standing).values("pk"))
    return Person.objects.filter(found).order_by("name", "pk")
