"""Text that exists in Danish and perhaps in Kalaallisut, shown in the reader's language.

A missing text falls back to Danish and says so: whoever draws it puts ``lang`` on the element.
Nothing is ever translated by a machine.
"""

from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.utils.translation import get_language


class Text(str):
    """A text that knows its language: in templates ``text`` and ``text.language``."""

    language: str
    is_fallback: bool
    __slots__ = ("is_fallback", "language")

    @classmethod
    def choose(cls, texts: Mapping[str, str], language: str | None = None) -> Self:
        """The text in ``language`` (default: the active one), else in Danish, else in any."""
        wanted = language or get_language() or settings.LANGUAGE_CODE
        found = next(
            (code for code in (wanted, settings.LANGUAGE_CODE, *texts) if texts.get(code)), wanted
        )
        text = cls(texts.get(found, ""))
        text.language = found
        text.is_fallback = found != wanted
        return text


class Bilingual:
    """Reads the fields ``<name>_da`` and ``<name>_kl`` of a model as one :class:`Text`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.fields = {code: f"{name}_{code}" for code in ("da", "kl")}

    def __get__(self, instance: Any, owner: type | None = None) -> Text:
        return Text.choose({code: getattr(instance, name) for code, name in self.fields.items()})
