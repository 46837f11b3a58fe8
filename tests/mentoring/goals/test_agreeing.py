"""A goal is agreed by two: what one side proposes, the other answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from competences.models import Competence
from mentoring.actions import LookAgain
from mentoring.goals.actions import (
    GoalRefused,
    accept,
    decline,
    end_goal,
    propose_change,
    propose_goal,
    take_up,
    withdraw,
)
from mentoring.models import MOST_GOALS, Goal, GoalTerms, Pairing, WarningTally
from notices.models import Notice
from people.models import Person
from tests.factories.goals import competence, make_framework, make_goal, soon, terms
from tests.factories.mentoring import caseworker_of, make_pairing, mentor_of, people_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment of this test: midnight may have passed since the file was read."""
    monkeypatch.setattr(f"{__name__}.NOW", timezone.now())


@contextmanager
def refused(code: str) -> Iterator[Any]:
    """What is tried within is refused with that code."""
    with pytest.raises(GoalRefused) as refusal:
        yield refusal
    assert refusal.value.code == code


def propose(pairing: Pairing, by: Person | None = None, key: str = "receipt", **changes):
    person = caseworker_of(pairing)
    return propose_goal(by or mentor_of(pairing), person, competence(key), terms(**changes), at=NOW)


def states(goal: Goal) -> list[str]:
    return list(goal.terms.order_by("number").values_list("state", flat=True))


def told(person: Person) -> list[str]:
    found = Notice.objects.filter(person=person).order_by("pk")
    return [notice.kind for notice in found]


# --- Proposing and answering ----------------------------------------------------------------------


@pytest.mark.parametrize("by_mentor", [True, False])
def test_what_one_side_proposes_holds_once_the_other_agrees(pairing: Pairing, by_mentor: bool):
    mentor, person = mentor_of(pairing), caseworker_of(pairing)
    by, other = (mentor, person) if by_mentor else (person, mentor)

    goal = propose(pairing, by)

    assert (goal.state, goal.held, goal.waiting.why) == ("proposed", None, "Øve brevet.")
    assert goal.waits_for(other)
    assert not goal.waits_for(by)
    agreed = accept(other, goal.waiting, at=NOW)
    assert (agreed.state, agreed.waiting) == ("agreed", None)
    assert (agreed.held.start, agreed.held.target) == ("with_help", "alone")
    assert (agreed.held.answered_by, agreed.held.answered_at) == (other, NOW)


def test_the_other_side_is_told_and_nothing_is_said_of_what(
    pairing: Pairing, django_capture_on_commit_callbacks
):
    person, mentors = caseworker_of(pairing), people_of(pairing, "mentor")

    with django_capture_on_commit_callbacks(execute=True):
        goal = propose(pairing, person, why="Et ord ingen må se.")
        accept(mentors[0], goal.waiting, at=NOW)

    assert [told(mentor) for mentor in mentors] == [["mentoring.goal_proposed"]] * 2
    assert told(person) == ["mentoring.goal_agreed"]
    assert {str(facts) for facts in Notice.objects.values_list("facts", flat=True)} == {"{}"}


def test_nobody_answers_their_own_side(pairing: Pairing):
    first, second = people_of(pairing, "mentor")
    goal = propose(pairing, first)

    with refused("own"):
        accept(second, goal.waiting, at=NOW)
    with refused("own"):
        decline(first, goal.waiting, at=NOW)
    with refused("own"):
        withdraw(caseworker_of(pairing), goal.waiting, at=NOW)

    assert states(goal) == ["waits"]


def test_a_colleague_and_a_mentor_of_others_have_no_say(pairing: Pairing):
    colleague = people_of(pairing, "caseworker")[1]
    stranger = mentor_of(make_pairing())
    goal = make_goal(pairing, agreed=False)

    for one in (colleague, stranger):
        with refused("no_mentor"):
            accept(one, goal.waiting, at=NOW)
        with refused("no_mentor"):
            propose(pairing, one, "report_in")
        with refused("no_mentor"):
            propose_change(one, goal, terms(target="can_teach"), seen=1, at=NOW)

    assert states(goal) == ["waits"]


def test_a_mentor_has_a_say_on_the_last_day_of_the_stay_and_not_after(pairing: Pairing):
    mentor, person = mentor_of(pairing), caseworker_of(pairing)
    goal = propose(pairing, person)
    last = timezone.localdate()
    pairing.members.filter(person=mentor).update(ends_on=last + timedelta(days=1))

    with refused("no_mentor"):
        accept(mentor, goal.waiting, at=NOW + timedelta(days=1))

    assert accept(mentor, goal.waiting, at=NOW).state == "agreed"


