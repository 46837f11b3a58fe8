"""What one learner has of learning, and what the law has changed in it."""

import uuid
from typing import Any

from django.utils import timezone

from courses.actions import begin_case, submit_quiz
from courses.actions.own import write_note
from courses.actions.remarks import tell_editors
from courses.kinds import kind_of
from courses.models import (
    Assignment,
    Case,
    CasePlay,
    LearningPath,
    Lesson,
    LessonQuestion,
    Note,
    PathRule,
    QuizAttempt,
    Remark,
    Reminder,
)
from pages.models import LessonPage
from people.models import Person, Place
from rules.models import Rule
from tests.factories.law import decide_on, new_version


def lesson_with_quiz() -> LessonPage:
    for page in LessonPage.objects.live().filter(locale__language_code="da").order_by("path"):
        if any(block.block_type == "quiz" for block in page.body):
            return page
    raise LookupError("The demo has no lesson with a quiz.")


def changed_law() -> dict[str, Any]:
    """A new version of an act with a rule that waits, and a decision on another."""
    at, today = timezone.now(), timezone.localdate()
    waiting = Rule.objects.get(key="national-supervision")
    new = new_version(waiting.act, at=at, in_force_from=today)
    checked = decide_on(Rule.objects.get(key="section-18-repealed"), "unchanged", at=at)
    return {"act": new.pk, "rule": waiting.pk, "decision": checked.pk}


def attempt_of(page: LessonPage, person: Person) -> QuizAttempt:
    asked = LessonQuestion.objects.filter(lesson=page.translation_key)
    answers = {}
    for row in asked.select_related("question", "lesson"):
        version = row.question.versions.get(is_current=True)
        answers[version.pk] = kind_of(version).solution(version)
    return submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=asked[0].lesson,
        person=person,
        answers=answers,
        language="da",
        at=timezone.now(),
    )


def note_of(page: LessonPage, person: Person) -> Note:
    lesson = Lesson.objects.get(pk=page.translation_key)
    written = write_note(lesson, person, "Husk tiden.", version=0, at=timezone.now())
    assert written.note is not None
    return written.note


def remark_of(page: LessonPage, person: Person) -> Remark:
    return tell_editors(
        Lesson.objects.get(pk=page.translation_key),
        person,
        remark_id=uuid.uuid4(),
        kind="unclear",
        text="Hvad er en kvittering?",
        language="da",
        at=timezone.now(),
    )


def play_of(person: Person) -> CasePlay:
    case = Case.objects.offered().earliest("pk")
    return begin_case(play_id=uuid.uuid4(), case=case, person=person, at=timezone.now())


def reminder_of(person: Person) -> Reminder:
    """Something that ``person`` was told about the path they walk."""
    return Reminder.objects.create(
        assignment=Assignment.objects.active().filter(person=person).earliest("pk"),
        kind="asked",
        about_on=timezone.localdate(),
        made_at=timezone.now(),
    )


def rule_of_path(town: Place) -> PathRule:
    """A rule of assignment in that town."""
    return PathRule.objects.create(
        path=LearningPath.objects.earliest("key"),
        role_key="caseworker",
        scope="town",
        place=town,
        made_at=timezone.now(),
    )
