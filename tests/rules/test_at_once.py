"""Reviewers who press at the same time: one is first, the others are told, nothing is doubled."""

from functools import partial

import pytest

from rules.law_changes import close_items, decide
from rules.models import Act, Decision, Replacement, ReviewItem, Rule, RuleVersion
from rules.refusals import RegisterRefused
from tests.at_once import at_once, counted
from tests.factories.courses import make_learner, make_question, make_rule
from tests.factories.law import DECIDED, NEW_LAW, decide_on, new_version

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
together = partial(at_once, THREADS)


def refused_or(work):
    """What ``work`` answers; the code where it was refused."""
    try:
        return work()
    except RegisterRefused as refusal:
        return refusal.code


def test_a_new_version_entered_by_eight_is_entered_once():
    rule = make_rule()

    answers = together(
        lambda number: refused_or(lambda: new_version(rule.act, number=f"{number}/2027"))
    )

    assert answers.count("replaced") == THREADS - 1
    assert counted(Act, Replacement) == [2, 1]


def test_a_rule_decided_by_eight_is_decided_once():
    rule = make_rule()
    make_question(rule=rule)
    new_version(rule.act)
    people = [make_learner() for _number in range(THREADS)]
    seen = rule.versions.order_by("-number").first().number
    check = {
        "source_title": "Den nye lov",
        "source_url": "https://nalunaarutit.gl/",
        "checked_on": NEW_LAW,
        "review_by": NEW_LAW,
    }

    def press(number):
        kind = ("unchanged", "gone")[number % 2]
        return refused_or(
            lambda: decide(
                Rule(pk=rule.pk), kind, check, seen_version=seen, at=DECIDED, by=people[number]
            )
        )

    answers = together(press)

    assert answers.count("stale") == THREADS - 1
    assert counted(Decision, RuleVersion) == [1, seen + 1]


def test_an_item_closed_by_eight_is_closed_by_the_first():
    rule = make_rule()
    make_question(rule=rule)
    decide_on(rule, "gone")
    item = ReviewItem.objects.get()
    people = [make_learner() for _number in range(THREADS)]

    answers = together(
        lambda number: len(close_items([item.pk], "done", at=DECIDED, by=people[number]))
    )

    assert sorted(answers) == [0] * (THREADS - 1) + [1]
