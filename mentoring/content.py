"""What a session says: the one place that judges it, for the form, the API and commands.

The content is plain JSON of version 1::

    {"schema": 1, "held_on": "2027-02-03", "minutes": 90, "place": "ilulissat",
     "participants": ["<uuid>", …], "topics": ["receipt", …], "mode": "beside",
     "went_well": "…", "next_step": "…",
     "languages": ["kl-west", …], "interpreter": "", "tools": "…"}

and, where something is filled in, only then::

    {"competences": [{"competence": "<uuid>", "observed": "mostly"}, …],
     "text_languages": {"went_well": "da", …},
     "next_owner": "<uuid>", "next_by": "2027-02-10"}

Lists are sorted and hold nothing twice, so that the same content has the same hash.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.identity import refuse_cpr_like
from mentoring.models import MOST_CHARACTERS, MOST_MINUTES, TEXTS, Mode, Observed

SCHEMA = 1
#: What stands in a content only where it is filled in, so that what was sent before keeps its hash.
OPTIONAL = ("competences", "text_languages", "next_owner", "next_by")
#: What cannot be seen in a field and breaks documents: control characters but tab and new line.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Language(models.TextChoices):
    """What was spoken; several may be ticked."""

    WEST = "kl-west", _("West Greenlandic")
    EAST = "kl-east", _("East Greenlandic")
    NORTH = "kl-north", _("North Greenlandic")
    DANISH = "da", _("Danish")


class Interpreter(models.TextChoices):
    """Who interpreted."""

    NOT_NEEDED = "not_needed", _("Not needed")
    COLLEAGUE = "colleague", _("A colleague")
    PROFESSIONAL = "professional", _("An interpreter in the room")
    PHONE_VIDEO = "phone_video", _("An interpreter by phone or video")
    MISSING = "needed_not_available", _("Needed, but there was none")


class TextLanguage(models.TextChoices):
    """What a text is written in."""

    DANISH = "da", _("Danish")
    KALAALLISUT = "kl", _("Kalaallisut")


@dataclass(frozen=True)
class Frame:
    """What a session may refer to: decided by its pairing and the day it was sent."""

    caseworkers: Collection[UUID]
    mentors: Collection[UUID]
    places: Collection[str]
    topics: Collection[str]
    today: date
    competences: Collection[UUID] = ()

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """The narrowest frame that ``content``, accepted before, fits into."""
        participants = frozenset(UUID(one) for one in content["participants"])
        members = participants | {UUID(one) for one in [content.get("next_owner")] if one}
        practised = {UUID(row["competence"]) for row in content.get("competences", ())}
        place, topics = {content["place"]}, content["topics"]
        return cls(participants, members, place, topics, date.max, practised)


def clean_content(raw: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    """The content that ``raw`` states, in its one spelling.

    Raises:
        ValidationError: A dictionary with the messages of each field. No message repeats a
            text.
    """
    errors: dict[str, list[ValidationError]] = {}
    content: dict[str, Any] = {"schema": SCHEMA}

    def take(key: str, judge: Any, *arguments: Any) -> None:
        try:
            content[key] = judge(raw.get(key), *arguments)
        except ValidationError as error:
            errors[key] = error.error_list

    if raw.get("schema", SCHEMA) != SCHEMA:
        errors["schema"] = [ValidationError(_("This version of the form is not known."))]
    take("held_on", _day, frame.today)
    take("minutes", _minutes)
    take("place", _one_of, frame.places, _("Choose the town you worked in."))
    take("participants", _participants, frame)
    take("topics", _several_of, frame.topics, _("Choose what you worked on, at least one step."))
    take("mode", _one_of, Mode.values, _("Choose how you worked: in front, beside or behind."))
    take("languages", _some_of, Language.values)
    take("interpreter", _one_or_none_of, Interpreter.values)
    for key in TEXTS:
        take(key, clean_text)
    take("competences", _competences, frame.competences)
    take("text_languages", _text_languages, content)
    take("next_owner", _owner, raw, frame)
    take("next_by", _due, content.get("held_on"))
    for key in OPTIONAL:
        if not content.get(key):
            content.pop(key, None)
    if errors:
        raise ValidationError(errors)
    return content


def clean_text(value: Any, *, most: int = MOST_CHARACTERS) -> str:
    """A free text in NFC with plain line ends, at most 500 characters, without CPR numbers."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValidationError(_("Write a text."), code="invalid")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if (excess := len(text) - most) > 0:
        raise ValidationError(
            ngettext_lazy(
                "Shorten the text by %(excess)d character; there is room for %(most)d.",
                "Shorten the text by %(excess)d characters; there is room for %(most)d.",
                "excess",
            ),
            params={"excess": excess, "most": most},
            code="max_length",
        )
    if _UNSEEN.search(text) or not _is_whole(text):
        raise ValidationError(
            _("The text holds characters that cannot be seen. Delete them, or write it anew."),
            code="unseen_characters",
        )
    refuse_cpr_like(text)
    return text


