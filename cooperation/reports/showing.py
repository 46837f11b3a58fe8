"""A report in words and tables, for the page and for files: the same lines everywhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cooperation.reports.content import (
    DELIVERED,
    HIDDEN,
    MUNICIPALITY,
    NOT_DELIVERED,
    Content,
    figure_in,
)
from cooperation.reports.halves import HalfYear
from cooperation.reports.sections.base import AVERAGE, MINUTES
from core.bilingual import Text
from core.spreadsheets import Cell

#: The address of the rows behind a number: of a section, figure and column (None: of all).
Opens = Callable[[str, str, str | None], str]
NUMBER, MISSING, NOTHING = "number", "missing", "nothing"
TOTAL, BEFORE, CHANGE = "total", "before", "change"


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: as people read it, as a spreadsheet counts it, and where its rows are."""

    text: str
    value: Cell = None
    kind: str = NUMBER
    url: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its cells, in step with the headings."""

    key: str
    label: Text
    unit: str
    cells: Sequence[Shown]
    is_part: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar, in hundredths of its length."""

    x: float
    width: float
    opacity: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars that lie below each other, under a title that says what they show."""

    finding: str
    bars: Sequence[tuple[str, Sequence[Bar]]]


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown."""

    key: str
    title: Text
    note: Text
    is_guarded: bool
    #: When a municipality's table about people was counted, once and for all.
    counted_on: date | None
    headings: Sequence[str]
    lines: Sequence[Line]
    words: Text
    chart: Chart | None = None


@dataclass(frozen=True)
class ShownReport:
    """A whole report, in the active language."""

    half: HalfYear
    title: str
    about: Text
    made_on: date
    words: Text
    parts: Sequence[Part]
    columns: int
    missing: Sequence[str]
    delivered: int
    is_compared: bool
    #: What a newer edition corrects, and why; empty for a first one.
    correction: str = ""
    language: str = field(default="")


def show(content: Content, before: Content | None, opens: Opens | None = None) -> ShownReport:
    """The report as people read it.

    Args:
        before: The frozen half-year before, if there is one to compare with.
        opens: Gives the address of the rows behind a number, or nothing.

    Raises:
        ValueError: For a content that names no half-year.
    """
    half = HalfYear.parse(content["half"])
    if half is None:
        raise ValueError(content["half"])
    states = [one["state"] for one in content["columns"]]
    words = _Words(content, before, opens)
    return ShownReport(
        half=half,
        title=f"{_('Half-year report')}, {half.label}",
        about=Text.choose(content["scope"]["name"]),
        made_on=date.fromisoformat(content["made_on"]),
        words=words.of_owner(""),
        parts=[words.part(section) for section in content["sections"]],
        columns=len(states),
        missing=[one["name"] for one in content["columns"] if one["state"] == NOT_DELIVERED],
        delivered=states.count(DELIVERED),
        is_compared=before is not None,
        correction=_correction(content),
    )


