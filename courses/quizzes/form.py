"""The quiz of a lesson as a form: drawn once for all readers, filled in by each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F, QuerySet
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.bilingual import Text
from core.guard import GuardedFormMixin
from courses.kinds import Given, arrangement_of, kind_of, text_in
from courses.kinds.placing import Matching
from courses.models import Lesson, QuestionVersion

FIELD = "answer-"
UUID_LENGTH = 36
MOST_DRAWN = 400 * 3  # few lessons are drawn in every arrangement


def asked_in(lesson: Lesson) -> QuerySet[QuestionVersion]:
    """What ``lesson`` asks now, in its order. One query."""
    return (
        QuestionVersion.objects.filter(is_current=True, question__lesson_questions__lesson=lesson)
        .annotate(position=F("question__lesson_questions__position"))
        .order_by("position")
    )


@dataclass(frozen=True)
class AskedQuestion:
    """A question with its fields, as the template draws it."""

    number: int
    version: QuestionVersion
    legend: str
    fields: Sequence[BoundField]

    @property
    def field(self) -> BoundField | None:
        """The only field, where one is enough; it carries the question as its label."""
        return self.fields[0] if self.fields[0].name == name_of(self.version) else None


class QuizForm(GuardedFormMixin, forms.Form):
    """The fields of each question, named after the version that is shown.

    An answer is judged by the version the reader saw. So a form that comes back keeps the
    versions it was drawn with, as long as they belong to questions that the lesson asks.

    Args:
        arrangement: In which order the answers stand; see ``kinds.arrangement_of``.
    """

    def __init__(
        self,
        versions: Iterable[QuestionVersion],
        data: Mapping[str, Any] | None = None,
        *,
        arrangement: int = 0,
    ) -> None:
        super().__init__(data)
        current = list(versions)
        self.versions = _as_sent(current, data) if data is not None else current
        self._parts: dict[UUID, list[str]] = {}
        for number, version in enumerate(self.versions, start=1):
            fields = kind_of(version).fields(version, number, arrangement)
            self._parts[version.pk] = list(fields)
            for part, field in fields.items():
                self.fields[name_of(version, part)] = field

    @property
    def questions(self) -> Iterator[AskedQuestion]:
        """The questions in their order."""
        for number, version in enumerate(self.versions, start=1):
            fields = [self[name_of(version, part)] for part in self._parts[version.pk]]
            yield AskedQuestion(number, version, kind_of(version).legend(version), fields)

    def clean(self) -> dict[str, Any]:
        """Refuse what the fields of one question say together."""
        cleaned: dict[str, Any] = super().clean() or {}
        for number, version in enumerate(self.versions, start=1):
            values = self._values(version)
            if len(values) == len(self._parts[version.pk]):
                for part, error in kind_of(version).errors(version, number, values).items():
                    self.add_error(name_of(version, part), error)
        return cleaned

    @property
    def answers(self) -> dict[UUID, Given]:
        """What was answered, by version; only of a valid form."""
        return {
            version.pk: kind_of(version).given(version, self._values(version))
            for version in self.versions
        }

    def _values(self, version: QuestionVersion) -> dict[str, Any]:
        """The cleaned values of the fields of one question, by part."""
        names = {part: name_of(version, part) for part in self._parts[version.pk]}
        cleaned = self.cleaned_data
        return {part: cleaned[name] for part, name in names.items() if name in cleaned}


def name_of(version: QuestionVersion, part: str = "") -> str:
    """The name of a field."""
    return f"{FIELD}{version.pk}-{part}" if part else f"{FIELD}{version.pk}"


def draw_questions(
    lesson: Lesson,
    language: str,
    *,
    is_signed_in: bool,
    attempt_id: UUID | None = None,
    heading_level: int = 3,
) -> SafeString:
    """The questions of ``lesson`` as HTML, the same for every reader who is signed in or not.

    Kept in this process under the stamp of the lesson, which grows with each change, once for
    each arrangement of the answers; the id of the attempt says which. Empty when the lesson
    asks nothing.
    """
    arrangement = arrangement_of(attempt_id) if attempt_id and is_signed_in else 0
    return _draw(lesson.pk, lesson.body_stamp, language, is_signed_in, arrangement, heading_level)


@lru_cache(maxsize=MOST_DRAWN)
def _draw(
    key: UUID,
    _stamp: int,
    _language: str,
    is_signed_in: bool,
    arrangement: int,
    heading_level: int,
) -> SafeString:
    versions = list(asked_in(Lesson(pk=key)))
    if not versions:
        return SafeString("")
    if is_signed_in:
        form = QuizForm(versions, arrangement=arrangement)
        asked = {"form": form, "heading_level": heading_level}
        return render_to_string("courses/quizzes/questions.html", asked)
    return render_to_string("courses/quizzes/questions_to_read.html", {"asked": to_read(versions)})


@dataclass(frozen=True)
class ReadQuestion:
    """A question as somebody reads it who cannot answer it here."""

    number: int
    version: QuestionVersion
    text: Text
    template: str
    rows: Sequence[Mapping[str, Text]]
    options: Sequence[Text]


def to_read(versions: Iterable[QuestionVersion]) -> list[ReadQuestion]:
    """``versions`` to read only: nothing in them tells what is right."""
    asked = []
    for number, version in enumerate(versions, start=1):
        kind = kind_of(version)
        rows = [{"text": text_in(row)} for row in kind.order(version, 0) if row["text"]]
        options = kind.options(version, 0) if isinstance(kind, Matching) else []
        asked.append(
            ReadQuestion(
                number,
                version,
                kind.shown_text(version),
                kind.to_read,
                rows,
                [text_in(row, "match") for _key, row in options],
            )
        )
    return asked


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
    name = field.removeprefix(FIELD)[:UUID_LENGTH]
    try:
        return str(UUID(name)) if field.startswith(FIELD) else ""
    except ValueError:
        return ""
