"""The start page is put together by the apps: each says what is next for whom.

An app registers a provider in ``AppConfig.ready``::

    register(next_lesson)

    def next_lesson(request: HttpRequest, standing: Standing) -> Section | None:
        ...
        return Section(_("Continue"), "courses/start/next_lesson.html", {"lesson": lesson}, 10)

A provider answers ``None`` where it has nothing to say to this person, and asks the database the
same number of queries however much there is. One that speaks only of rows that most people lack
names them (``register(next_lesson, lessons_begun)``) and is not asked where there are none: those
of all apps are looked for in one query. Its template stands alone: it draws its own heading
from ``section.title``, and gets the section's context and nothing else but the request's
(``request``, ``user``, ``csrf_token``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from core.looking import with_something


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the start page.

    Args:
        title: The heading.
        template: Draws the section.
        context: What the template takes.
        order: Lower comes first. 0–9 what waits for me, 10–29 my next step, 30–59 what I follow,
            from 60 what I may look up.
        is_next_step: Whether it may hold the one filled button of the page; of several, only the
            first keeps it (``may_fill`` in its template).
    """

    title: "str | Promise"
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
    is_next_step: bool = False


Provider = Callable[[HttpRequest, Any], Section | None]
#: What of the rows that a provider speaks of is the person's with this standing.
Lookup = Callable[[Any], "QuerySet[Any]"]

_providers: dict[Provider, tuple[Lookup, ...]] = {}


def register(provider: Provider, *lookups: Lookup) -> None:
    """Let ``provider`` contribute to the start page; registering it twice changes nothing.

    Args:
        lookups: If there are any, it is asked only where one of them finds something.
    """
    _providers.setdefault(provider, lookups)


def sections_for(request: HttpRequest, standing: Any) -> list[Section]:
    """The sections of the person with ``standing``, in order."""
    asked = with_something(
        standing.person,
        {one: [rows(standing) for rows in lookups] for one, lookups in _providers.items()},
    )
    offered = (provider(request, standing) for provider in asked)
    return sorted(
        (section for section in offered if section is not None),
        key=lambda section: (section.order, str(section.title)),
    )
