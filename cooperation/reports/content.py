"""The report as plain content: what pages, tables and files show, and what a frozen one keeps.

::

    {"schema": 1, "half": "2027-1", "scope": {"kind": "country", "name": {"da": …, "kl": …}},
     "made_on": "2027-07-03",
     "columns": [{"key": …, "name": …, "state": "delivered"}, …],
     "sections": [{"key": "sessions", "title": {…}, "note": {…}, "guarded": false, "whole": false,
       "figures": [{"key": "all", "label": {…}, "unit": "count", "of": "",
                    "cells": {column: 12}, "total": 12}, …]}, …],
     "words": {"": {"da": …, "kl": …}, "sessions": {…}}}

A cell is a number or ``"hidden"``. A column that has not delivered has no cells: it is never zero.
A number of the unit ``"average"`` is what was given in all; it is shown as a part of the figure
that ``of`` names. From its second edition on, ``edition`` says what a report corrects, and why.
Every text is kept in both languages, in the words of the day.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cooperation.models import Initiative, Invitation
from cooperation.reports.columns import Column, columns_on
from cooperation.reports.frame import Frame
from cooperation.reports.halves import HalfYear
from cooperation.reports.sections import Figure, Section, sections
from cooperation.reports.series import hidden_in_series
from cooperation.reports.suppression import Table, is_as_before
from people.models import Organisation

SCHEMA = 1
HIDDEN = "hidden"
DELIVERED, NOT_DELIVERED = "delivered", "not_delivered"
COUNTRY, MUNICIPALITY, INITIATIVE = "country", "municipality", "initiative"
Content = dict[str, Any]
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a report is about: a municipality, an initiative, or neither: the country."""

    municipality: Organisation | None = None
    initiative: Initiative | None = None

    @property
    def kind(self) -> str:
        """Which of the three."""
        if self.municipality is not None:
            return MUNICIPALITY
        return COUNTRY if self.initiative is None else INITIATIVE

    @property
    def name(self) -> Texts:
        """What it is called, by language."""
        if self.municipality is not None:
            return {"da": self.municipality.name, "kl": ""}
        if self.initiative is not None:
            number = f"{self.initiative.number}. " if self.initiative.number else ""
            kalaallisut = self.initiative.title_kl
            return {
                "da": f"{number}{self.initiative.title_da}",
                "kl": f"{number}{kalaallisut}" if kalaallisut else "",
            }
        return in_both(_("The whole country"))

    def columns(self, half: HalfYear) -> list[Column]:
        """The municipalities it is about, as they were in ``half``."""
        if self.municipality is not None:
            return columns_on(half.last_day, {self.municipality.pk})
        if self.initiative is None:
            return columns_on(half.last_day)
        events = self.initiative.events.standing()
        taking_part = {
            *self.initiative.organisations.values_list("pk", flat=True),
            *self.initiative.places.values_list("municipality", flat=True),
            *self.initiative.linked_pairings().values_list("place__municipality", flat=True),
            *events.values_list("place__municipality", flat=True),
            *Invitation.objects.sent()
            .filter(event__in=events.values("pk"))
            .values_list("organisation", flat=True),
        }
        return columns_on(half.last_day, taking_part)


@dataclass(frozen=True)
class Delivery:
    """What a municipality has delivered for a half-year: its frozen content."""

    column: str
    content: Mapping[str, Any]

    def figure(self, section: str, key: str) -> Mapping[str, Any] | None:
        """A figure of it."""
        return figure_in(self.content, section, key)

    def figures(self, section: str) -> Sequence[Mapping[str, Any]] | None:
        """All figures of a section of it; none where it has no such section."""
        for one in self.content["sections"]:
            if one["key"] == section:
                found: Sequence[Mapping[str, Any]] = one["figures"]
                return found
        return None