def _correction(content: Content) -> str:
    edition = content.get("edition")
    if edition is None:
        return ""
    return _("Edition %(number)d. It corrects the one of %(day)s: %(reason)s") % {
        "number": edition["number"],
        "day": date_format(date.fromisoformat(edition["corrects"]), "DATE_FORMAT"),
        "reason": edition["reason"],
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts a content into words, beside the half-year before."""

    content: Content
    before: Content | None
    opens: Opens | None

    def of_owner(self, section: str) -> Text:
        return Text.choose(self.content["words"].get(section, {}))

    def part(self, section: Mapping[str, Any]) -> Part:
        several = self.content["scope"]["kind"] != MUNICIPALITY and not section["whole"]
        columns = self.content["columns"] if several else []
        total = _("Delivered, in all") if several else _("This half-year")
        names = [one["name"] for one in columns]
        return Part(
            key=section["key"],
            title=Text.choose(section["title"]),
            note=Text.choose(section["note"]),
            is_guarded=section["guarded"],
            counted_on=_day(section.get("counted_on")),
            headings=[*names, total, _("The half-year before"), _("Difference")],
            lines=[self.line(section, figure, columns) for figure in section["figures"]],
            words=self.of_owner(section["key"]),
            chart=_chart(section, self.before),
        )

    def line(
        self,
        section: Mapping[str, Any],
        figure: Mapping[str, Any],
        columns: Sequence[Mapping[str, Any]],
    ) -> Line:
        unit, base = figure["unit"], None
        if figure["of"] and (unit == AVERAGE or not section["guarded"]):
            base = next(one for one in section["figures"] if one["key"] == figure["of"])

        def address(column: str | None) -> str:
            return self.opens(section["key"], figure["key"], column) if self.opens else ""

        cells = []
        for column in columns:
            key = column["key"]
            if column["state"] == NOT_DELIVERED:
                cells.append(_not_delivered())
                continue
            whole = base["cells"].get(key) if base else None
            cells.append(_cell(figure["cells"].get(key), unit, whole, address(key)))
        is_delivered = any(one["state"] == DELIVERED for one in columns)
        if columns and not is_delivered:
            now = _not_delivered()
        else:
            now = _cell(figure["total"], unit, base["total"] if base else None, address(None))
        past = figure_in(self.before, section["key"], figure["key"]) if self.before else None
        past_base = None
        if self.before and base:
            past_base = figure_in(self.before, section["key"], figure["of"])
        was = _nothing()
        if past:
            was = _cell(past["total"], unit, past_base["total"] if past_base else None, "")
        return Line(
            key=figure["key"],
            label=Text.choose(figure["label"]),
            unit=unit,
            cells=[*cells, now, was, _change(figure, past, now, was)],
            is_part=bool(figure["of"]),
        )


def said(content: Content, section: str, key: str, column: str | None) -> str:
    """A number of a content as it is read, of one column or of all."""
    figure = figure_in(content, section, key)
    if figure is None:
        return ""
    base = figure_in(content, section, figure["of"]) if figure["unit"] == AVERAGE else None
    number, whole = (
        None if one is None else one["total"] if column is None else one["cells"].get(column)
        for one in (figure, base)
    )
    return _cell(number, figure["unit"], whole, "").text


def _day(key: str | None) -> date | None:
    return date.fromisoformat(key) if key else None


def _not_delivered() -> Shown:
    return Shown(_("Not delivered"), _("not delivered"), MISSING)


def _nothing() -> Shown:
    return Shown("–", None, NOTHING)


def _cell(number: Any, unit: str, whole: Any, url: str) -> Shown:
    if number == HIDDEN:
        return Shown(_("Hidden"), _("hidden"), HIDDEN)
    if number is None:
        return _nothing()
    if unit == AVERAGE:
        return _average(number, whole, url)
    share = ""
    if isinstance(whole, int) and whole:
        share = f"{percent(number, whole)}\N{NO-BREAK SPACE}%"
    return Shown(_said(number, unit), _counted(number, unit), NUMBER, url, share)


def _average(number: int, whole: Any, url: str) -> Shown:
    if not isinstance(whole, int) or not whole:
        return _nothing()
    value = (Decimal(number) / whole).quantize(Decimal("0.1"))
    return Shown(number_format(value, 1), value, NUMBER, url)


def _change(
    figure: Mapping[str, Any], before: Mapping[str, Any] | None, now: Shown, was: Shown
) -> Shown:
    """The difference of two numbers, of averages as they are shown."""
    unit = figure["unit"]
    if unit == AVERAGE:
        if not isinstance(now.value, Decimal) or not isinstance(was.value, Decimal):
            return _nothing()
        change = now.value - was.value
        return Shown(f"{_sign(change)}{number_format(abs(change), 1)}", change)
    number, past = figure["total"], before["total"] if before else None
    if not isinstance(number, int) or not isinstance(past, int):
        return _nothing()
    more = number - past
    return Shown(f"{_sign(more)}{_said(abs(more), unit)}", _counted(more, unit))


def _sign(change: Decimal | int) -> str:
    return "+" if change > 0 else "−" if change < 0 else "±"


def percent(part: int, whole: int) -> int:
    """A share in whole hundredths, halves away from zero."""
    return (200 * part + whole) // (2 * whole)


def _counted(number: int, unit: str) -> int | Decimal:
    """The number as a spreadsheet counts it: hours have one decimal."""
    return (Decimal(number) / 60).quantize(Decimal("0.1")) if unit == MINUTES else number


def _said(number: int, unit: str) -> str:
    decimals = 1 if unit == MINUTES else 0
    return number_format(_counted(number, unit), decimals, force_grouping=True)


# --- Charts ---------------------------------------------------------------------------------------

_OPACITY = {"in_front": "0.3", "beside": "0.6", "behind": "1"}


def _chart(section: Mapping[str, Any], before: Content | None) -> Chart | None:
    """How the three modes share the sessions, now and before; the finding is the share behind."""
    if section["key"] != "modes":
        return None
    now = _shares(section)
    if now is None:
        return None
    was_section = next(
        (one for one in before["sections"] if one["key"] == "modes") if before else iter(()), None
    )
    was = _shares(was_section) if was_section else None
    behind = now["behind"][1]
    if was is None:
        finding = _("Behind: %(now)s %% of the sessions") % {"now": behind}
    else:
        finding = _("Behind: %(now)s %% of the sessions, %(was)s %% the half-year before") % {
            "now": behind,
            "was": was["behind"][1],
        }
    bars = [(_("This half-year"), _bars(now))]
    if was is not None:
        bars.append((_("The half-year before"), _bars(was)))
    return Chart(finding, bars)


def _shares(section: Mapping[str, Any]) -> dict[str, tuple[str, int]] | None:
    figures = {one["key"]: one for one in section["figures"]}
    whole = figures["all"]["total"]
    if not isinstance(whole, int) or not whole:
        return None
    return {
        mode: (str(Text.choose(figures[mode]["label"])), percent(figures[mode]["total"], whole))
        for mode in _OPACITY
    }


def _bars(shares: Mapping[str, tuple[str, int]]) -> list[Bar]:
    bars, x = [], 0.0
    for mode, (label, share) in shares.items():
        width = min(share, 100 - x)
        bars.append(Bar(x, width, _OPACITY[mode], label, f"{share} %"))
        x += width
    return bars


# --- Tables ---------------------------------------------------------------------------------------


def table(shown: ShownReport) -> tuple[list[str], list[list[Cell]]]:
    """The report as one table: header and rows, for CSV and Excel."""
    most = max((part.headings for part in shown.parts), key=len)
    names = list(most[:-3])
    header = [
        _("Section"), _("Figure"), _("Unit"), *names, _("In all"), _("Share in %"),
        _("The half-year before"), _("Difference"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    if shown.correction:
        rows.append([_("Edition"), shown.correction] + [None] * (len(header) - 2))
    if shown.words:
        rows.append([_("Summary"), str(shown.words)] + [None] * (len(header) - 2))
    for part in shown.parts:
        if part.words:
            rows.append([str(part.title), str(part.words)] + [None] * (len(header) - 2))
        for line in part.lines:
            *own, now, was, change = line.cells
            padded = [cell.value for cell in own] or [None] * len(names)
            share = int(now.share.removesuffix("\N{NO-BREAK SPACE}%")) if now.share else None
            unit = {MINUTES: _("hours"), AVERAGE: _("average")}.get(line.unit, _("count"))
            named = [str(part.title), str(line.label), unit]
            rows.append([*named, *padded, now.value, share, was.value, change.value])
    return header, rows


def file_name(shown: ShownReport, kind: str) -> str:
    """What a file of the report is called."""
    return f"halvaarsrapport-{shown.half.key}.{kind}"
