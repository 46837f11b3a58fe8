"""What participants said stands in the report, and of fewer than five it says nothing at all."""

import itertools
import random
from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone
from scipy.optimize import Bounds, LinearConstraint, milp

from cooperation.models import EvaluationAnswer, Event, Initiative
from cooperation.reports.content import HIDDEN, Scope, figure_in
from cooperation.reports.current import before, computed, frame_of_report, report_about
from cooperation.reports.sections.evaluations import Evaluations, Group
from cooperation.reports.showing import show
from core.models import AccessLog
from core.small_groups import FEWEST_TO_SHOW
from tests.cooperation.reports.test_pages import browser, rows
from tests.factories.cooperation import make_initiative
from tests.factories.events import make_event, make_invitation
from tests.factories.mentoring import make_town
from tests.factories.reports import (
    AFTER,
    HALF,
    QUESTIONS,
    make_answers,
    make_coordinator,
    make_report,
)

pytestmark = pytest.mark.django_db
PROGRAMME, INTERPRETER, USE = QUESTIONS


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


@pytest.fixture
def sisimiut():
    return make_town("Sisimiut", "Qeqqata Kommunia")


def held(place, *, ends_on: date = HALF.starts_on + timedelta(days=60), **fields) -> Event:
    """A seminar of two days in a town; ``ends_on`` is the day after."""
    begins = ends_on - timedelta(days=2)
    return make_event(
        place=place,
        host=place.municipality,
        starts_on=begins,
        ends_on=ends_on,
        answer_by=begins - timedelta(days=20),
        **fields,
    )


def key_of(text: str) -> str:
    return Group(None, None, text, "", 0, 0).key


def figures(content, text: str | None = None, column=None):
    """How many answers there are, and how much they are in all."""
    key = "all" if text is None else key_of(text)
    found = [figure_in(content, "evaluations", one) for one in (key, f"{key}-average")]
    if None in found:
        return None
    return tuple(one["total"] if column is None else one["cells"].get(column) for one in found)


def report_of(scope: Scope):
    return computed(make_report(scope), on=AFTER.date())


def delivered(*places):
    for place in places:
        make_report(Scope(municipality=place.municipality), frozen=True)


# --- What is counted ------------------------------------------------------------------------------


def test_answers_and_averages_question_by_question_as_people_read_them(upernavik):
    event = held(upernavik)
    make_answers(event, PROGRAMME, [5, 4, 4, 4, 5])
    make_answers(event, INTERPRETER, [1, 2, 3, 3, 2, 2])
    make_answers(held(upernavik), PROGRAMME, [3, 3, 3, 3, 2])

    content = report_of(Scope(municipality=upernavik.municipality))

    assert figures(content) == (16, 22 + 13 + 14)
    assert figures(content, PROGRAMME) == (10, 36)
    part = next(one for one in show(content, None).parts if one.key == "evaluations")
    lines = {str(line.label): line.cells[0] for line in part.lines}
    assert lines[f"{PROGRAMME} Antal svar"].text == "10"
    assert lines[f"{PROGRAMME} I gennemsnit, fra 1 til 5"].text == "3,6"
    assert lines[f"{INTERPRETER} I gennemsnit, fra 1 til 5"].text == "2,2"


@pytest.mark.parametrize(
    ("ends_on", "until", "counts"),
    [
        # By default answers are taken until 13 days after the first day after it.
        (HALF.starts_on - timedelta(days=14), None, False),
        (HALF.starts_on - timedelta(days=13), None, True),
        (HALF.ends_on - timedelta(days=14), None, True),
        (HALF.ends_on - timedelta(days=13), None, False),
        (HALF.starts_on + timedelta(days=9), HALF.last_day, True),
        (HALF.starts_on + timedelta(days=9), HALF.ends_on, False),
    ],
)
def test_an_evaluation_counts_in_the_half_year_in_which_it_ended(upernavik, ends_on, until, counts):
    event = held(upernavik, ends_on=ends_on, evaluate_until=until)
    make_answers(event, PROGRAMME, [4] * 5)

    content = report_of(Scope(municipality=upernavik.municipality))

    assert figures(content) == ((5, 20) if counts else (0, 0))
    assert (HALF.starts_on <= event.evaluation_ends_on < HALF.ends_on) == counts


def test_while_answers_come_in_none_of_them_counts(upernavik):
    event = held(upernavik, ends_on=HALF.starts_on + timedelta(days=40))
    make_answers(event, PROGRAMME, [4] * 6)
    report = make_report(Scope(municipality=upernavik.municipality))

    last_day = event.evaluation_ends_on

    assert figures(computed(report, on=last_day)) == (0, 0)
    assert figures(computed(report, on=last_day + timedelta(days=1))) == (6, 24)


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_was_not_held_is_not_evaluated(upernavik, state):
    event = held(upernavik, state=state, cancelled_reason="Stormen")
    make_answers(event, PROGRAMME, [4] * 6)

    assert figures(report_of(Scope(municipality=upernavik.municipality))) == (0, 0)


