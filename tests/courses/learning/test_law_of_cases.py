"""Whoever had solved a case that turns on a rule is told when the rule changes, as by a lesson."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.actions import begin_case, choose, keep_play, mark_changes_seen, sync_case
from courses.actions.telling import tell_of_changes
from courses.learning.law import changes_for, count_changes_for
from people.models import Person
from rules.models import Decision
from tests.factories.cases import make_case, make_mentor_and_colleague, told
from tests.factories.courses import make_course, make_learner, make_module, make_rule
from tests.factories.law import DECIDED, ENTERED, decide_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
BEFORE = ENTERED - timedelta(days=20)
AFTER = DECIDED + timedelta(minutes=1)
GOOD = [["opkald", "spoerg"], ["notat", "beslut"]]
BAD = [["opkald", "vent"], ["weekend", "beslut-sent"]]


@pytest.fixture
def rule(base):
    return make_rule()


@pytest.fixture
def case(rule):
    return make_case(told_da=told(rule))


def change(rule, at=DECIDED):
    return decide_on(rule, "changed", at=at, deadline_da="48 timer", deadline_hours=48)


def play(case, person, *, at=BEFORE, ways=GOOD, partner=None):
    begun = begin_case(play_id=uuid.uuid4(), case=case, person=person, partner=partner, at=at)
    for step, chosen in ways:
        begun = choose(begun, turn=begun.turn, step=step, choice=chosen, at=at)
    return begun


def test_who_had_solved_it_is_told_the_difference_and_where_it_was_learnt(rule, case):
    learner = make_learner()
    play(case, learner)

    change(rule)

    (found,) = changes_for(learner)
    assert [(one.old, one.new) for one in found.differences] == [("24 timer", "48 timer")]
    assert (found.lessons, found.cases) == ([], [case])
    assert count_changes_for(learner) == 1


@pytest.mark.parametrize(("seconds", "is_told"), [(-1, True), (0, False), (1, False)])
def test_who_solves_it_from_then_on_is_told_nothing(rule, case, seconds, is_told):
    learner = make_learner()
    play(case, learner, at=DECIDED + timedelta(seconds=seconds))

    change(rule)

    assert bool(changes_for(learner)) == is_told


def test_who_ended_badly_or_has_not_ended_had_not_learnt_it(rule, case):
    bad, under_way = make_learner(), make_learner()
    play(case, bad, ways=BAD)
    play(case, under_way, ways=GOOD[:1])

    change(rule)

    assert (changes_for(bad), changes_for(under_way)) == ([], [])


def test_both_who_had_played_it_together_are_told(rule, case):
    mentor, colleague = make_mentor_and_colleague()
    play(case, mentor, partner=colleague)

    change(rule)

    assert [len(changes_for(one)) for one in (mentor, colleague)] == [1, 1]


def test_a_rule_that_is_shown_before_it_begins_counts(rule):
    before = {"before": [str(rule.pk)]}
    case = make_case(told_da=told(make_rule()) | before)
    learner = make_learner()
    play(case, learner)

    change(rule)

    assert [one.rule for one in changes_for(learner)] == [rule]


@pytest.mark.parametrize(("is_mended", "is_told"), [(True, True), (False, False)])
def test_who_ends_a_play_of_a_version_that_was_replaced_learnt_the_old_rule(
    rule, case, is_mended, is_told
):
    learner = make_learner()
    begun = play(case, learner, ways=GOOD[:1])
    change(rule)
    if is_mended:
        mended = told(rule)
        mended["steps"][0]["heading"] = "Et nyt opkald"
        sync_case(
            case.pk, module_key=case.module_id, position=9, minutes=12, language="da",
            title="T", path=case.path, is_live=True, told=mended, at=AFTER,
        )  # fmt: skip

    choose(begun, turn=begun.turn, step="notat", choice="beslut", at=AFTER + timedelta(hours=1))

    assert bool(changes_for(learner)) == is_told


@pytest.mark.parametrize(("as_of", "is_told"), [(BEFORE, True), (AFTER, False), (None, False)])
def test_on_a_device_that_had_been_away_one_learns_the_law_of_the_day_it_left(
    rule, case, as_of, is_told
):
    learner = make_learner()
    change(rule)

    keep_play(
        play_id=uuid.uuid4(),
        version=case.versions.get(),
        person=learner,
        path=GOOD,
        at=DECIDED + timedelta(days=3),
        law_as_of=as_of,
    )

    assert bool(changes_for(learner)) == is_told


def test_the_page_names_the_case_and_one_press_marks_it_as_seen(rule, case):
    learner = make_learner()
    play(case, learner)
    change(rule)
    client = Client()
    client.force_login(learner.user)

    shown = client.get(reverse("courses:changes")).content.decode()
    assert f'href="{case.path}"' in shown
    client.post(reverse("courses:changes"), {"decision": [Decision.objects.get().pk]})

    assert changes_for(learner) == []


def test_they_are_told_by_mail_too_once(rule, case):
    solved, other = make_learner(), make_learner()
    for person in (solved, other):
        Person.objects.filter(pk=person.pk).update(email=f"{person.pk}@example.org")
    play(case, solved)
    play(case, other, ways=BAD)
    decision = change(rule)
    morning = DECIDED + timedelta(days=1)

    assert tell_of_changes(morning) == 1
    mark_changes_seen(solved, [decision.pk], at=morning)
    assert tell_of_changes(morning) == 0


@pytest.mark.parametrize("count", [1, 9])
def test_the_queries_stay_the_same(count, django_assert_num_queries):
    learner = make_learner()
    module = make_module(make_course())
    for _number in range(count):
        rule = make_rule()
        play(make_case(module, told_da=told(rule)), learner)
        change(rule)

    with django_assert_num_queries(5):  # what was shown; the changes; lessons read, asked; cases
        assert [len(one.cases) for one in changes_for(learner)] == [1] * count
    with django_assert_num_queries(2):
        assert count_changes_for(learner) == count
