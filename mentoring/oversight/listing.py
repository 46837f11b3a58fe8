"""One way to look through many rows: narrowed, sorted, searched, paged, kept and taken along.

A :class:`Listing` says what there is, by which filters it can be narrowed and what stands in each
column; :class:`Asked` is what somebody wants to see of it. Filters and order stand in the address,
in keys and days alone; words that are searched for come by POST and stand in no address and no log.
Whatever the number of rows, a list asks the same queries.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db.models import F, Model, QuerySet
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.spreadsheets import Cell
from people.permissions import Standing

SORT = "sorter"
AT_ONCE = 500

Choices = Sequence[tuple[str, Any]]
Narrow = Callable[[Any, str, Standing], Any]


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: one of some choices.

    Args:
        name: In the address.
        narrow: The rows of a choice.
        choices: What there is to choose from, for this reader; one query at most.
        everything: What no choice is called.
    """

    name: str
    label: Any
    narrow: Narrow
    choices: Callable[[Standing], Choices] = field(compare=False)
    everything: Any = ""

    is_day: ClassVar[bool] = False
    is_given: ClassVar[bool] = False

    def offered(self, standing: Standing) -> Choices:
        """What there is to choose from."""
        return [(str(key), label) for key, label in self.choices(standing)]

    def understood(self, value: str, offered: Choices) -> str:
        """The choice; "" for one that is not offered."""
        return value if value in dict(offered) else ""


@dataclass(frozen=True)
class DayFilter(Filter):
    """Narrows a list to what lies before or after a day."""

    choices: Callable[[Standing], Choices] = field(default=lambda _standing: (), compare=False)

    is_day: ClassVar[bool] = True

    def understood(self, value: str, offered: Choices) -> str:
        """The day; "" for what is none."""
        try:
            return date.fromisoformat(value).isoformat() if len(value) == len("2027-01-31") else ""
        except ValueError:
            return ""


@dataclass(frozen=True)
class GivenFilter(DayFilter):
    """Narrows a list to what belongs to one record, whose id another page gives."""

    is_day: ClassVar[bool] = False
    is_given: ClassVar[bool] = True

    def understood(self, value: str, offered: Choices) -> str:
        """The id; "" for what is none."""
        try:
            return str(UUID(value))
        except ValueError:
            return ""


@dataclass(frozen=True)
class Column:
    """A column of a list.

    Args:
        cell: What stands in it in a file: a text, a number or a day.
        shown: What stands in it on the page, where that is more than the cell.
        order: Its name in the address, where the list can be sorted by it.
        by: What it is sorted by then, names of fields or expressions.
        only: "page" or "file", for a column that stands in one alone.
    """

    label: Any
    cell: Callable[[Any], Cell]
    shown: Callable[[Any], Any] | None = None
    order: str = ""
    by: Sequence[Any] = ()
    is_number: bool = False
    only: str = ""