def test_without_a_mentor_of_today_there_is_nobody_to_agree_with(pairing: Pairing):
    pairing.members.filter(side="mentor").update(ends_on=timezone.localdate())

    with refused("no_mentor"):
        propose(pairing, caseworker_of(pairing))

    assert not Goal.objects.exists()


def test_proposing_twice_is_once_and_tells_once(
    pairing: Pairing, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert propose(pairing) == propose(pairing)

    assert GoalTerms.objects.count() == 1
    assert told(caseworker_of(pairing)) == ["mentoring.goal_proposed"]


def test_a_second_goal_for_a_competence_is_refused_and_after_the_first_has_ended_is_not(
    pairing: Pairing,
):
    goal = make_goal(pairing)

    with refused("there"):
        propose(pairing, target="can_teach")

    end_goal(mentor_of(pairing), goal, "reached", at=NOW)
    assert propose(pairing, start="alone", target="can_teach").state == "proposed"
    with refused("there"):
        take_up(mentor_of(pairing), goal, at=NOW)


def test_eight_goals_are_enough(pairing: Pairing):
    keys = [f"kan-{number}" for number in range(MOST_GOALS + 1)]
    make_framework(*keys, key="anden")
    for key in keys[:-1]:
        propose_goal(
            mentor_of(pairing),
            caseworker_of(pairing),
            Competence.objects.get(key=key),
            terms(),
            at=NOW,
        )

    with refused("many"):
        propose(pairing)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("target", {"start": "alone", "target": "alone"}),
        ("target", {"start": "can_teach", "target": "not_yet"}),
        ("target", {"target": "perfect"}),
        ("due_on", {"due_on": soon(-1)}),
        ("due_on", {"due_on": soon(733)}),
        ("why", {"why": "Ring 010190-1234."}),
        ("why", {"why": "x" * 501}),
    ],
)
def test_what_makes_no_goal_is_refused_at_its_field(pairing: Pairing, field: str, changes):
    with refused("terms") as refusal:
        propose(pairing, **changes)

    assert list(refusal.value.error_dict) == [field]
    assert "1234" not in str(refusal.value)
    assert not Goal.objects.exists()


@pytest.mark.parametrize("days", [0, 732])
def test_both_edges_of_the_day_are_taken(pairing: Pairing, days: int):
    assert propose(pairing, due_on=soon(days)).waiting.due_on == soon(days)


def test_a_competence_out_of_force_is_no_goal(pairing: Pairing):
    framework = competence().framework
    framework.retired_on = timezone.localdate()
    framework.save()

    with refused("terms") as refusal:
        propose(pairing)

    assert list(refusal.value.error_dict) == ["competence"]


def test_what_could_show_who_somebody_is_is_pointed_out_once_and_counted(pairing: Pairing):
    with pytest.raises(LookAgain) as refusal:
        propose(pairing, why="Som ved pigen på 9 år.")

    assert list(refusal.value.warnings) == ["why"]
    assert not Goal.objects.exists()
    goal = propose_goal(
        mentor_of(pairing),
        caseworker_of(pairing),
        competence(),
        terms(why="Som ved pigen på 9 år."),
        at=NOW,
        looked_again=True,
    )
    assert goal.waiting.why == "Som ved pigen på 9 år."
    assert list(WarningTally.objects.values_list("shown", "sent")) == [(1, 1)]


# --- Changing -------------------------------------------------------------------------------------


def test_a_change_asks_again_and_until_then_what_was_agreed_holds(pairing: Pairing):
    mentor, person = mentor_of(pairing), caseworker_of(pairing)
    goal = make_goal(pairing)

    goal = propose_change(person, goal, terms(target="can_teach"), seen=1, at=NOW)

    assert (goal.state, goal.held.target, goal.waiting.target) == ("agreed", "alone", "can_teach")
    assert goal.waits_for(mentor)
    goal = accept(mentor, goal.waiting, at=NOW)
    assert (goal.held.target, states(goal)) == ("can_teach", ["past", "holds"])


def test_a_change_that_is_declined_leaves_what_was_agreed(pairing: Pairing):
    goal = make_goal(pairing)
    goal = propose_change(caseworker_of(pairing), goal, terms(target="can_teach"), seen=1, at=NOW)

    goal = decline(mentor_of(pairing), goal.waiting, at=NOW)

    assert (goal.state, goal.held.target, goal.waiting) == ("agreed", "alone", None)
    assert decline(mentor_of(pairing), goal.terms.get(number=2), at=NOW).state == "agreed"