def test_averages_are_compared_as_they_are_shown(upernavik):
    scope = Scope(municipality=upernavik.municipality)
    make_answers(held(upernavik), PROGRAMME, [5, 5, 4, 4, 4])
    earlier = held(upernavik, ends_on=HALF.before.starts_on + timedelta(days=60))
    make_answers(earlier, PROGRAMME, [3] * 5)
    make_report(scope, HALF.before, frozen=True)
    report = make_report(scope, frozen=True)

    shown = show(report.content, before(report).content)

    part = next(one for one in shown.parts if one.key == "evaluations")
    average = next(line for line in part.lines if line.key == f"{key_of(PROGRAMME)}-average")
    assert [cell.text for cell in average.cells] == ["4,4", "3,0", "+1,4"]


# --- Initiatives ----------------------------------------------------------------------------------


def test_an_initiative_counts_the_seminars_that_serve_it(upernavik, sisimiut):
    initiative = make_initiative(number=6)
    mine, other = held(upernavik), held(upernavik)
    mine.initiatives.add(initiative)
    make_invitation(mine, sisimiut.municipality)
    make_answers(mine, PROGRAMME, [5] * 5)
    make_answers(other, PROGRAMME, [1] * 5)
    delivered(upernavik)

    content = report_of(Scope(initiative=initiative))

    states = {one["name"]: one["state"] for one in content["columns"]}
    assert states == {"Avannaata Kommunia": "delivered", "Qeqqata Kommunia": "not_delivered"}
    assert figure_in(content, "events", "held")["total"] == 1
    assert figures(content, PROGRAMME) == (5, 25)


# --- Fewer than five ------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [1, 4])
def test_of_fewer_than_five_answers_nothing_is_said(upernavik, answers):
    make_answers(held(upernavik), PROGRAMME, [5] * answers)

    content = report_of(Scope(municipality=upernavik.municipality))

    assert figures(content) == (HIDDEN, HIDDEN)
    part = next(one for one in show(content, None).parts if one.key == "evaluations")
    assert {cell.text for line in part.lines for cell in line.cells[:1]} == {"Skjult"}


def test_a_small_group_goes_into_no_sum_beside_a_large_one(upernavik, sisimiut):
    make_answers(held(upernavik), PROGRAMME, [4] * 6)
    make_answers(held(upernavik), PROGRAMME, [1] * 4)
    make_answers(held(sisimiut), PROGRAMME, [1] * 3)
    delivered(upernavik, sisimiut)

    content = report_of(Scope())

    assert figures(content, PROGRAMME) == (6, 24)
    assert figures(content, PROGRAMME, str(upernavik.municipality.pk)) == (6, 24)
    assert figures(content, PROGRAMME, str(sisimiut.municipality.pk)) == (HIDDEN, HIDDEN)


class World:
    """Seminars in two municipalities, groups of every size, and whoever reads all reports."""

    def __init__(self, chance: random.Random, *places) -> None:
        self.places = places
        self.events = [held(place) for place in places for _ in range(2)]
        self.groups = {
            (event.pk, text): make_answers(
                event, text, [chance.randint(1, 5) for _ in range(chance.choice([0, 2, 4, 5, 7]))]
            )
            for event in self.events
            for text in (PROGRAMME, USE)
        }
        for some in self._some_events():
            initiative = make_initiative()
            initiative.organisations.set([one.municipality for one in places])
            initiative.events.set(some)
        delivered(*places)

    def _some_events(self):
        for many in range(1, len(self.events) + 1):
            yield from itertools.combinations(self.events, many)

    def _held_in(self, place):
        return [one for one in self.events if one.place.municipality == place.municipality]

    def size(self, group) -> int:
        return self.groups[group].answers.count()

    @property
    def small(self) -> list:
        return [one for one in self.groups if 0 < self.size(one) < FEWEST_TO_SHOW]

    def read(self) -> list:
        """Each number of each report: whose answers it is about, as far as one can tell, and it."""
        scopes = [(Scope(), self.events)]
        scopes += [(Scope(one.municipality), self._held_in(one)) for one in self.places]
        scopes += [
            (Scope(initiative=one), list(one.events.all()))
            for one in Initiative.objects.prefetch_related("events")
        ]
        told = []
        for scope, events in scopes:
            keys = {one.pk for one in events}
            found = [key for key in self.groups if key[0] in keys]
            content = computed(_report(scope), on=AFTER.date())
            for text in (PROGRAMME, USE, None):
                about = frozenset(one for one in found if text in {None, one[1]})
                said = figures(content, text)
                told.append((about, said))
        return told


