"""What lies in a piece: a lesson, its quiz, a case, as a page without net needs them.

Everything that is drawn is drawn here, by the templates of the site, in the reader's language;
what a device has to judge by itself (an answer, a way through a case) comes as data.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.images.models import SourceImageIOError

from courses.kinds import text_in
from courses.kinds.placing import key_of_match
from courses.models import CaseVersion, Piece, Question, QuestionVersion
from courses.quizzes.form import QuizForm
from courses.quizzes.results import Feedback
from courses.templatetags.cases_tags import case_text
from pages.models import CasePage, LessonPage
from pages.rendering import Body
from pages.weight import pictures_of
from rules.models import Rule

SCHEMA = 1
#: The size in which a picture travels: every browser of today reads it.
PICTURE = "format-webp|width-640"
_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)
_IMG = re.compile(r"<img\b[^<>]*>")
_KEPT = re.compile(r'\s(alt|width|height)="([^"]*)"')
_FILM = re.compile(r"<video\b.*?</video>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Made:
    """A piece that may or may not be kept already."""

    kind: str
    sha256: str
    size: int
    data: bytes = b""
    file: str = ""


def text_piece(kind: str, said: Mapping[str, Any]) -> Made:
    """A text as a piece: JSON in one spelling, so that what is the same is the same piece."""
    plain = json.dumps(
        {"schema": SCHEMA, "kind": kind, **said},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    ).encode()
    data = gzip.compress(plain, mtime=0)
    return Made(kind, hashlib.sha256(plain).hexdigest(), len(data), data=data)


def picture_piece(name: str) -> Made:
    """A drawn picture as a piece."""
    with default_storage.open(name, "rb") as file:
        content = file.read()
    return Made(Piece.Kind.PICTURE, hashlib.sha256(content).hexdigest(), len(content), file=name)


# --- Lessons --------------------------------------------------------------------------------------


def lesson_pieces(
    page: LessonPage, language: str, questions: Sequence[QuestionVersion]
) -> list[Made]:
    """The text of a lesson, its quiz if it asks something, and its pictures."""
    body: Body = page.draw()
    pictures = {}
    for image in pictures_of(page):
        # A lesson without a picture that is gone from the storage is better than no lesson.
        with suppress(FileNotFoundError, SourceImageIOError):
            drawn = image.get_rendition(PICTURE)
            pictures[drawn.url] = picture_piece(drawn.file.name)
    before, after = (_at_home(half, pictures) for half in (body.before_quiz, body.after_quiz))
    source = page.source
    lesson = text_piece(
        Piece.Kind.LESSON,
        {
            "id": str(page.translation_key),
            "language": language,
            "introduction": page.introduction,
            "introduction_is_danish": source is not None
            and page.introduction == source.introduction,
            "before": before,
            "after": after,
        },
    )
    quiz = [quiz_piece(page.translation_key, language, questions)] if questions else []
    return [lesson, *quiz, *{made.sha256: made for made in pictures.values()}.values()]


def _at_home(html: str, pictures: Mapping[str, Made]) -> str:
    """``html`` without what is fetched elsewhere: pictures name their piece, films say so."""

    def picture(found: re.Match[str]) -> str:
        piece = next((made for url, made in pictures.items() if url in found[0]), None)
        drawn = _IMG.search(found[0])
        if piece is None or drawn is None:
            return ""
        kept = "".join(f' {name}="{value}"' for name, value in _KEPT.findall(drawn[0]))
        return f'<img data-piece="{piece.sha256}"{kept}>'

    film = format_html('<p class="help">{}</p>', _("The film needs net. Read the text instead."))
    return _FILM.sub(lambda _found: film, _PICTURE.sub(picture, html))


# --- Quizzes --------------------------------------------------------------------------------------


def quiz_piece(lesson: UUID, language: str, questions: Sequence[QuestionVersion]) -> Made:
    """The questions as a form, and what a device needs to say at once what was right."""
    form = QuizForm(questions)
    rules = rules_of(questions)
    return text_piece(
        Piece.Kind.QUIZ,
        {
            "lesson": str(lesson),
            "language": language,
            "form": render_to_string("courses/quizzes/questions.html", {"form": form}),
            "questions": [_question(version, rules) for version in questions],
        },
    )


def rules_of(questions: Iterable[QuestionVersion]) -> dict[str, Rule]:
    """The rules that feedback at single answers rests on, by key. One query."""
    cited = {
        row["rule"]
        for version in questions
        for row in version.content["choices"]
        if row.get("rule")
    }
    if not cited:
        return {}
    shown = Rule.objects.publishable() | Rule.objects.filter(state=Rule.State.RETIRED)
    return {str(rule.pk): rule for rule in shown.select_related("act").filter(pk__in=cited)}


def _question(version: QuestionVersion, rules: Mapping[str, Rule]) -> dict[str, Any]:
    said, rows = {}, version.content["choices"]
    for row in rows:
        feedback = Feedback(text_in(row, "feedback"), rules.get(row.get("rule", "")))
        if feedback.text or feedback.rule:
            said[row["id"]] = render_to_string(
                "courses/quizzes/feedback.html", {"feedback": feedback}
            )
    return {
        "version": str(version.pk),
        "question": str(version.question_id),
        "kind": version.kind,
        "content": version.content | {"choices": [_row(version, row) for row in rows]},
        "correction": version.correction,
        "said": said,
        "rule": _box(version.rule),
    }


def _row(version: QuestionVersion, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row, and the name of what belongs to it as the fields of the form know it."""
    if version.kind != Question.Kind.MATCHING:
        return row
    return {**row, "match_key": key_of_match(row)}


def _box(rule: Rule | None) -> str:
    return render_to_string("rules/box.html", {"box": rule.as_box()}) if rule else ""


# --- Cases ----------------------------------------------------------------------------------------


def case_piece(
    page: CasePage, language: str, version: CaseVersion, rules: Mapping[UUID, Rule]
) -> Made:
    """A case with all its branches, and the rules that it cites."""
    cited = [UUID(key) for key in version.story.rules()]
    return text_piece(
        Piece.Kind.CASE,
        {
            "id": str(page.translation_key),
            "language": language,
            "version": str(version.pk),
            "introduction": page.introduction,
            "before": _at_home(page.draw().before_quiz, {}),
            "content": _cleaned(version.content),
            "rules": {str(key): _box(rules.get(key)) for key in cited},
        },
    )


def _cleaned(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a version tells, its rich text as clean HTML."""
    steps = [
        step | {"text": {code: str(case_text(text)) for code, text in step["text"].items()}}
        for step in content["steps"]
    ]
    return {**content, "steps": steps}


def languages() -> list[str]:
    """The languages in which pieces are made."""
    return [code for code, _name in settings.LANGUAGES]