def frame_of(scope: Scope, half: HalfYear, delivered: Sequence[str], *, on: date) -> Frame:
    """What the sections are asked about.

    A municipality speaks for itself before it has delivered; in any other report it counts only
    once it has.
    """
    columns = tuple(scope.columns(half))
    keys = {column.key for column in columns}
    counted = keys if scope.kind == MUNICIPALITY else keys & set(delivered)
    return Frame(half, columns, frozenset(counted), on, scope.initiative)


@dataclass(frozen=True, slots=True)
class Told:
    """What a municipality has told already: a later report is read beside it.

    ``editions`` are those of the same half-year; ``before`` are those of earlier half-years, the
    earliest first, and ``after`` those of later ones.
    """

    editions: Sequence[Content] = ()
    before: Sequence[Content] = ()
    after: Sequence[Content] = ()


def build(
    frame: Frame,
    scope: Scope,
    deliveries: Mapping[str, Delivery],
    *,
    on: date,
    counted_on: date | None = None,
) -> Content:
    """The content of a report as things stand; a constant number of queries.

    Args:
        deliveries: By column what the municipalities have delivered, or in a municipality's own
            report the tables about people that were counted for it.
        counted_on: When that was, in a municipality's own.
    """
    return {
        "schema": SCHEMA,
        "half": frame.half.key,
        "scope": {"kind": scope.kind, "name": scope.name},
        "made_on": on.isoformat(),
        "columns": [
            {
                "key": column.key,
                "name": column.name,
                "state": DELIVERED if column.key in frame.delivered else NOT_DELIVERED,
            }
            for column in frame.columns
        ],
        "sections": [
            _section(section, frame, scope, deliveries, counted_on)
            for section in sections()
            if section.is_for(frame) and (scope.kind == COUNTRY or not section.is_national)
        ],
        "words": {},
    }


def _section(
    section: Section,
    frame: Frame,
    scope: Scope,
    deliveries: Mapping[str, Delivery],
    counted_on: date | None,
) -> Content:
    is_about_people = section.is_guarded and not section.is_by_group
    is_delivered = scope.kind == COUNTRY and not section.is_whole
    is_told = is_about_people or is_delivered
    # Of what was told nothing is counted again: only the lines are asked for.
    found = list(section.figures(frame.narrowed(()) if is_told else frame))
    if is_delivered:
        found += _lines_delivered(section, {one.key for one in found}, deliveries)

    def cells(figure: Figure) -> dict[str, int | str]:
        if not is_told:
            return {
                key: HIDDEN if key in figure.hidden else number
                for key, number in figure.numbers.items()
            }
        # What was shown once is what is shown ever after.
        told = {key: _told(section, figure, deliveries.get(key)) for key in sorted(frame.delivered)}
        return {key: number for key, number in told.items() if number is not None}

    figures = []
    for figure in found:
        own = cells(figure)
        shown = [number for number in own.values() if isinstance(number, int)]
        is_alone = len(own) == 1
        figures.append(
            {
                "key": figure.key,
                "label": in_both(figure.label),
                "unit": figure.unit,
                "of": figure.of,
                "cells": own,
                # Nothing of a hidden group goes into a sum; without a number shown there is none.
                "total": next(iter(own.values())) if is_alone else sum(shown) if shown else None,
            }
        )
    return {
        "key": section.key,
        "title": in_both(section.title),
        "note": in_both(section.note),
        "guarded": section.is_guarded,
        "whole": section.is_whole,
        "figures": figures,
    } | (
        {"counted_on": counted_on.isoformat()} if is_about_people and counted_on is not None else {}
    )


def _lines_delivered(
    section: Section, known: Collection[str], deliveries: Mapping[str, Delivery]
) -> list[Figure]:
    """The lines of ``section`` that were delivered and are not ``known``, in their words."""
    found: dict[str, Figure] = {}
    for column in sorted(deliveries):
        for one in deliveries[column].figures(section.key) or ():
            if one["key"] not in known:
                found.setdefault(
                    one["key"], Figure(one["key"], one["label"], {}, one["unit"], one["of"])
                )
    return list(found.values())


