"""The report on A4: tagged (PDF/UA), with its own fonts and the charts of the page."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cooperation.reports.content import HIDDEN
from cooperation.reports.showing import MISSING, Chart, Line, Part, ShownReport
from core.bilingual import Text

TEMPLATE = Path(__file__).with_name("template.typ")
_ROW = 28  # how far below each other bars lie


def draw(shown: ShownReport) -> bytes:
    """The PDF of a report, in the active language."""
    import typst  # 30 MB that only this needs

    drawn: bytes = typst.compile(
        _template(),
        sys_inputs={"data": json.dumps(contents(shown), ensure_ascii=False)},
        pdf_standards="ua-1",  # tagged: read aloud in order, with title, language and alt texts
        ignore_system_fonts=True,  # those that come with the library have every letter of ours
    )
    return drawn


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def contents(shown: ShownReport) -> dict[str, Any]:
    """Everything that the PDF says, each text with its language."""
    language = get_language() or settings.LANGUAGE_CODE
    day = shown.made_on
    issuer = f"Sidemand · {settings.SIDEMAND_RUN_BY}" if settings.SIDEMAND_RUN_BY else "Sidemand"
    return {
        "language": language,
        "issuer": issuer,
        "title": f"{shown.title}: {shown.about}",
        "heading": shown.title,
        "about": _text(shown.about),
        "day": [day.year, day.month, day.day],
        "made": _("As of %(day)s") % {"day": date_format(day, "DATE_FORMAT")},
        "correction": shown.correction,
        "missing": _("Not delivered: %(names)s") % {"names": ", ".join(shown.missing)}
        if shown.missing
        else "",
        "hidden": " ".join(
            [
                _("Groups of fewer than five people are hidden, with what would give them away."),
                _(
                    "So is what a correction or another half-year would give away; and ratings, "
                    "paths, courses and certificates while the half-year runs."
                ),
            ]
        ),
        "figure": _("Figure"),
        "wide": shown.columns > 1,
        "words": _text(shown.words),
        "said": _("In the owner's words"),
        "parts": [_part(part) for part in shown.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": _text(part.title),
        "note": _text(part.note),
        "guarded": part.is_guarded,
        "counted": _counted(part),
        "headings": list(part.headings),
        "lines": [_line(line) for line in part.lines],
        "words": _text(part.words),
        "chart": _chart(part.chart) if part.chart else None,
    }


def _counted(part: Part) -> str:
    if part.counted_on is None:
        return ""
    said = _(
        "Counted %(day)s and not again: two counts side by side would tell who came in between."
    )
    return said % {"day": date_format(part.counted_on, "DATE_FORMAT")}


def _line(line: Line) -> dict[str, Any]:
    return {
        "label": _text(line.label),
        "part": line.is_part,
        "cells": [
            {
                "text": f"{cell.text} ({cell.share})" if cell.share else cell.text,
                "soft": cell.kind in {MISSING, HIDDEN},
            }
            for cell in line.cells
        ],
    }


def _chart(chart: Chart) -> dict[str, Any]:
    rows = [(_ROW * number, bars) for number, (_name, bars) in enumerate(chart.bars)]
    context = {"rows": rows, "height": _ROW * len(rows)}
    drawn = render_to_string("cooperation/reports/chart_paper.svg", context)
    legends = [
        f"{name}: " + " · ".join(f"{bar.label} {bar.text}" for bar in bars)
        for name, bars in chart.bars
    ]
    return {"finding": chart.finding, "svg": drawn, "alt": "; ".join(legends), "legends": legends}


def _text(text: Text) -> dict[str, str]:
    return {"text": str(text), "lang": text.language}