def _is_whole(text: str) -> bool:
    """Whether ``text`` has no half of a surrogate pair, which UTF-8 cannot say."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _day(value: Any, today: date) -> str:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValidationError(_("Write the day you worked together."), code="invalid") from None
    if day > today:
        raise ValidationError(_("The day has not come yet."), code="future")
    return day.isoformat()


def _minutes(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_MINUTES:
        raise ValidationError(
            _("Write how many minutes you worked together, for example 90."), code="invalid"
        )
    return value


def _one_of(value: Any, allowed: Collection[str], message: Any) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValidationError(message, code="invalid_choice")
    return value


def _one_or_none_of(value: Any, allowed: Collection[str]) -> str:
    return _one_of(value, allowed, _("Choose one from the list.")) if value else ""


def _some_of(value: Any, allowed: Collection[str]) -> list[str]:
    chosen = _strings(value)
    if not set(chosen) <= set(allowed):
        raise ValidationError(_("Choose from the list."), code="invalid_choice")
    return sorted(set(chosen))


def _several_of(value: Any, allowed: Collection[str], message: Any) -> list[str]:
    chosen = _some_of(value, allowed)
    if not chosen:
        raise ValidationError(message, code="required")
    return chosen


def _participants(value: Any, frame: Frame) -> list[str]:
    try:
        chosen = {UUID(one) for one in _strings(value)}
    except ValueError:
        chosen = set()
    if not chosen & set(frame.caseworkers):
        raise ValidationError(_("Choose at least one colleague you worked with."), code="required")
    if not chosen <= {*frame.caseworkers, *frame.mentors}:
        raise ValidationError(
            _("Choose people who were members of the pairing on that day."), code="invalid_choice"
        )
    return sorted(str(one) for one in chosen)


def _competences(value: Any, known: Collection[UUID]) -> list[dict[str, str]]:
    """What was practised and how completely, each competence once."""
    found: dict[str, str] = {}
    rows = [] if value is None else value
    if not isinstance(rows, list):
        raise ValidationError(_("Choose from the list."), code="invalid_choice")
    for row in rows:
        stated = row if isinstance(row, Mapping) else {}
        competence = _uuid(stated.get("competence"))
        observed = _one_of(stated.get("observed"), Observed.values, _("Choose from the list."))
        if competence is None or competence not in known or str(competence) in found:
            raise ValidationError(_("Choose from the list."), code="invalid_choice")
        found[str(competence)] = observed
    return [{"competence": key, "observed": found[key]} for key in sorted(found)]


def _text_languages(value: Any, content: Mapping[str, Any]) -> dict[str, str]:
    """The language of each text that is there."""
    stated = {} if value is None else value
    if not isinstance(stated, Mapping) or not set(stated) <= set(TEXTS):
        raise ValidationError(_("Choose from the list."), code="invalid_choice")
    chosen = {key: _one_or_none_of(stated[key], TextLanguage.values) for key in stated}
    return {key: chosen[key] for key in TEXTS if chosen.get(key) and content.get(key)}


def _owner(value: Any, raw: Mapping[str, Any], frame: Frame) -> str:
    """Who does the next step: a member, if there is a step to do and somebody is named."""
    if not value:
        if raw.get("next_by"):
            raise ValidationError(_("Choose who does it."), code="required")
        return ""
    owner = _uuid(value)
    if owner is None or owner not in {*frame.caseworkers, *frame.mentors}:
        raise ValidationError(
            _("Choose somebody who was a member of the pairing on that day."),
            code="invalid_choice",
        )
    if not isinstance(step := raw.get("next_step"), str) or not step.strip():
        raise ValidationError(_("Write the next step that somebody is to do."), code="required")
    return str(owner)


def _due(value: Any, held_on: str | None) -> str:
    """By when: not before they worked together."""
    if not value:
        return ""
    try:
        day = date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValidationError(_("Write a day, or leave it empty."), code="invalid") from None
    if held_on is not None and day < held_on:
        raise ValidationError(_("The day lies before the session. Change one of them."))
    return day


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _strings(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, Iterable) or isinstance(value, str | Mapping):
        raise ValidationError(_("Choose from the list."), code="invalid_choice")
    chosen = list(value)
    if not all(isinstance(one, str) for one in chosen):
        raise ValidationError(_("Choose from the list."), code="invalid_choice")
    return chosen