@pytest.mark.parametrize("answer", [decline, withdraw])
def test_a_goal_that_was_never_agreed_is_dropped(pairing: Pairing, answer):
    by = caseworker_of(pairing) if answer is decline else mentor_of(pairing)
    goal = make_goal(pairing, agreed=False)

    dropped = answer(by, goal.waiting, at=NOW)

    assert (dropped.state, dropped.ended_by) == ("dropped", by)
    assert answer(by, dropped.terms.get(), at=NOW).state == "dropped"
    with refused("changed"):
        take_up(by, dropped, at=NOW)


def test_a_counter_proposal_replaces_the_one_before(pairing: Pairing):
    mentor, person = mentor_of(pairing), caseworker_of(pairing)
    goal = make_goal(pairing, agreed=False)
    first = goal.waiting

    goal = propose_change(person, goal, terms(due_on=soon(60)), seen=1, at=NOW)

    assert states(goal) == ["replaced", "waits"]
    with refused("changed"):
        accept(person, first, at=NOW)
    assert accept(mentor, goal.waiting, at=NOW).held.due_on == soon(60)


def test_of_two_changes_at_once_the_second_is_shown_the_first(pairing: Pairing):
    goal = make_goal(pairing)
    propose_change(mentor_of(pairing), goal, terms(target="can_teach"), seen=1, at=NOW)

    with refused("changed"):
        propose_change(caseworker_of(pairing), goal, terms(due_on=soon(90)), seen=1, at=NOW)

    assert states(goal) == ["holds", "waits"]


def test_sending_a_change_twice_is_once(pairing: Pairing):
    goal = make_goal(pairing)
    for _ in range(2):
        propose_change(mentor_of(pairing), goal, terms(target="can_teach"), seen=1, at=NOW)

    assert states(goal) == ["holds", "waits"]


def test_proposing_what_holds_already_changes_nothing(pairing: Pairing):
    goal = make_goal(pairing)

    with refused("same"):
        propose_change(mentor_of(pairing), goal, terms(), seen=1, at=NOW)


# --- Ending ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["reached", "stopped"])
@pytest.mark.parametrize("by_mentor", [True, False])
def test_either_side_ends_a_goal_and_either_takes_it_up(
    pairing: Pairing, state: str, by_mentor: bool
):
    sides = [mentor_of(pairing), caseworker_of(pairing)]
    by, other = sides if by_mentor else reversed(sides)
    goal = make_goal(pairing)
    goal = propose_change(other, goal, terms(target="can_teach"), seen=1, at=NOW)

    goal = end_goal(by, goal, state, at=NOW)

    assert (goal.state, goal.ended_by, goal.ended_at) == (state, by, NOW)
    assert states(goal) == ["holds", "withdrawn"]
    assert end_goal(by, goal, state, at=NOW).state == state
    goal = take_up(other, goal, at=NOW)
    assert (goal.state, goal.ended_at, goal.held.target) == ("agreed", None, "alone")


def test_what_is_not_agreed_is_neither_reached_nor_changed_after_its_end(pairing: Pairing):
    goal = make_goal(pairing, agreed=False)
    with refused("changed"):
        end_goal(mentor_of(pairing), goal, "reached", at=NOW)

    goal = decline(caseworker_of(pairing), goal.waiting, at=NOW)
    with refused("ended"):
        propose_change(mentor_of(pairing), goal, terms(target="can_teach"), seen=1, at=NOW)


def test_an_agreed_goal_outlives_the_stay_and_the_next_mentor_goes_on_with_it(pairing: Pairing):
    person, old = caseworker_of(pairing), mentor_of(pairing)
    goal = make_goal(pairing)
    pairing.members.filter(side="mentor").update(ends_on=timezone.localdate())
    with refused("no_mentor"):
        end_goal(old, goal, "reached", at=NOW)
    following = make_pairing()
    following.members.create(person=person, side="caseworker", starts_on="2020-01-01")

    goal = propose_change(mentor_of(following), goal, terms(target="can_teach"), seen=1, at=NOW)

    assert (goal.pairing, accept(person, goal.waiting, at=NOW).held.target) == (
        pairing,
        "can_teach",
    )


# --- What the database keeps ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"start": "alone", "target": "alone"},
        {"start": "can_teach", "target": "can_teach"},
        {"state": "waits"},
        {"state": "declined", "answered_at": None},
    ],
)
def test_the_database_refuses_terms_that_are_none(pairing: Pairing, changes):
    goal = make_goal(pairing)

    with pytest.raises(IntegrityError), transaction.atomic():
        GoalTerms.objects.filter(goal=goal).update(**changes)


def test_the_database_refuses_two_live_goals_for_a_competence(pairing: Pairing):
    goal = make_goal(pairing)
    goal.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(
            person=goal.person, competence=goal.competence, pairing=pairing, made_at=NOW
        )