class Listing(ABC):
    """What there is to look through.

    ``begins_with`` is the order until somebody chooses another, ``ties`` what decides between
    equals, so that no row stands on two pages.
    """

    key: ClassVar[str]
    title: ClassVar[Any]
    lead: ClassVar[Any] = ""
    nothing_yet: ClassVar[Any]
    nothing_fits: ClassVar[Any]
    search_label: ClassVar[Any]
    filters: ClassVar[Sequence[Filter]]
    columns: ClassVar[Sequence[Column]]
    begins_with: ClassVar[str]
    ties: ClassVar[Sequence[Any]] = ("pk",)
    #: The address, its words and the first step of who has nothing yet: names of addresses.
    address: ClassVar[str]
    first_step: ClassVar[tuple[Any, str] | None] = None

    @abstractmethod
    def all(self, standing: Standing) -> "QuerySet[Any]":
        """Everything that this reader may see."""

    @abstractmethod
    def search(self, found: Any, words: str) -> Any:
        """The rows that fit the words; never a text of a session."""

    @abstractmethod
    def complete(self, records: Sequence[Any], standing: Standing) -> list[Any]:
        """The rows of these records; the same queries for any number."""

    @abstractmethod
    def logged(self, rows: Iterable[Any]) -> list[Model]:
        """What the access log says was shown."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of a listing; what is asked wrongly is left out."""

    listing: Listing
    standing: Standing
    values: Mapping[str, str]
    sort: str
    words: str = ""
    offered: Mapping[str, Choices] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls, listing: Listing, standing: Standing, wanted: Mapping[str, str], words: str = ""
    ) -> "Asked":
        """What an address asks for."""
        offered = {one.name: one.offered(standing) for one in listing.filters}
        values = {
            one.name: one.understood(wanted.get(one.name, ""), offered[one.name])
            for one in listing.filters
        }
        sort = wanted.get(SORT, "")
        known = {column.order for column in listing.columns if column.order}
        return cls(
            listing=listing,
            standing=standing,
            values={name: value for name, value in values.items() if value},
            sort=sort if sort.removeprefix("-") in known else listing.begins_with,
            words=words,
            offered=offered,
        )

    @classmethod
    def kept(cls, listing: Listing, standing: Standing, query: str) -> "Asked":
        """What a view that was kept asks for."""
        return cls.of(listing, standing, dict(parse_qsl(query)))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return bool(self.values or self.words)

    def query(self, **changes: str) -> str:
        """The rest of an address that asks for this, with ``changes``: keys and days alone."""
        asked = {**self.values, SORT: self.sort if self.sort != self.listing.begins_with else ""}
        asked |= changes
        return urlencode(sorted((name, value) for name, value in asked.items() if value))

    def found(self) -> Any:
        """The records, in order."""
        found = self.listing.all(self.standing)
        for one in self.listing.filters:
            if value := self.values.get(one.name):
                found = one.narrow(found, value, self.standing)
        if self.words:
            found = self.listing.search(found, self.words)
        return found.order_by(*self._order())

    def _order(self) -> list[Any]:
        name = self.sort.removeprefix("-")
        chosen = next(column for column in self.listing.columns if column.order == name)
        by = [F(one) if isinstance(one, str) else one for one in chosen.by]
        # What has no such value comes last, whatever the direction.
        is_down = self.sort.startswith("-")
        ordered = [one.desc(nulls_last=True) if is_down else one.asc(nulls_last=True) for one in by]
        return [*ordered, *self.listing.ties]

    # --- On a page ---

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Every order there is, in words: what turns a table into cards has no heads to press."""
        found = []
        for column in self.listing.columns:
            if column.order:
                said = {"column": column.label}
                found += [
                    (column.order, _("%(column)s, first to last") % said),
                    (f"-{column.order}", _("%(column)s, last to first") % said),
                ]
        return found

    def heads(self) -> list[dict[str, Any]]:
        """The columns as ``components/table.html`` takes them."""
        heads = []
        for column in self._columns("page"):
            head: dict[str, Any] = {"label": column.label, "is_number": column.is_number}
            if column.order and not self.words:
                is_own = self.sort.removeprefix("-") == column.order
                is_down = self.sort.startswith("-")
                if is_own:
                    head["sorted"] = "descending" if is_down else "ascending"
                other = column.order if is_down or not is_own else f"-{column.order}"
                if other == self.listing.begins_with:
                    other = ""  # the order of the bare address
                head["sort_url"] = f"?{self.query(**{SORT: other}) or EVERYTHING}"
            heads.append(head)
        return heads

    def cells(self, rows: Iterable[Any]) -> list[list[Any]]:
        """What stands in the columns of these rows."""
        columns = self._columns("page")
        return [[_on_page(column, row) for column in columns] for row in rows]

    def _columns(self, where: str) -> list[Column]:
        return [column for column in self.listing.columns if column.only in {"", where}]

    # --- In a file ---

    def header(self) -> list[str]:
        """The headings of a file."""
        return [str(column.label) for column in self._columns("file")]

    def lines(self, note: Callable[[list[Model]], None]) -> Iterator[list[Cell]]:
        """Every row of a file, some hundred at a time; ``note`` hears of them before they leave."""
        columns = self._columns("file")
        records = self.found().iterator(chunk_size=AT_ONCE)
        while some := list(islice(records, AT_ONCE)):
            rows = self.listing.complete(some, self.standing)
            note(self.listing.logged(rows))
            for row in rows:
                yield [column.cell(row) for column in columns]


#: Asks for everything where a bare address would open the reader's own first view.
EVERYTHING = "vis=alt"


# --- What a cell says on a page -------------------------------------------------------------------


def _on_page(column: Column, row: Any) -> Any:
    value = column.cell(row) if column.shown is None else column.shown(row)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return "–" if value in {None, ""} else value


def linked(url: str, text: object) -> SafeString:
    """A link."""
    return format_html('<a href="{}">{}</a>', url, text)


def tagged(text: object, kind: str) -> SafeString:
    """A short state with its drawing."""
    from core.templatetags.core_tags import kept

    return kept("components/tag.html", text=str(text), kind=kind)
