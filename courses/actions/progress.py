"""What learners do: enrol, open, read, answer, leave. Each may be sent twice and counts once.

What is already being read is received also when an editor unpublishes it in the meantime: only
new enrolments ask whether a course is offered.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from courses.actions.completing import complete, hold
from courses.actions.paths import progressed, touch
from courses.actions.refusals import LearningRefused
from courses.actions.rounds import end_round, is_begun_anew
from courses.kinds import Given, NotOfferedError, kind_of
from courses.models import (
    Answer,
    Assignment,
    Certificate,
    Course,
    Enrolment,
    Lesson,
    LessonProgress,
    QuestionVersion,
    QuizAttempt,
)
from people.models import Person

#: What of a round goes on when somebody who has left enrols again.
ROUND = ("round", "counts_from", "completed_at")
#: What was given for each version of a question that the form showed.
Answers = Mapping[UUID, Given]


@transaction.atomic
def enrol(course: Course, person: Person, *, at: datetime) -> Enrolment:
    """Enrol ``person`` on ``course``; whoever is enrolled already stays so.

    What the person has read and answered before counts, and so does that they completed it.

    Raises:
        LearningRefused: With code "closed" when the course is not offered.
    """
    if not course.is_live:
        raise LearningRefused(_("This course is not offered any more."), code="closed")
    hold(person)
    enrolment, created = _enrolment(course.pk, person, at=at)
    if created:
        complete(course.pk, person)
        enrolment.refresh_from_db()
    return enrolment


def _enrolment(course: UUID, person: Person, *, at: datetime) -> tuple[Enrolment, bool]:
    """The active enrolment of ``person``, and whether it was made now.

    A new one goes on where the one that was left stood.
    """
    left = Enrolment.objects.filter(course=course, person=person, withdrawn_at__isnull=False)
    before = left.order_by("-enrolled_at", "-withdrawn_at").first()
    goes_on = {name: getattr(before, name) for name in ROUND} if before else {}
    return Enrolment.objects.get_or_create(
        course_id=course,
        person=person,
        withdrawn_at=None,
        retaken_at=None,
        defaults={"enrolled_at": at} | goes_on,
    )


@transaction.atomic
def retake(course: Course, person: Person, *, at: datetime) -> Enrolment:
    """Begin a new round of ``course``, which ``person`` has completed.

    The round before stays with its days, and so does its certificate; the lessons count as unread,
    quizzes, cases and practice are done anew.

    Raises:
        LearningRefused: With code "unfinished" while the present round is neither completed nor has
            given a certificate, "closed" when the course is not offered.
    """
    hold(person)
    current = Enrolment.objects.active().filter(course=course, person=person).first()
    if current is not None and is_begun_anew(current):
        return current
    if not course.is_live:
        raise LearningRefused(_("This course is not offered any more."), code="closed")
    if current is None or not may_retake(current):
        raise LearningRefused(
            _("Finish the course first. Then you can take it again."), code="unfinished"
        )
    end_round(current, Q(lesson__course=course), at=at)
    return Enrolment.objects.create(
        course=course, person=person, enrolled_at=at, counts_from=at, round=current.round + 1
    )


def may_retake(enrolment: Enrolment) -> bool:
    """Whether its round is completed, or has given a certificate before that was written down."""
    if enrolment.completed_at is not None:
        return True
    given = Certificate.objects.filter(
        person=enrolment.person_id,
        completed="course",
        completed_id=enrolment.course_id,
        issued_at__gte=enrolment.enrolled_at,
    )
    return enrolment.round == 1 and given.exists()


@transaction.atomic
def withdraw(course: Course, person: Person, *, at: datetime) -> bool:
    """Take ``person`` off ``course`` and keep all progress; whether there was an enrolment."""
    active = Enrolment.objects.active().filter(course=course, person=person)
    return bool(active.update(withdrawn_at=Greatest("enrolled_at", Value(at))))


@transaction.atomic
def open_lesson(lesson: Lesson, person: Person, *, at: datetime) -> LessonProgress:
    """Remember that ``person`` was at ``lesson``, so that "Continue" leads there."""
    # First, as where a path is taken again: who locks in one order does not wait for each other.
    touch(person, lesson.module_id, at=at)
    progress, created = LessonProgress.objects.get_or_create(
        lesson=lesson, person=person, defaults={"opened_at": at, "last_at": at}
    )
    if not created:
        LessonProgress.objects.filter(pk=progress.pk).update(last_at=Greatest("last_at", Value(at)))
        progress.refresh_from_db()
    return progress


@transaction.atomic
def mark_read(
    lesson: Lesson, person: Person, *, at: datetime, law_as_of: datetime | None = None
) -> LessonProgress:
    """Remember that ``person`` has reached the end of ``lesson``; the first time counts.

    What a device sends late, of before the course or a path with the lesson was taken again, counts
    for the round before.

    Args:
        law_as_of: When the text was last known to be current, if it was read on a device that had
            been away since. Whoever read it so is told of what has changed in the law after that.
    """
    hold(person)
    progress = open_lesson(lesson, person, at=at)
    own = LessonProgress.objects.filter(pk=progress.pk, read_at__isnull=True)
    taken = Enrolment.objects.active().filter(course=lesson.course_id, person=person)
    walked = Assignment.objects.active().filter(path__steps__module=lesson.module_id, person=person)
    if any(round_.filter(counts_from__gt=at).exists() for round_ in (taken, walked)):
        own.filter(read_before_at__isnull=True).update(read_before_at=at, law_as_of=law_as_of)
    else:
        own.update(read_at=Greatest("opened_at", Value(at)), law_as_of=law_as_of)
    _take_part(lesson.course_id, person, at=at)
    complete(lesson.course_id, person)
    progressed(person, lesson.module_id)
    progress.refresh_from_db()
    return progress


@transaction.atomic
def submit_quiz(
    *,
    attempt_id: UUID,
    lesson: Lesson,
    person: Person,
    answers: Answers,
    language: str,
    at: datetime,
    asked: Sequence[UUID] | None = None,
    law_as_of: datetime | None = None,
) -> QuizAttempt:
    """Mark the quiz of ``lesson`` and keep what was answered, as it was asked.

    The same id with the same answers gives the same attempt, however often and however
    parallel it is sent. Each answer is judged by the version of the question that the form
    showed, also when an editor has changed it since; a question that the lesson no longer asks
    is left out.

    Args:
        attempt_id: Made where the form is drawn.
        answers: By question version; every question that the lesson asks needs one.
        language: The language the questions were shown in.
        asked: The questions that the quiz asked, in their order, where that is not what the
            lesson asks now: it was answered on a device that had been away.
        law_as_of: As for :func:`mark_read`.

    Raises:
        ValidationError: With code "cpr_like" for a typed answer that may be a citizen's number.
        LearningRefused: With code "conflict" when the id was used for something else,
            "no_quiz" when the lesson asks nothing, "unknown" for an answer that the form did
            not offer, "unanswered" when a question has none (``unanswered`` names them).
            Nothing is saved.
    """
    content_hash = _hash(lesson, person, answers)
    if earlier := QuizAttempt.objects.filter(pk=attempt_id).first():
        return _same(earlier, content_hash)
    hold(person)
    marked = _mark(lesson, answers, asked)
    score, total = count(marked)
    attempt = QuizAttempt(
        pk=attempt_id,
        lesson=lesson,
        person=person,
        language=language,
        content_hash=content_hash,
        submitted_at=at,
        law_as_of=law_as_of,
        score=score,
        total=total,
        pass_percent=lesson.pass_percent,
        passed=score * 100 >= total * lesson.pass_percent,
    )
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:  # the same form was sent twice at once, and the other came first
        return _same(QuizAttempt.objects.get(pk=attempt_id), content_hash)
    for answer in marked:
        answer.attempt = attempt
    Answer.objects.bulk_create(marked)
    _follow_corrections(attempt, marked)
    open_lesson(lesson, person, at=at)
    _take_part(lesson.course_id, person, at=at)
    if attempt.passed:
        complete(lesson.course_id, person)
    progressed(person, lesson.module_id)
    return attempt


def _follow_corrections(attempt: QuizAttempt, marked: list[Answer]) -> None:
    """Judge anew if a question was corrected between reading and answering it.

    An answer holds its version: from here on a correction waits for this transaction, and counts
    the attempt afterwards. One that came before is seen here.
    """
    if connection.vendor == "postgresql":
        # A foreign key is looked at when the transaction ends, and only then is the version held.
        connection.check_constraints()
    keys = [answer.version_id for answer in marked]
    versions = QuestionVersion.objects.filter(pk__in=keys).only("correction")
    now = {version.pk: version.correction for version in versions}
    if all(answer.version.correction == now[answer.version_id] for answer in marked):
        return
    for answer in marked:
        answer.version.correction = now[answer.version_id]
        kind = kind_of(answer.version)
        answer.is_correct = kind.judge(answer.version, answer.chosen).is_right
        answer.counts = not answer.version.is_left_out
    Answer.objects.bulk_update(marked, ["is_correct", "counts"])
    attempt.score, attempt.total = count(marked)
    attempt.passed = attempt.score * 100 >= attempt.total * attempt.pass_percent
    attempt.save(update_fields=["score", "total", "passed"])


def _take_part(course_key: UUID, person: Person, *, at: datetime) -> None:
    """Whoever takes part is enrolled; whoever has left stays out until they enrol again."""
    if not Enrolment.objects.filter(course=course_key, person=person).exists():
        Enrolment.objects.get_or_create(
            course_id=course_key,
            person=person,
            withdrawn_at=None,
            retaken_at=None,
            defaults={"enrolled_at": at},
        )


def _same(earlier: QuizAttempt, content_hash: str) -> QuizAttempt:
    if earlier.content_hash != content_hash:
        raise LearningRefused(
            _("You have already sent these answers. Send again to keep the new ones too."),
            code="conflict",
        )
    return earlier


def _hash(lesson: Lesson, person: Person, answers: Answers) -> str:
    content = {
        "lesson": str(lesson.pk),
        "person": str(person.pk),
        "answers": {str(key): _as_json(given) for key, given in answers.items()},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _as_json(given: Given) -> Any:
    """``given`` in one spelling; only of a tuple the order matters."""
    if isinstance(given, str):
        return given
    if isinstance(given, Mapping):
        return {str(part): str(value) for part, value in given.items()}
    if isinstance(given, tuple):
        return [str(one) for one in given]
    return sorted({str(one) for one in given})


def count(answers: Sequence[Answer]) -> tuple[int, int]:
    """Score and total of an attempt with ``answers``.

    A question that was left out is in neither. Where nothing else was asked, everything counts
    as right: an attempt is out of at least one.
    """
    counting = [answer for answer in answers if answer.counts]
    if not counting:
        return len(answers), len(answers)
    return sum(answer.is_correct for answer in counting), len(counting)


def _mark(lesson: Lesson, answers: Answers, asked: Sequence[UUID] | None) -> list[Answer]:
    """An unsaved answer for each question that was asked, in its order."""
    if asked is None:
        placed = lesson.lesson_questions.order_by("position")
        asked = list(placed.values_list("question_id", flat=True))
    if not asked:
        raise LearningRefused(_("This lesson has no quiz any more."), code="no_quiz")
    versions: dict[UUID, QuestionVersion] = {}
    for sent in QuestionVersion.objects.filter(pk__in=answers.keys()):
        if sent.question_id in versions:
            raise _unknown()
        versions[sent.question_id] = sent
    if len(versions) != len(answers):
        raise _unknown()

    marked, unanswered = [], []
    for position, question_key in enumerate(asked, start=1):
        version = versions.get(question_key)
        if version is None:
            unanswered.append(question_key)
            continue
        kind = kind_of(version)
        try:
            chosen = kind.normalise(version, answers[version.pk])
        except NotOfferedError:
            raise _unknown() from None
        if not chosen:
            unanswered.append(question_key)
            continue
        marked.append(
            Answer(
                version=version,
                position=position,
                chosen=chosen,
                is_correct=kind.judge(version, chosen).is_right,
                counts=not version.is_left_out,
            )
        )
    if unanswered:
        raise LearningRefused(_("Answer every question."), code="unanswered", unanswered=unanswered)
    return marked


def _unknown() -> LearningRefused:
    return LearningRefused(_("An answer does not belong to this quiz."), code="unknown")
