"""The plan for the weeks of a stay: both sides write it, and neither writes over the other."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from core.periods import local_day
from mentoring.goals.actions import GoalRefused, end_goal, plan_weeks
from mentoring.goals.weeks import (
    MOST_AHEAD,
    USUAL_AHEAD,
    logged,
    planned,
    suggested,
    table,
    weeks_ahead,
)
from mentoring.models import Goal, Pairing
from mentoring.models.goals import monday
from tests.factories.goals import make_goal
from tests.factories.mentoring import caseworker_of, make_pairing, mentor_of, people_of, send

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = local_day(NOW)
THIS, NEXT = monday(TODAY), monday(TODAY) + timedelta(days=7)


@pytest.fixture
def goal(pairing: Pairing) -> Goal:
    return make_goal(pairing)


def plan_of(goal: Goal) -> dict[date, str]:
    return planned([goal])[goal.pk]


@pytest.mark.parametrize(
    ("until", "count"),
    [
        (None, USUAL_AHEAD + 1),  # the week under way, and twelve more
        (THIS + timedelta(days=7), 1),
        (THIS + timedelta(days=8), 2),
        (THIS + timedelta(days=7 * 60), MOST_AHEAD),
    ],
)
def test_weeks_on_offer_go_to_the_end_of_the_stay(until: date | None, count: int):
    pairing = make_pairing()
    Pairing.objects.filter(pk=pairing.pk).update(ends_on=until)

    weeks = weeks_ahead(caseworker_of(pairing), on=THIS + timedelta(days=1))

    assert len(weeks) == count
    assert weeks[0] == THIS
    assert {week.weekday() for week in weeks} == {0}


def test_a_stay_that_is_over_offers_no_weeks_though_one_may_still_read_its_sessions():
    pairing = make_pairing()
    Pairing.objects.filter(pk=pairing.pk).update(ends_on=TODAY)

    assert weeks_ahead(caseworker_of(pairing), on=TODAY) == []
    assert len(weeks_ahead(caseworker_of(pairing), on=TODAY - timedelta(days=1))) >= 1


def test_either_side_plans_and_what_is_past_stays(pairing: Pairing, goal: Goal):
    past = THIS - timedelta(days=7)
    goal.weeks.create(week_on=past, mode="in_front")

    goal = plan_weeks(mentor_of(pairing), goal, {THIS: "beside", NEXT: ""}, seen=0, at=NOW)
    goal = plan_weeks(
        caseworker_of(pairing), goal, {THIS: "", NEXT: "behind"}, seen=goal.plan_number, at=NOW
    )

    assert plan_of(goal) == {past: "in_front", NEXT: "behind"}


def test_of_two_plans_at_once_the_second_sees_the_first(pairing: Pairing, goal: Goal):
    plan_weeks(mentor_of(pairing), goal, {THIS: "beside"}, seen=0, at=NOW)

    with pytest.raises(GoalRefused) as refusal:
        plan_weeks(caseworker_of(pairing), goal, {THIS: "behind"}, seen=0, at=NOW)

    assert refusal.value.code == "changed"
    assert plan_of(goal) == {THIS: "beside"}


def test_sending_a_plan_twice_is_once(pairing: Pairing, goal: Goal):
    for _ in range(2):
        plan_weeks(mentor_of(pairing), goal, {THIS: "beside"}, seen=0, at=NOW)

    goal.refresh_from_db()
    assert (goal.plan_number, plan_of(goal)) == (1, {THIS: "beside"})


@pytest.mark.parametrize(
    "weeks",
    [
        {THIS: "sideways"},
        {THIS - timedelta(days=7): "beside"},
        {THIS + timedelta(days=1): "beside"},
    ],
)
def test_what_is_not_on_offer_is_refused(pairing: Pairing, goal: Goal, weeks):
    with pytest.raises(GoalRefused) as refusal:
        plan_weeks(mentor_of(pairing), goal, weeks, seen=0, at=NOW)

    assert refusal.value.code == "weeks"


def test_a_goal_that_has_ended_and_a_colleague_plan_nothing(pairing: Pairing, goal: Goal):
    colleague = people_of(pairing, "caseworker")[1]
    with pytest.raises(GoalRefused) as refusal:
        plan_weeks(colleague, goal, {THIS: "beside"}, seen=0, at=NOW)
    assert refusal.value.code == "no_mentor"

    end_goal(mentor_of(pairing), goal, "reached", at=NOW)
    with pytest.raises(GoalRefused) as refusal:
        plan_weeks(mentor_of(pairing), goal, {THIS: "beside"}, seen=0, at=NOW)
    assert refusal.value.code == "ended"


def test_how_a_week_went_is_its_last_session(pairing: Pairing):
    day = monday(TODAY) - timedelta(days=7)
    for days, mode in ((0, "in_front"), (2, "behind"), (1, "beside")):
        send(pairing, at=NOW, held_on=str(day + timedelta(days=days)), mode=mode)

    went = logged(caseworker_of(pairing), since=day)

    assert went == {day: "behind"}
    (week,) = table({}, went, [day])
    assert (str(week.planned), str(week.logged)) == ("", "Gå bagved")


def test_a_suggestion_goes_from_in_front_to_behind_in_thirds():
    mondays = [THIS + timedelta(days=7 * number) for number in range(7)]

    assert list(suggested(mondays).values()) == [
        *["in_front"] * 3,
        *["beside"] * 3,
        "behind",
    ]
    assert suggested([]) == {}


def test_a_week_has_the_number_people_call_it_by():
    (week,) = table({}, {}, [datetime(2026, 12, 28).date()])  # noqa: DTZ001  a day alone

    assert (week.number, week.last_day) == (53, date(2027, 1, 1))
