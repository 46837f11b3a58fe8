"""A question was wrong: say how, and count every attempt anew.

What was decided stands at the version at once, so that new answers are judged by it. The attempts
are counted by the worker, some at a time; it may be stopped and started again at any point.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.identity import refuse_cpr_like
from courses.actions.completing import complete, hold
from courses.actions.paths import progressed
from courses.actions.progress import count
from courses.actions.refusals import LearningRefused
from courses.kinds import Chosen, kind_of
from courses.models import Answer, CorrectedAttempt, Correction, QuestionVersion, QuizAttempt
from people.models import Person

ATTEMPTS_AT_ONCE = 200
LONGEST_REASON = 500


@transaction.atomic
def correct_version(
    version: QuestionVersion,
    how: str,
    *,
    reason: str,
    by: Person,
    at: datetime,
    accepted: Chosen = None,
) -> Correction:
    """Mark ``version`` as wrong, and have every attempt that answered it counted anew.

    Whoever may do so is the view's to ask (``courses.approve_question``). The lock keeps attempts
    that are being sent from slipping past: see ``submit_quiz``.

    Args:
        how: One of ``Correction.How``.
        reason: Read by everybody whose result changes.
        accepted: The answer that is right too, as its kind keeps it; for "also".

    Raises:
        ValidationError: With code "cpr_like" for the reason.
        LearningRefused: With code "reason" without one, "right_already" when ``accepted`` counts
            anyway, "same" when it is decided so already. Nothing is saved.
    """
    refuse_cpr_like(reason)
    if not reason.strip():
        raise LearningRefused(_("Write why. Everybody whose result changes reads it."),
                              code="reason")  # fmt: skip
    if len(reason.strip()) > LONGEST_REASON:
        raise LearningRefused(_("Write the reason shorter."), code="reason")
    # For rows that point at it as well: an answer holds its version (_follow_corrections).
    version = QuestionVersion.objects.select_for_update().get(pk=version.pk)
    also = list(version.correction.get("also", []))
    if how == Correction.How.ALSO:
        if not accepted:
            raise LearningRefused(_("Give the answer that is right too."), code="accepted")
        if kind_of(version).judge(version, accepted).is_right:
            raise LearningRefused(_("This answer counts as right already."), code="right_already")
        also.append(accepted)
    state: dict[str, Any] = {"also": also} if also else {}
    if how != Correction.How.ALSO:
        state[how] = True
    if state == version.correction:
        raise LearningRefused(_("It is decided so already."), code="same")
    version.correction = state
    version.save(update_fields=["correction"])
    correction = Correction(
        version=version,
        how=how,
        accepted=accepted if how == Correction.How.ALSO else None,
        reason=reason.strip(),
        made_by=by,
        made_at=at,
    )
    try:
        correction.clean_fields(exclude=["version", "made_by", "accepted", "finished_at"])
    except ValidationError as refusal:
        raise LearningRefused(refusal.messages[0], code="reason") from refusal
    correction.save(force_insert=True)

    from courses.tasks import count_anew

    transaction.on_commit(partial(count_anew.enqueue, str(correction.pk)))
    return correction


def recount(correction: Correction, *, at: datetime) -> int:
    """Count every attempt anew that answered the version; how many results changed now.

    A pass stands, also where the new score would not pass. Each change is kept with the old and
    the new score. Doing it again changes nothing more.
    """
    changed = 0
    for keys in _in_parts(correction.version_id):
        with transaction.atomic():
            changed += _recount_some(correction, keys, at=at)
    Correction.objects.filter(pk=correction.pk, finished_at__isnull=True).update(finished_at=at)
    return changed


def _in_parts(version: UUID) -> Iterator[list[UUID]]:
    """The keys of the attempts in stretches of their order; what comes later is found, too."""
    last = None
    while True:
        found = Answer.objects.filter(version=version).order_by("attempt_id")
        if last is not None:
            found = found.filter(attempt_id__gt=last)
        keys = list(found.values_list("attempt_id", flat=True)[:ATTEMPTS_AT_ONCE])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _recount_some(correction: Correction, keys: list[UUID], *, at: datetime) -> int:
    attempts = list(
        QuizAttempt.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=keys)
        .select_related("person", "lesson")
        .order_by("pk")
    )
    answers: dict[UUID, list[Answer]] = {}
    for answer in Answer.objects.filter(attempt__in=keys).select_related("version"):
        answers.setdefault(answer.attempt_id, []).append(answer)
    changes = []
    for attempt in attempts:
        judge_anew(answers[attempt.pk])
        old = attempt.score, attempt.total, attempt.passed
        passes = set_result(attempt, answers[attempt.pk])
        new = attempt.score, attempt.total, attempt.passed
        if new == old:
            continue
        changes.append(
            CorrectedAttempt(
                correction=correction,
                attempt=attempt,
                old_score=old[0],
                old_total=old[1],
                old_passed=old[2],
                new_score=new[0],
                new_total=new[1],
                new_passed=new[2],
                keeps_pass=old[2] and not passes,
                changed_at=at,
            )
        )
    Answer.objects.bulk_update(
        [answer for found in answers.values() for answer in found], ["is_correct", "counts"]
    )
    changed = [change.attempt for change in changes]
    QuizAttempt.objects.bulk_update(changed, ["score", "total", "passed"])
    CorrectedAttempt.objects.bulk_create(changes, ignore_conflicts=True)
    passing = [change.attempt for change in changes if change.new_passed and not change.old_passed]
    hold(*(attempt.person for attempt in passing))
    for attempt in passing:
        progressed(attempt.person, attempt.lesson.module_id)
        complete(attempt.lesson.course_id, attempt.person)
    return len(changes)


@transaction.atomic
def see_corrections(attempt: QuizAttempt, *, at: datetime) -> None:
    """Its learner has seen what was corrected; the first time counts."""
    attempt.corrections.filter(seen_at__isnull=True).update(seen_at=at)


def judge_anew(answers: list[Answer]) -> None:
    """Judge ``answers`` by what their versions say now."""
    for answer in answers:
        judgement = kind_of(answer.version).judge(answer.version, answer.chosen)
        answer.is_correct = judgement.is_right
        answer.counts = not answer.version.is_left_out


def set_result(attempt: QuizAttempt, answers: list[Answer]) -> bool:
    """Write the score of ``answers`` into ``attempt``; whether that score passes.

    A pass that there was stands.
    """
    attempt.score, attempt.total = count(answers)
    passes = attempt.score * 100 >= attempt.total * attempt.pass_percent
    attempt.passed = attempt.passed or passes
    return passes
