"""Editors' rich text: cleaned on the way into the database and on the way out to the reader.

Whatever door a text came through (the editor, a translation, an import, a changed row), it is
:func:`core.sanitize.sanitize` that decides what stays of it.
"""

from typing import Any

from django.utils.safestring import mark_safe
from wagtail import blocks
from wagtail.rich_text import RichText, expand_db_html

from core.sanitize import sanitize

#: What Wagtail's reading of the editor's JSON ends in when somebody else wrote it.
NOT_THE_EDITORS = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class CleanText(RichText):
    """Rich text that is drawn clean; ``source`` is what the database holds."""

    def __html__(self) -> str:
        return mark_safe(sanitize(expand_db_html(self.source)))  # noqa: S308  just cleaned

    def __str__(self) -> str:
        return self.__html__()


class CleanTextBlock(blocks.RichTextBlock):
    """A rich text block whose text is cleaned on its way in and out."""

    def to_python(self, value: str) -> CleanText:
        """The stored text, ready to be drawn."""
        return CleanText(value)

    def normalize(self, value: Any) -> CleanText:
        """Any text or rich text, as ours."""
        return CleanText(value.source if isinstance(value, RichText) else value)

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> CleanText:
        """What the editor sends; nothing where that is not the editor's own JSON."""
        try:
            sent: CleanText = super().value_from_datadict(data, files, prefix)
        except NOT_THE_EDITORS:
            sent = CleanText("")
        return sent

    def value_from_form(self, value: str) -> CleanText:
        """What the editor sends."""
        return CleanText(sanitize(value, profile="database"))

    def get_prep_value(self, value: RichText) -> str:
        """What is stored, whoever made it."""
        return sanitize(value.source, profile="database")
