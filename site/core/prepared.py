"""Querysets whose SQL is written once per process and then run with other values.

Django writes the SQL of a queryset anew each time. For the few queries behind every page of a
learner that is most of their price: a lesson's state took 7.1 ms of processor time, and takes 1.7
with the SQL kept (``docs/lesson-records.md`` has the measurement). The queryset stays the one
place that says what is asked, and its rows become the same objects.
"""

import inspect
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=Model)
Param = UUID | int | str | datetime | date


class _Written(NamedTuple):
    compiler: Any
    sql: str
    slots: tuple[Any, ...]
    """Each parameter of the SQL: a value that never changes, or a :class:`_Slot`."""
    converters: dict[int, Any]
    """By column, what makes the driver's value the field's; the same for every row there is."""


class _Slot(NamedTuple):
    name: str


class Prepared(Generic[M]):
    """Run the queryset that ``build`` returns, with its SQL written the first time only.

    ``build`` takes values annotated as ``UUID`` (also where nothing is said), ``int``, ``str``,
    ``date`` or ``datetime``, and must use each of them as it is: as a value in the query, not to
    decide what the query is, nor with something added. It is called once, with stand-ins.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._written: dict[str, _Written] = {}
        self._stand_ins: dict[str, Param] = {
            name: _stand_in(parameter.annotation)
            for name, parameter in inspect.signature(build).parameters.items()
        }

    def __call__(self, **values: Param) -> list[M]:
        """The rows for ``values``; one query."""
        compiler = self._compiler(values)
        source: Any = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            query=SimpleNamespace(get_compiler=lambda **_using: compiler),
            _known_related_objects={},
        )
        with _kept_by_server():
            return list(ModelIterable(source))

    def tuples(self, **values: Param) -> list[Any]:
        """The rows for ``values`` of a queryset made with ``values_list``; one query."""
        compiler = self._compiler(values)
        with _kept_by_server():
            return list(compiler.results_iter(tuple_expected=True))

    def _compiler(self, values: dict[str, Param]) -> Any:
        """What runs the SQL that was written once, with these values in it."""
        written = self._written.get(connection.vendor) or self._write()
        params = tuple(
            _as_param(values[slot.name]) if isinstance(slot, _Slot) else slot
            for slot in written.slots
        )
        compiler = copy(written.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (written.sql, params)
        compiler.get_converters = lambda _columns: written.converters
        return compiler

    def first(self, **values: Param) -> M | None:
        """The first row for ``values``, if there is one; one query."""
        return next(iter(self(**values)), None)

    def _write(self) -> _Written:
        queryset = self._build(**self._stand_ins)
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        names = {_as_param(value): _Slot(name) for name, value in self._stand_ins.items()}
        slots = tuple(names.get(param, param) for param in params)
        if unused := set(names.values()).difference(slots):
            raise TypeError(f"Not a value of the query: {', '.join(slot.name for slot in unused)}")
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        written = _Written(compiler, sql, slots, compiler.get_converters(columns))
        self._written[connection.vendor] = written
        return written


@contextmanager
def _kept_by_server() -> Iterator[None]:
    """Let PostgreSQL keep the plan too: it takes the values apart from the SQL.

    Django writes values into the SQL, so that PostgreSQL plans each query anew, which costs more
    than to run it. Elsewhere, and where the settings keep no statements, nothing changes.
    """
    connection.ensure_connection()
    raw = connection.connection
    if connection.vendor != "postgresql" or raw.prepare_threshold is None:
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    before, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        raw.cursor_factory = before


_numbers = itertools.count(1_900_000_001)


def _stand_in(kind: Any) -> Param:
    """A value of this kind that no query says by itself, another one each time."""
    number = next(_numbers)
    if kind is int:
        return number
    if kind is str:
        return f"stand-in {number}"
    if kind is date:
        return date.max - timedelta(days=number - 1_900_000_000)
    if kind is datetime:
        return datetime.max.replace(tzinfo=UTC) - timedelta(days=number - 1_900_000_000)
    return uuid4()


def _as_param(value: Any) -> Any:
    """``value`` as the database driver takes it."""
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
