"""Whoever had learnt a rule is told by mail that it has changed: once, until they stop it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.actions import mark_changes_seen, mark_read, retake, submit_quiz
from courses.actions.reminders import choose_reminders
from courses.actions.telling import TELL_WITHIN, tell_of_changes
from courses.models import Told
from courses.start import changed_since
from people.models import Person
from people.permissions import standing_of
from rules.law_changes import take_back_decision
from rules.models import Decision
from tests.factories.courses import (
    AT,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
    make_rule,
    right_answer,
)
from tests.factories.law import DECIDED, ENTERED, decide_on, new_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

#: The day after the decision, at noon in Nuuk.
NEXT_DAY = ENTERED + timedelta(days=1)
DAY = timedelta(days=1)


def learner(name="laerer"):
    person = make_learner()
    Person.objects.filter(pk=person.pk).update(email=f"{name}@example.org")
    return person


@pytest.fixture
def rule():
    return make_rule()


@pytest.fixture
def lesson(rule):
    question = make_question(rule=rule)
    return make_lesson(make_module(make_course()), rules=[rule.pk], questions=[question.pk])


@pytest.fixture
def mails(mailoutbox, django_capture_on_commit_callbacks):
    """To whom mail is sent when the job runs."""

    def run(*moments):
        before = len(mailoutbox)
        with django_capture_on_commit_callbacks(execute=True):
            for at in moments:
                tell_of_changes(at)
        return sorted(mail.to[0] for mail in mailoutbox[before:])

    return run


def change(rule, at=DECIDED):
    new_version(rule.act)
    return decide_on(rule, "changed", at=at, deadline_da="48 timer", deadline_hours=48)


def pass_quiz(lesson, person, at=AT):
    question = lesson.questions.get()
    version = question.versions.get(is_current=True)
    submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=person,
        answers={version.pk: right_answer(question)},
        language="da",
        at=at,
    )


def test_who_had_read_or_passed_is_told_once_and_nobody_else(rule, lesson, mails):
    mark_read(lesson, learner("laeste"), at=AT)
    pass_quiz(lesson, learner("bestod"))
    learner("ny")
    change(rule)
    mark_read(lesson, learner("laeste-bagefter"), at=DECIDED + timedelta(minutes=1))

    assert mails(NEXT_DAY, NEXT_DAY + timedelta(hours=1), NEXT_DAY + DAY) == [
        "bestod@example.org",
        "laeste@example.org",
    ]


def test_who_has_begun_the_course_anew_is_told_of_what_they_had_read(rule, mails):
    course, reader = make_course(), learner()
    mark_read(make_lesson(make_module(course), rules=[rule.pk]), reader, at=AT)
    retake(course, reader, at=AT + timedelta(hours=1))
    change(rule)

    assert mails(NEXT_DAY) == ["laerer@example.org"]


def test_nothing_is_sent_on_the_day_itself_nor_at_night_nor_after_a_week(rule, lesson, mails):
    mark_read(lesson, learner(), at=AT)
    change(rule)

    assert mails(DECIDED + timedelta(hours=2)) == []
    assert mails(NEXT_DAY.replace(hour=6)) == []  # four in the morning in Nuuk
    assert mails(DECIDED + TELL_WITHIN) == []
    assert mails(DECIDED + TELL_WITHIN - timedelta(hours=1)) == ["laerer@example.org"]


def test_many_rules_of_one_day_cause_one_mail_and_those_of_the_next_another(mails):
    rules = [make_rule() for _number in range(4)]
    lesson = make_lesson(make_module(make_course()), rules=[rule.pk for rule in rules])
    mark_read(lesson, learner(), at=AT)
    new_version(rules[0].act)
    for rule in rules[:3]:
        decide_on(rule, "gone", at=DECIDED)
    decide_on(rules[3], "gone", at=DECIDED + DAY)

    assert mails(NEXT_DAY, NEXT_DAY + timedelta(hours=2)) == ["laerer@example.org"]
    assert mails(NEXT_DAY + DAY, NEXT_DAY + DAY) == ["laerer@example.org"]


def test_what_was_seen_or_taken_back_or_left_as_it_was_is_not_told(rule, lesson, mails):
    person = learner()
    mark_read(lesson, person, at=AT)
    decision = change(rule)
    mark_changes_seen(person, [decision.pk], at=DECIDED)
    assert mails(NEXT_DAY) == []

    other = make_rule()
    another = make_lesson(lesson.module, 2, rules=[other.pk])
    mark_read(another, person, at=AT)
    taken_back = decide_on(other, "changed", deadline_da="3 døgn", deadline_hours=72)
    take_back_decision(taken_back, at=DECIDED, by=None)
    assert mails(NEXT_DAY) == []


def test_a_learner_stops_either_way(rule, lesson, mails):
    person = learner()
    mark_read(lesson, person, at=AT)
    change(rule)
    standing = standing_of(person.user)

    choose_reminders(person, {(Told.CHANGED, "site")})
    assert mails(NEXT_DAY) == []
    assert changed_since(None, standing) is not None
    choose_reminders(person, {(Told.CHANGED, "mail")})
    assert mails(NEXT_DAY) == ["laerer@example.org"]
    assert changed_since(None, standing) is None


@pytest.mark.parametrize("count", [1, 12])
def test_the_job_takes_the_same_queries_for_one_and_for_many(
    rule, lesson, django_assert_num_queries, count
):
    for number in range(count):
        mark_read(lesson, learner(f"laerer{number}"), at=AT)
    change(rule)

    # the decisions; who read, passed, has seen; the people; what was sent
    with django_assert_num_queries(6):
        assert tell_of_changes(NEXT_DAY) == count


def test_without_a_decision_nothing_is_looked_for(django_assert_num_queries):
    assert not Decision.objects.exists()
    with django_assert_num_queries(1):
        assert tell_of_changes(timezone.now().replace(hour=15)) == 0