def _report(scope: Scope):
    return report_about(scope, HALF) or make_report(scope)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_a_small_group_said_every_report_is_the_same(upernavik, sisimiut, seed):
    """Not one number of any report moves with what a small group says, or with how many it is."""
    chance = random.Random(seed)
    world = World(chance, upernavik, sisimiut)
    assert world.small
    was = world.read()

    for group in world.small:
        question = world.groups[group]
        EvaluationAnswer.objects.filter(question=question).delete()
        size = chance.choice([1, 2, 3, 4])
        make_answers(question.event, question.text_da, [chance.randint(1, 5) for _ in range(size)])

    assert world.read() == was


@pytest.mark.parametrize("seed", range(2))
def test_no_combination_of_reports_tells_what_a_small_group_said(upernavik, sisimiut, seed):
    """The attack: each number is an equation over the groups that it may hold, whole or not at all.

    Whoever knows the rule knows which groups are in it. Solved for the least and the most that a
    small group may have said, everything stays possible.
    """
    world = World(random.Random(seed + 20), upernavik, sisimiut)
    names = sorted(world.groups, key=str)
    large = [one for one in names if world.size(one) >= FEWEST_TO_SHOW]
    equations = []
    for about, said in world.read():
        if said is None or not isinstance(said[1], int):
            continue
        equations.append(([1 if one in about and one in large else 0 for one in names], said[1]))
        points = sum(_points(world, one) for one in about if one in large)
        assert said[1] == points  # and so the equations hold
    for group in world.small:
        most = 5 * world.size(group)
        assert span(names.index(group), equations, len(names), most) == (0, most)


def test_the_attack_finds_a_small_group_that_is_counted_with_others():
    """The solver is no straw man: a sum that holds a small group beside a known one tells it."""
    equations = [([1, 0], 24), ([1, 1], 27)]

    assert span(1, equations, 2, 20) == (3, 3)


def _points(world: World, group) -> int:
    return sum(world.groups[group].answers.values_list("score", flat=True))


def span(place, equations, width, most):
    """The least and the most that one unknown can be, by integer programming."""
    rows_ = np.array([row for row, _total in equations])
    totals = [total for _row, total in equations]
    upper = np.full(width, np.inf)
    upper[place] = most
    aim = np.zeros(width)
    aim[place] = 1
    ends = [
        milp(
            sign * aim,
            constraints=LinearConstraint(rows_, totals, totals),
            bounds=Bounds(np.zeros(width), upper),
            integrality=np.ones(width),
        )
        for sign in (1, -1)
    ]
    return tuple(round(end.x[place]) for end in ends)


# --- Rows -----------------------------------------------------------------------------------------


@pytest.fixture
def _after_the_half_year(settings, monkeypatch):
    settings.SIDEMAND_SECOND_FACTOR = False
    monkeypatch.setattr(timezone, "now", lambda: AFTER)


@pytest.mark.usefixtures("_after_the_half_year")
def test_a_number_opens_the_answers_it_counts_and_nobodys_name(upernavik, sisimiut):
    event = held(upernavik)
    make_answers(event, PROGRAMME, [5, 4, 4, 4, 5])
    make_answers(event, USE, [1, 1])
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    client = browser(make_coordinator(upernavik.municipality))
    key = key_of(PROGRAMME)

    page = client.get(report.get_absolute_url())
    opened = client.get(rows(report, "evaluations", f"{key}-average"))

    assert rows(report, "evaluations", key) in page.text
    assert opened.context["page"].paginator.count == 5
    assert client.get(rows(report, "evaluations", "all")).context["page"].paginator.count == 5
    assert client.get(rows(report, "evaluations", key_of(USE))).status_code == 404  # hidden
    assert AccessLog.objects.filter(action="list", record_id=str(event.pk)).exists()
    other = browser(make_coordinator(sisimiut.municipality))
    assert other.get(rows(report, "evaluations", key)).status_code == 404


@pytest.mark.parametrize("count", [1, 40])
def test_evaluations_take_one_query_however_many_there_are(
    upernavik, count, django_assert_num_queries
):
    for number in range(count):
        make_answers(held(upernavik), f"Spørgsmål {number}", [3] * 5)
    report = make_report(Scope(municipality=upernavik.municipality))
    frame = frame_of_report(report, on=AFTER.date())

    with django_assert_num_queries(1):
        found = Evaluations().figures(frame)

    assert len(found) == 2 + 2 * count
