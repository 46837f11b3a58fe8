"""What a device sends of learning: read, answered, played, rated; each by the action of its page.

What was done away from the net is judged by what the device had: the questions that its quiz
asked, the version of the case that was played, the law as it stood when the device left.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from competences.actions import rate
from competences.models import Level
from courses.access import case_for, lesson_for
from courses.actions import LearningRefused, keep_play, mark_read, submit_quiz
from courses.kinds import Given
from courses.models import CasePlay, CaseVersion, QuizAttempt
from courses.models.travelling import questions_asked_by
from devices.records import Kind, Malformed, Refused, Sender, Sent
from devices.records.kinds import as_key
from devices.records.schema import KEY, MOMENT, either, shape

LANGUAGES = [code for code, _name in settings.LANGUAGES]
#: More than any quiz asks, and more choices than any case takes.
MOST_ANSWERS = MOST_CHOICES = 200
#: More than any framework holds.
MOST_LEVELS = 300

AS_OF = either(MOMENT) | {
    "description": "When the device last knew that its copy was current, by the server's clock."
}


def keep_reading(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """A lesson was read to its end."""
    lesson = lesson_for(by.request, sent.about)
    mark_read(lesson, by.person, at=sent.at, law_as_of=sent.moment("as_of"))
    return {}


def keep_answers(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """A quiz was answered. The record's id is that of the attempt."""
    lesson = lesson_for(by.request, sent.about)
    answers = sent.content.get("answers")
    if not isinstance(answers, dict) or len(answers) > MOST_ANSWERS:
        raise Malformed("answers")
    try:
        attempt = submit_quiz(
            attempt_id=sent.id,
            lesson=lesson,
            person=by.person,
            answers={as_key(key, "answers"): _given(one) for key, one in answers.items()},
            language=sent.choice("language", *LANGUAGES),
            at=sent.at,
            asked=questions_asked_by(sent.text("piece", ""), lesson.pk),
            law_as_of=sent.moment("as_of"),
        )
    except LearningRefused as refusal:
        raise _refused(refusal) from refusal
    return _result(attempt)


def _given(value: object) -> Given:
    """An answer as the kinds of questions take it; of a list the order counts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return value
    raise Malformed("answers")


def _result(attempt: QuizAttempt) -> dict[str, Any]:
    return {"score": attempt.score, "total": attempt.total, "passed": attempt.passed}


def keep_case(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """A case was played to its end. The record's id is that of the play."""
    case = case_for(by.request, sent.about)
    path = sent.content.get("path")
    if not isinstance(path, list) or len(path) > MOST_CHOICES or not all(map(_is_choice, path)):
        raise Malformed("path")
    version = CaseVersion.objects.filter(pk=sent.key("version"), case=case).first()
    if version is None:
        raise Refused("unknown")
    version.case = case
    try:
        play = keep_play(
            play_id=sent.id,
            version=version,
            person=by.person,
            path=path,
            at=sent.at,
            law_as_of=sent.moment("as_of"),
        )
    except LearningRefused as refusal:
        raise _refused(refusal) from refusal
    return _ending(play)


def _is_choice(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(x, str) for x in value)


def _ending(play: CasePlay) -> dict[str, Any]:
    return {"ending": play.ending}


def keep_rating(by: Sender, sent: Sent) -> Mapping[str, Any]:
    """Somebody said of themselves where they are."""
    levels = sent.content.get("levels")
    if not isinstance(levels, dict) or not 0 < len(levels) <= MOST_LEVELS:
        raise Malformed("levels")
    if not all(isinstance(level, str) for level in levels.values()):
        raise Malformed("levels")
    said = {as_key(key, "levels"): level for key, level in levels.items()}
    new = rate(by.person, said, at=sent.at, said_at=sent.made_at)
    return {"new": len(new)}


def _refused(refusal: ValidationError) -> Refused:
    """An action's refusal in one word."""
    code = str(refusal.code)
    return Refused(code, 409 if code == "conflict" else 422, message=" ".join(refusal.messages))


_LANGUAGE = {"enum": LANGUAGES}
_ANSWER: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": {"type": "string"}},
    ]
}
KINDS = (
    Kind(
        "lesson-read",
        keep_reading,
        content=shape(as_of=AS_OF),
        subject="The lesson that was read to its end.",
    ),
    Kind(
        "quiz-attempt",
        keep_answers,
        content=shape(
            *("answers", "language"),
            answers={
                "type": "object",
                "description": "By version of a question what was given: ids of what was chosen, "
                "ids in their order, a text, or options by row.",
                "additionalProperties": _ANSWER,
                "maxProperties": MOST_ANSWERS,
            },
            language=_LANGUAGE,
            piece={"type": "string", "description": "The piece that asked."},
            as_of=AS_OF,
        ),
        subject="The lesson whose quiz was answered.",
        outcome=shape(
            *("score", "total", "passed"),
            score={"type": "integer"},
            total={"type": "integer"},
            passed={"type": "boolean"},
        ),
    ),
    Kind(
        "case-play",
        keep_case,
        content=shape(
            *("version", "path"),
            version=KEY | {"description": "The version that was played."},
            path={
                "type": "array",
                "maxItems": MOST_CHOICES,
                "items": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 2,
                    "maxItems": 2,
                },
                "description": "The key of each step and the id of the choice, to an ending.",
            },
            as_of=AS_OF,
        ),
        subject="The case.",
        outcome=shape("ending", ending={"type": "string"}),
    ),
    Kind(
        "own-rating",
        keep_rating,
        content=shape(
            "levels",
            levels={
                "type": "object",
                "description": "By competence, the step.",
                "additionalProperties": {"enum": Level.values},
                "minProperties": 1,
                "maxProperties": MOST_LEVELS,
            },
        ),
        outcome=shape("new", new={"type": "integer"}),
    ),
)
