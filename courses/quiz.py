"""The quiz of a lesson as a form: drawn once for all readers, filled in by each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import F, QuerySet
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text
from courses.models import Lesson, QuestionVersion

FIELD = "answer-"
MOST_DRAWN = 400


def asked_in(lesson: Lesson) -> QuerySet[QuestionVersion]:
    """What ``lesson`` asks now, in its order. One query."""
    return (
        QuestionVersion.objects.filter(is_current=True, question__lesson_questions__lesson=lesson)
        .annotate(position=F("question__lesson_questions__position"))
        .order_by("position")
    )


@dataclass(frozen=True)
class AskedQuestion:
    """A question with its field, as the template draws it."""

    number: int
    version: QuestionVersion
    field: BoundField


class QuizForm(forms.Form):
    """One field for each question, named after the version that is shown.

    An answer is judged by the version the reader saw. So a form that comes back keeps the
    versions it was drawn with, as long as they belong to questions that the lesson asks.
    """

    def __init__(
        self, versions: Iterable[QuestionVersion], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        current = list(versions)
        self.versions = _as_sent(current, data) if data is not None else current
        for number, version in enumerate(self.versions, start=1):
            self.fields[f"{FIELD}{version.pk}"] = _field(number, version)

    @property
    def questions(self) -> Iterator[AskedQuestion]:
        """The questions in their order."""
        for number, version in enumerate(self.versions, start=1):
            yield AskedQuestion(number, version, self[f"{FIELD}{version.pk}"])

    @property
    def answers(self) -> dict[UUID, set[UUID]]:
        """What was chosen, by version; only of a valid form."""
        chosen = {
            version.pk: self.cleaned_data[f"{FIELD}{version.pk}"] for version in self.versions
        }
        return {
            key: {UUID(one) for one in ([given] if isinstance(given, str) else given)}
            for key, given in chosen.items()
        }


def draw_questions(lesson: Lesson, language: str, *, is_signed_in: bool) -> SafeString:
    """The questions of ``lesson`` as HTML, the same for every reader who is signed in or not.

    Kept in this process under the stamp of the lesson, which grows with each change. Empty
    when the lesson asks nothing.
    """
    return _draw(lesson.pk, lesson.body_stamp, language, is_signed_in)


@lru_cache(maxsize=MOST_DRAWN)
def _draw(key: UUID, _stamp: int, _language: str, is_signed_in: bool) -> SafeString:
    versions = list(asked_in(Lesson(pk=key)))
    if not versions:
        return SafeString("")
    return render_to_string(
        "courses/questions.html" if is_signed_in else "courses/questions_to_read.html",
        {"form": QuizForm(versions), "versions": versions},
    )


def _as_sent(current: list[QuestionVersion], data: Mapping[str, Any]) -> list[QuestionVersion]:
    """For each question the version that the sent form showed, else the current one."""
    keys = {UUID(name) for field in data if (name := _key_in(field))}
    earlier = keys - {version.pk for version in current}
    if not earlier:
        return current
    shown = {
        version.question_id: version for version in QuestionVersion.objects.filter(pk__in=earlier)
    }
    return [shown.get(version.question_id, version) for version in current]


def _key_in(field: str) -> str:
    """The key of a version in the name of a field; empty for any other name."""
    name = field.removeprefix(FIELD)
    try:
        return str(UUID(name)) if name != field else ""
    except ValueError:
        return ""


def _field(number: int, version: QuestionVersion) -> forms.Field:
    options: dict[str, Any] = {
        "label": _marked(version.text),
        "choices": [(choice.id, _marked(choice.text)) for choice in version.choices],
        "error_messages": {
            "required": _("Choose an answer to question %(number)d.") % {"number": number},
            "invalid_choice": _("Choose one of the answers to question %(number)d.")
            % {"number": number},
            "invalid_list": _("Choose one of the answers to question %(number)d.")
            % {"number": number},
        },
    }
    if version.takes_several:
        return forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple, help_text=_("Several may be right."), **options
        )
    return forms.ChoiceField(widget=forms.RadioSelect, **options)


def _marked(text: Text) -> str:
    """``text`` with its language, where that is not Danish, as everything around it."""
    if text.language != settings.LANGUAGE_CODE:
        return format_html('<span lang="{}">{}</span>', text.language, text)
    return text
