"""The start page is put together by the apps: each says what is next for whom.

An app registers a provider in ``AppConfig.ready``::

    register(next_lesson)

    def next_lesson(request: HttpRequest, standing: Standing) -> Section | None:
        ...
        return Section(_("Continue"), "courses/start/next_lesson.html", {"lesson": lesson}, 10)

A provider answers ``None`` where it has nothing to say to this person, and asks the database the
same number of queries however much there is. Its template stands alone: it draws its own heading
from ``section.title``, and gets the section's context and nothing else but the request's
(``request``, ``user``, ``csrf_token``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


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

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let ``provider`` contribute to the start page; registering it twice changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def sections_for(request: HttpRequest, standing: Any) -> list[Section]:
    """The sections of the person with ``standing``, in order."""
    offered = (provider(request, standing) for provider in _providers)
    return sorted(
        (section for section in offered if section is not None),
        key=lambda section: (section.order, str(section.title)),
    )
