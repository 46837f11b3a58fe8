"""Filters that several lists have."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mentoring.models import Pairing, Round
from mentoring.oversight.listing import Choices, Filter
from people.models import Affiliation, Organisation, Role
from people.permissions import Standing


def towns(standing: Standing) -> Choices:
    """The towns that a coordinator looks after."""
    found = standing.towns(Role.Key.COORDINATOR).order_by("name")
    return list(found.values_list("key", "name"))


def municipalities(standing: Standing) -> Choices:
    """Their municipalities; none to choose from where there is one."""
    found = Organisation.objects.filter(
        pk__in=standing.towns(Role.Key.COORDINATOR).values("municipality")
    )
    chosen = list(found.order_by("name").values_list("key", "name"))
    return chosen if len(chosen) > 1 else []


def equal_to(path: str) -> Callable[[Any, str, Standing], Any]:
    """Narrows to the rows whose ``path`` is the choice."""
    return lambda found, value, _standing: found.filter(**{path: value})


def by_municipality(path: str) -> Filter:
    """Narrows to a municipality; ``path`` leads to the town."""
    return Filter(
        "kommune",
        _("Municipality"),
        equal_to(f"{path}municipality__key"),
        municipalities,
        _("All municipalities"),
    )


def by_town(path: str) -> Filter:
    """Narrows to a town; ``path`` leads to it."""
    return Filter("by", _("Town"), equal_to(f"{path}key"), towns, _("All towns"))


def by_form(path: str) -> Filter:
    """Narrows to a form; ``path`` is its field."""
    return Filter(
        "form", _("Form"), equal_to(path), lambda _who: Pairing.Kind.choices, _("All forms")
    )


def by_profession(path: str) -> Filter:
    """Narrows to a profession; ``path`` is its field."""
    return Filter(
        "fag",
        _("Profession"),
        equal_to(path),
        lambda _who: Affiliation.Profession.choices,
        _("All professions"),
    )


def by_round(path: str, rounds: Callable[[Standing], Any]) -> Filter:
    """Narrows to a round of those that are not closed; ``path`` is its field."""

    def offered(standing: Standing) -> Choices:
        found = rounds(standing).exclude(state=Round.State.CLOSED)
        return list(found.order_by("-starts_on", "title", "pk").values_list("pk", "title"))

    return Filter("runde", _("Round"), equal_to(path), offered, _("All rounds"))


def one_of(
    name: str,
    label: Any,
    conditions: Mapping[str, tuple[Any, Callable[[Any, Standing], Any]]],
    everything: Any,
) -> Filter:
    """Narrows by one of some conditions, each with what it is called."""
    return Filter(
        name,
        label,
        lambda found, value, standing: conditions[value][1](found, standing),
        lambda _who: [(key, said) for key, (said, _narrow) in conditions.items()],
        everything,
    )


def joined(names: Iterable[object]) -> str:
    """Several in one cell."""
    return ", ".join(str(name) for name in names)
