"""A certificate that rests on a rule which only a case, or one answer of a quiz, turns on."""

import pytest

from courses.actions import (
    LearningRefused,
    freeze_question,
    mark_changes_seen,
    take_path,
)
from courses.actions.certificates import issue_certificate
from courses.certificates.completions import COURSE, PATH
from courses.learning.law import changes_for
from courses.models import Certificate
from tests.courses.certificates.world import DAY, code_of, solve
from tests.courses.paths.walking import pass_quiz, read_all
from tests.factories.cases import make_case, told
from tests.factories.courses import (
    AT,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_path,
    make_question,
    make_rule,
)
from tests.factories.law import DECIDED, decide_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
AFTER = DECIDED + DAY


def change(rule):
    decide_on(rule, "changed", deadline_da="48 timer", deadline_hours=48)


def see_changes(person):
    keys = [key for one in changes_for(person) for key in one.decisions]
    mark_changes_seen(person, keys, at=AFTER)
    return len(keys)


def test_a_rule_that_only_a_case_turns_on_is_read_before_the_certificate_is_renewed():
    rule, learner = make_rule(), make_learner()
    module = make_module(make_course())
    case = make_case(module, told_da=told(rule))
    path = make_path(module, completes="case")
    take_path(path, learner, at=AT)
    solve(case, learner)
    first = issue_certificate(PATH, path.pk, learner, language="da", at=AT)
    assert [one.rule for one in first.cited.all()] == [rule]

    change(rule)

    ended = Certificate.objects.get()
    assert ended.expires_on < ended.ends_on
    with pytest.raises(LearningRefused) as refusal:
        issue_certificate(PATH, path.pk, learner, language="da", at=AFTER)
    assert code_of(refusal) == "unfinished"
    assert see_changes(learner) == 1
    renewed = issue_certificate(PATH, path.pk, learner, language="da", at=AFTER)
    assert renewed.pk != first.pk
    assert renewed.expires_on == renewed.ends_on


def test_a_rule_that_only_an_answer_rests_on_ends_the_certificate_and_is_told():
    rule, learner = make_rule(), make_learner()
    question = make_question()
    wrong = question.choices.order_by("sort_order")[1]
    wrong.rule = rule
    wrong.save()
    freeze_question(question, at=AT)
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    read_all(lesson.module, learner)
    pass_quiz(lesson, learner)
    first = issue_certificate(COURSE, lesson.course_id, learner, language="da", at=AT)
    assert [one.rule for one in first.cited.all()] == [rule]

    change(rule)

    with pytest.raises(LearningRefused) as refusal:
        issue_certificate(COURSE, lesson.course_id, learner, language="da", at=AFTER)
    assert code_of(refusal) == "unfinished"
    assert see_changes(learner) == 1
    renewed = issue_certificate(COURSE, lesson.course_id, learner, language="da", at=AFTER)
    assert renewed.pk != first.pk