def _told(section: Section, figure: Figure, said: Delivery | None) -> int | str | None:
    """What a municipality has told of a figure; none of a line that came later.

    Where lines are those of what there was, one that is not there counted nothing.
    """
    if said is None:  # nobody has counted yet
        return HIDDEN
    told = said.figure(section.key, figure.key)
    if told is not None:
        number: int | str | None = told["total"]
        return number
    return 0 if section.lines_are_found and said.figures(section.key) is not None else None


def tables_about_people(frame: Frame, told: Told) -> Content:
    """The tables about people of one municipality, as they can be told beside ``told``."""
    return {
        "sections": [
            {
                "key": section.key,
                "figures": [
                    {
                        "key": one.key,
                        "total": HIDDEN if one.hidden else sum(one.numbers.values()),
                    }
                    for one in held_back(section, section.figures(frame), told)
                ],
            }
            for section in sections()
            if section.is_guarded and not section.is_by_group and section.is_for(frame)
        ]
    }


def held_back(section: Section, figures: Sequence[Figure], told: Told) -> Sequence[Figure]:
    """The figures of one municipality with whatever hidden that they tell of beside ``told``."""
    if section.is_lasting:
        figures = _beside_others(section, figures, told)
    now = _numbers(figures)
    if all(is_as_before(one, now) for one in _told_of(section, told.editions)):
        return figures
    return _all_hidden(figures)


def _beside_others(section: Section, figures: Sequence[Figure], told: Told) -> Sequence[Figure]:
    now = _numbers(figures)
    before, after = (_told_of(section, contents) for contents in (told.before, told.after))
    hidden: set[str] = set()
    for total, cells in section.tables(list(now)):
        table = hidden_in_series(
            _table(now, total, cells),
            [_table(one, total, cells) for one in before],
            [_table(one, total, cells) for one in after],
        )
        if table.total is None:  # what one table says of all together the other would say, too
            return _all_hidden(figures)
        hidden |= table.hidden
    return [_hidden(one) if one.key in hidden else one for one in figures]


def _numbers(figures: Iterable[Figure]) -> dict[str, int | None]:
    """What a municipality shows of itself: by figure its number, none for a hidden one."""
    return {one.key: None if one.hidden else sum(one.numbers.values()) for one in figures}


def _all_hidden(figures: Iterable[Figure]) -> list[Figure]:
    return [_hidden(one) for one in figures]


def _hidden(figure: Figure) -> Figure:
    return replace(figure, hidden=frozenset(figure.numbers))


def _told_of(section: Section, contents: Iterable[Content]) -> list[dict[str, int | None]]:
    """What those with such a section told: by figure its number, none for a hidden one."""
    return [
        {
            figure["key"]: figure["total"] if isinstance(figure["total"], int) else None
            for figure in one["figures"]
        }
        for content in contents
        for one in content["sections"]
        if one["key"] == section.key
    ]


def _table(numbers: Mapping[str, int | None], total: str, cells: Sequence[str]) -> Table:
    """A table of them; a line that was not there yet had nobody in it."""
    return Table({key: numbers.get(key, 0) for key in cells}, numbers.get(total))


def figure_in(content: Mapping[str, Any], section: str, key: str) -> Mapping[str, Any] | None:
    """A figure of a content; none where it has none."""
    for one in content["sections"]:
        if one["key"] == section:
            for figure in one["figures"]:
                if figure["key"] == key:
                    found: Mapping[str, Any] = figure
                    return found
    return None


def in_both(words: "str | Promise | Mapping[str, str]") -> Texts:
    """A text of ours by language: empty in Kalaallisut where nobody has translated it."""
    if isinstance(words, Mapping):
        return {"da": words.get("da", ""), "kl": words.get("kl", "")}
    said = {}
    for code in ("da", "kl"):
        with override(code):
            said[code] = str(words)
    if said["kl"] == said["da"]:
        said["kl"] = ""
    return said
