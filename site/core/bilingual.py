"""Text that exists in Danish and perhaps in Kalaallisut, shown in the reader's language.

A missing text falls back to Danish and says so: whoever draws it puts ``lang`` on the element.
Nothing is ever translated by a machine.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language


class Text(str):
    """A text that knows its language: in templates ``text`` and ``text.language``.

    ``is_older`` is true of a translation whose Danish says something else by now.
    """

    language: str
    is_fallback: bool
    is_older: bool
    __slots__ = ("is_fallback", "is_older", "language")

    def __new__(cls, said: object = "") -> Self:
        text = super().__new__(cls, said)
        text.is_older = False
        return text

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


class Translated(models.Model):
    """A record whose translations remember the Danish words they were made from.

    ``made_from`` holds a digest of them by the field of the translation. So whoever reads the
    record sees without a further query whether the Danish has changed since. A field that is not
    in it has a translation of which that is not known.
    """

    made_from: "models.JSONField[Any, Any]" = models.JSONField(null=True, editable=False)

    class Meta:
        abstract = True

    def remember_danish(self, name: str, language: str) -> bool:
        """Note what the translation of the text ``name`` stands beside now; whether it is new.

        Nothing is saved here.
        """
        field = f"{name}_{language}"
        known = dict(self.made_from or {})
        if getattr(self, field):
            known[field] = _digest(self._danish(name))
        else:
            known.pop(field, None)
        if known == (self.made_from or {}):
            return False
        self.made_from = known or None
        return True

    def is_older(self, name: str, language: str) -> bool:
        """Whether the Danish of the text ``name`` has changed since its translation was made."""
        field = f"{name}_{language}"
        known = (self.__dict__.get("made_from") or {}).get(field)
        return bool(known and getattr(self, field) and known != _digest(self._danish(name)))

    def _danish(self, name: str) -> str:
        return str(getattr(self, f"{name}_{settings.LANGUAGE_CODE}"))


def _digest(words: str) -> str:
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Bilingual:
    """Reads the fields ``<name>_da`` and ``<name>_kl`` of a model as one :class:`Text`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.fields = {code: f"{name}_{code}" for code in ("da", "kl")}

    def __get__(self, instance: Any, owner: type | None = None) -> Text:
        text = Text.choose({code: getattr(instance, name) for code, name in self.fields.items()})
        if isinstance(instance, Translated):
            text.is_older = instance.is_older(self.name, text.language)
        return text
