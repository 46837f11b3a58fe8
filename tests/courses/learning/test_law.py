"""Whoever had learnt a rule that changed is told the difference, once, and nothing else."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from courses.actions import (
    freeze_question,
    mark_changes_seen,
    mark_read,
    open_lesson,
    retake,
    submit_quiz,
)
from courses.learning.law import changes_for, count_changes_for
from courses.models import LessonRule, SeenChange
from people.models import Person
from rules.law_changes import take_back_decision
from rules.models import Decision
from tests.factories.courses import (
    chosen,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
    make_rule,
)
from tests.factories.law import DECIDED, ENTERED, decide_on, new_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
BEFORE = ENTERED - timedelta(days=20)
AFTER = DECIDED + timedelta(minutes=1)


@pytest.fixture
def rule(base):
    return make_rule()


@pytest.fixture
def module(base):
    return make_module(make_course())


@pytest.fixture
def lesson(rule, module):
    return make_lesson(module, rules=[rule.pk])


def change(rule, at=DECIDED, **values):
    return decide_on(rule, "changed", at=at, **(values or {"deadline_da": "48 timer"}))


def told(person: Person) -> list[tuple[str, str]]:
    return [(one.old, one.new) for each in changes_for(person) for one in each.differences]


# --- Who is told --------------------------------------------------------------------------------


def test_who_had_read_the_lesson_is_told_only_the_difference(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)
    new_version(rule.act)
    assert changes_for(reader) == []

    change(rule)

    (found,) = changes_for(reader)
    assert told(reader) == [("24 timer", "48 timer")]
    assert (found.since.isoformat(), found.lessons) == ("2027-09-06", [lesson])
    assert count_changes_for(reader) == 1


@pytest.mark.parametrize(("seconds", "is_told"), [(-1, True), (0, False), (1, False)])
def test_who_read_it_without_net_learnt_the_law_of_the_day_they_left(
    rule, lesson, seconds, is_told
):
    reader = make_learner()
    left = DECIDED + timedelta(seconds=seconds)
    mark_read(lesson, reader, at=DECIDED + timedelta(days=9), law_as_of=left)

    change(rule)

    assert bool(changes_for(reader)) == is_told


def test_reading_it_again_with_net_does_not_forget_how_it_was_learnt(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=AFTER, law_as_of=BEFORE)
    mark_read(lesson, reader, at=AFTER)

    change(rule)

    assert changes_for(reader)


def test_who_takes_the_course_again_is_told_until_they_have_read_it_anew(rule, lesson, module):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)
    retake(module.course, reader, at=BEFORE + timedelta(days=1))

    change(rule)

    (found,) = changes_for(reader)
    assert found.lessons == [lesson]
    mark_read(lesson, reader, at=AFTER)
    assert changes_for(reader) == []


@pytest.mark.parametrize(("seconds", "is_told"), [(-1, True), (0, False), (1, False)])
def test_who_reads_it_from_then_on_is_told_nothing(rule, lesson, seconds, is_told):
    reader = make_learner()
    mark_read(lesson, reader, at=DECIDED + timedelta(seconds=seconds))

    change(rule)

    assert bool(changes_for(reader)) == is_told


def test_who_only_opened_it_or_read_something_else_is_told_nothing(rule, lesson, module):
    opener, other = make_learner(), make_learner()
    open_lesson(lesson, opener, at=BEFORE)
    mark_read(make_lesson(module, 2, rules=[make_rule().pk]), other, at=BEFORE)

    change(rule)

    assert (changes_for(opener), changes_for(other)) == ([], [])


@pytest.mark.parametrize(("answer", "is_told"), [(0, True), (1, False)], ids=["passed", "failed"])
def test_who_passed_a_quiz_that_rests_on_the_rule_is_told(rule, module, answer, is_told):
    question = make_question(rule=rule)
    lesson = make_lesson(module, questions=[question.pk])
    learner = make_learner()
    submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=learner,
        answers=chosen(question, answer),
        language="da",
        at=BEFORE,
    )

    change(rule)

    assert bool(changes_for(learner)) == is_told


def test_who_passed_a_quiz_of_which_one_answer_rests_on_the_rule_is_told(rule, module):
    question = make_question()
    wrong = question.choices.order_by("sort_order")[1]
    wrong.rule = rule
    wrong.save()
    freeze_question(question, at=BEFORE)
    lesson = make_lesson(module, questions=[question.pk])
    learner = make_learner()
    submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=learner,
        answers=chosen(question, 0),
        language="da",
        at=BEFORE,
    )

    change(rule)

    assert told(learner) == [("24 timer", "48 timer")]
    assert changes_for(learner)[0].lessons == [lesson]


def test_who_passed_it_afterwards_is_told_nothing(rule, module):
    question = make_question(rule=rule)
    learner = make_learner()
    change(rule)

    submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=make_lesson(module, questions=[question.pk]),
        person=learner,
        answers=chosen(question, 0),
        language="da",
        at=AFTER,
    )

    assert changes_for(learner) == []


def test_an_unchanged_rule_tells_nobody_anything(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)

    decide_on(rule, "unchanged")

    assert changes_for(reader) == []


def test_a_rule_that_holds_no_longer_is_told_as_such(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)

    decide_on(rule, "gone")

    (found,) = changes_for(reader)
    assert found.is_gone
    assert told(reader) == [("Kontrolleret", "Gælder ikke længere")]


def test_a_lesson_that_cites_it_no_longer_was_still_learnt_from(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)
    change(rule)

    LessonRule.objects.all().delete()

    assert len(changes_for(reader)) == 1


def test_two_changes_of_one_rule_are_told_as_one(rule, lesson):
    reader, between = make_learner(), make_learner()
    mark_read(lesson, reader, at=BEFORE)
    change(rule)
    mark_read(lesson, between, at=AFTER)

    change(rule, at=DECIDED + timedelta(days=1), deadline_da="72 timer")

    assert told(reader) == [("24 timer", "72 timer")]
    assert told(between) == [("48 timer", "72 timer")]
    assert count_changes_for(reader) == 1


def test_a_change_that_was_taken_back_is_told_to_nobody(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)
    decision = change(rule)

    take_back_decision(decision, at=AFTER, by=None)

    assert changes_for(reader) == []


def test_there_is_no_row_for_a_learner_until_it_is_seen(rule, lesson):
    for _number in range(3):
        mark_read(lesson, make_learner(), at=BEFORE)

    change(rule)

    assert not SeenChange.objects.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_queries_stay_the_same(module, count, django_assert_num_queries):
    reader = make_learner()
    for number in range(count):
        rule = make_rule()
        mark_read(make_lesson(module, number + 1, rules=[rule.pk]), reader, at=BEFORE)
        change(rule)

    with django_assert_num_queries(3):  # what was passed; the changes; where it was learnt
        found = changes_for(reader)
        assert [one.rule.act.number for one in found] == ["11/2024"] * count
    with django_assert_num_queries(2):
        assert count_changes_for(reader) == count


# --- The page -----------------------------------------------------------------------------------


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def page(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get(reverse("courses:changes")).content, "html.parser").main


def test_the_start_page_says_so_until_it_is_seen_with_one_press(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)
    change(rule)
    client = signed_in(reader)

    start = client.get("/da/start/").content.decode()
    assert "Det er ændret, siden du lærte det" in start
    shown = page(client)
    assert [one.get_text() for one in shown.select("del, ins")] == ["24", "48"]
    assert shown.find("a", href=lesson.path) is not None
    assert "Ændret fra 6. september 2027." in shown.get_text()

    decisions = [field["value"] for field in shown.select("[name=decision]")]
    client.post(reverse("courses:changes"), {"decision": decisions})

    assert "Det er ændret, siden du lærte det" not in client.get("/da/start/").content.decode()
    assert page(client).select("del, ins") == []
    assert SeenChange.objects.get().person == reader


def test_what_came_while_one_read_is_not_marked_as_seen(rule, lesson, module):
    later = make_rule()
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)
    mark_read(make_lesson(module, 2, rules=[later.pk]), reader, at=BEFORE)
    shown = change(rule)
    change(later)

    signed_in(reader).post(reverse("courses:changes"), {"decision": [shown.pk]})

    assert [one.rule for one in changes_for(reader)] == [later]


def test_nobody_marks_a_change_that_was_never_theirs(rule, lesson):
    decision = change(rule)
    stranger = make_learner()

    signed_in(stranger).post(reverse("courses:changes"), {"decision": [decision.pk, "x", "٣"]})

    assert not SeenChange.objects.exists()


def test_marking_twice_counts_once(rule, lesson):
    reader = make_learner()
    mark_read(lesson, reader, at=BEFORE)
    decision = change(rule)

    mark_changes_seen(reader, [decision.pk], at=AFTER)
    mark_changes_seen(reader, [decision.pk], at=AFTER + timedelta(days=1))

    assert SeenChange.objects.get().seen_at == AFTER
    assert Decision.objects.get() == decision


def test_with_nothing_new_the_page_says_so():
    assert "Intet er ændret, siden du lærte det." in page(signed_in(make_learner())).get_text()
