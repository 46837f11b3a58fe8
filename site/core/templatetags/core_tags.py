"""Small helps for the components: what a template cannot work out by itself."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from core.languages import human_date

register = template.Library()

First = TypeVar("First")
Second = TypeVar("Second")


@register.filter
def first_input_id(field: BoundField) -> str:
    """The id an error links to: the field's own, or that of its first choice."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter(is_safe=True)
def named_search(html: str) -> str:
    """``html`` of Wagtail, which names its search buttons in English whatever the language."""
    return html.replace('value="Search"', f'value="{gettext("Search")}"')


@register.filter
def summary_errors(field: BoundField) -> list[str]:
    """The errors of ``field`` for the summary.

    Where only something is missing, the stock words are the same for every field: the label
    goes first then.
    """
    lines = []
    for error in field.errors.as_data():
        message = error.messages[0]
        lines.append(f"{field.label} – {message}" if error.code == "required" else message)
    return lines


@register.filter
def pair_with(first: Sequence[First], second: Sequence[Second]) -> list[tuple[First, Second]]:
    """``first`` and ``second`` in step; both must be equally long."""
    return list(zip(first, second, strict=True))


@register.filter
def said(when: date | None, place: Any = None) -> str:
    """A day or a moment as people say it; a moment at ``place`` on the clock of that town."""
    if when is None:
        return ""
    if not place:
        return human_date(when)
    return human_date(when, zone=place.time_zone, place=str(place))


@register.filter
def pages_around(page: Page[Any]) -> list[int | None]:
    """The numbers that lead on from ``page``: first, last, its neighbours; None for a gap.

    As many for four thousand pages as for seven.
    """
    last = page.paginator.num_pages
    shown = sorted({1, *range(max(1, page.number - 1), min(last, page.number + 1) + 1), last})
    found: list[int | None] = []
    for number in shown:
        if found and number != (found[-1] or 0) + 1:
            found.append(None)
        found.append(number)
    return found


@register.simple_tag
def kept(name: str, **values: Any) -> SafeString:
    """The template ``name``, drawn once per language and ``values``, and kept.

    For components that show nothing but their values and stand many times on a page, or on every
    page. Each value must be hashable, and few must be different.
    """
    draw = _draw if settings.DEBUG else _drawn
    return draw(name, get_language(), **values)


def _draw(name: str, _language: str | None, **values: Any) -> SafeString:
    return render_to_string(name, values)


_drawn = lru_cache(maxsize=512, typed=True)(_draw)


@register.simple_tag
def interface_lang() -> SafeString:
    """The attribute that says "in Danish" of our own words within text in another language."""
    danish = settings.LANGUAGE_CODE
    return format_html(' lang="{}"', danish) if get_language() != danish else SafeString("")


@register.inclusion_tag("components/sparkbar.html")
def sparkbar(values: Iterable[float], finding: str) -> dict[str, Any]:
    """A row of small bars under the title ``finding``, which says what they show."""
    heights = list(values)
    tallest = max(heights, default=0) or 1
    bars = [
        {"x": index * 8, "y": 24 - share, "height": share}
        for index, share in enumerate(max(1, round(24 * value / tallest)) for value in heights)
    ]
    return {"bars": bars, "width": max(len(bars) * 8 - 2, 1), "finding": finding}
