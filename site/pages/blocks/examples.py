"""Examples of good practice, as the library says them now."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cooperation.models import Practice


def approved_examples() -> list[tuple[str, str]]:
    """What an editor chooses from: the examples that everybody reads. Only a form asks."""
    found = Practice.objects.live().select_related("live").order_by("-reviewed_at", "pk")
    return [(str(one.pk), str(one.live.title)) for one in found if one.live is not None]


class ExampleBlock(blocks.ChoiceBlock):
    """An example of good practice, as the library says it now.

    It is chosen by its key and read when the body is drawn, once for all readers: a lesson without
    one asks nothing. Whatever shows it is drawn anew when it changes (``pages.receivers``).
    """

    choices = staticmethod(approved_examples)

    def get_context(
        self, value: str | None, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds ``practice`` and ``text``: nothing for one that is off the shelf."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        practice = _example(value)
        return context | {"practice": practice, "text": practice.live if practice else None}

    def get_searchable_content(self, value: str | None) -> list[str]:
        """What a reader finds the page by."""
        practice = _example(value)
        if practice is None or practice.live is None:
            return []
        text = practice.live
        return [str(text.title), str(text.problem), str(text.done)]

    def extract_references(self, value: str | None) -> Iterator[tuple[type[Any], str, str, str]]:
        """The example it names, so that the pages that show it are known."""
        if value:
            yield Practice, value, "", ""

    class Meta:
        icon = "pick"
        label = _("Good practice")
        description = _("An example from the library: what was the problem, what was done.")
        template = "pages/blocks/example.html"


def _example(value: str | None) -> Practice | None:
    with suppress(ValueError):
        found = Practice.objects.live().select_related("live", "organisation")
        return found.filter(pk=UUID(value)).first() if value else None
    return None
