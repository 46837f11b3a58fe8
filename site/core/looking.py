"""Who has anything to say, asked of all in one query.

A page that many apps put together (the start page, the calendar) holds little for most people. An
app that speaks only of rows names them; they are looked for together, and it is asked only where
there are some. Somebody who has nothing to do with an app costs it no query.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Exists, Model, QuerySet

T = TypeVar("T")
Rows = Sequence["QuerySet[Any]"]


def with_something(person: Model | None, offers: Mapping[T, Rows]) -> list[T]:
    """Those of ``offers`` that have something to say to ``person``, in their order; one query.

    They have when one of their rows is there; those that name none are always asked. Without a
    person nothing is looked for, and all are asked.
    """
    if person is None:
        return list(offers)
    found = iter(_are_there(person, [rows for some in offers.values() for rows in some]))
    are_there = {one: [next(found) for _rows in some] for one, some in offers.items()}
    return [one for one, there in are_there.items() if any(there) or not there]


def _are_there(person: Model, looked_for: Rows) -> Sequence[bool]:
    """For each of them whether it has a row: asked beside the person's own, which is there."""
    if not looked_for:
        return []
    row = type(person)._base_manager.filter(pk=person.pk)
    return row.values_list(*(Exists(rows) for rows in looked_for)).get()
