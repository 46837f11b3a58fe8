"""The rows of a model that are a person's, found by what its app declares."""

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from core.declarations import Records
from people.models import Person, User


def target_of(model: type[models.Model], lookup: str) -> type[models.Model]:
    """The model at the end of ``lookup``: the person or the account.

    Raises:
        ValueError: If it leads to neither.
    """
    target: Any = model
    for name in () if lookup == "pk" else lookup.split("__"):
        target = target._meta.get_field(name).related_model
    if target not in {Person, User}:
        raise ValueError(f"{model._meta.label}.{lookup} leads to no person.")
    return target


def condition(records: Records, lookups: "tuple[str, ...]", person: Person) -> Q:
    """A filter for the rows whose ``lookups`` lead to ``person``; matches nothing without one."""
    found = []
    for lookup in lookups:
        if target_of(records.model_class, lookup) is Person:
            found.append(Q(**{lookup: person.pk}))
        elif person.user_id is not None:
            found.append(Q(**{lookup: person.user_id}))
    return reduce(or_, found, Q(pk__in=[]))


def rows(records: Records, lookups: "tuple[str, ...]", person: Person) -> "QuerySet[Any]":
    """The rows whose ``lookups`` lead to ``person``; no look-up passes through several rows.

    Asks the base manager: some models refuse ``delete`` and ``update`` to everybody else.
    """
    manager = records.model_class._base_manager
    return manager.filter(condition(records, lookups, person))
