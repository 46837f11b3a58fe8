"""A notice in words: in the active language, with moments on the clock of their town."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from core import telling
from core.languages import human_date
from notices.models import Notice


@dataclass(frozen=True, slots=True)
class Said:
    """A notice as a page or a mail shows it."""

    notice: Notice
    title: str
    more: str
    about: str
    url: str


def say(notice: Notice) -> Said:
    """The notice in the active language; one whose kind a release has dropped says little."""
    kind = telling.kind_of(notice.kind)
    if kind is None:
        return Said(notice, _("A message from Sidemand"), "", "", "")
    facts = _in_words(notice.facts)
    return Said(
        notice, str(kind.title) % facts, str(kind.more) % facts, str(kind.about), _address(notice)
    )


def _in_words(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts; ``when_at`` becomes ``when``, on the clock of ``zone`` in ``town``.

    A day, ``begins_on``, becomes ``begins``.
    """
    words = dict(facts)
    for name, value in facts.items():
        moment = parse_datetime(value) if name.endswith("_at") and value else None
        if isinstance(moment, datetime):
            words[name.removesuffix("_at")] = human_date(
                moment, zone=facts.get("zone") or None, place=str(facts.get("town", ""))
            )
        day = parse_date(value) if name.endswith("_on") and value else None
        if day is not None:
            words[name.removesuffix("_on")] = human_date(day)
    return words


def _address(notice: Notice) -> str:
    if not notice.url:
        return ""
    try:
        return reverse(notice.url, args=notice.url_args)
    except NoReverseMatch:  # a page that a release has dropped
        return ""
