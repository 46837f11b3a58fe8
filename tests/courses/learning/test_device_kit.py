"""How far one is goes along with the courses: one's own alone, in a constant number of queries."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competences.actions import rate
from courses.actions import begin_case, choose, mark_read
from courses.device.kit import courses_kit
from people.permissions import standing_of
from tests.factories.cases import make_case
from tests.factories.courses import AT, make_course, make_learner, make_lesson, make_module
from tests.factories.goals import competence, make_framework

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def test_it_says_what_was_read_played_and_said():
    person, other = make_learner(), make_learner()
    module = make_module(make_course())
    read, unread = make_lesson(module, 1), make_lesson(module, 2)
    make_framework("receipt")
    mark_read(read, person, at=AT)
    mark_read(unread, other, at=AT)
    rate(person, {competence().pk: "alone"}, at=AT)

    kit, shown = courses_kit(standing_of(person.user))

    assert kit["read"] == [str(read.pk)]
    assert kit["levels"] == {str(competence().pk): "alone"}
    assert [key for one in kit["frameworks"] for key, _title in one["competences"]] == [
        str(competence().pk)
    ]
    assert dict(kit["level_names"])["alone"]["da"] == "Alene"
    assert shown == []


def test_a_case_counts_by_its_best_ending():

    person, case = make_learner(), make_case()
    for last in ("gaa-hjem", "beslut"):
        play = begin_case(play_id=uuid.uuid4(), case=case, person=person, at=AT)
        for turn, (step, choice) in enumerate([("opkald", "spoerg"), ("notat", last)]):
            play = choose(play, turn=turn, step=step, choice=choice, at=AT)

    kit, _shown = courses_kit(standing_of(person.user))

    assert kit["cases"] == {str(case.pk): "good"}


@pytest.mark.parametrize("count", [1, 12])
def test_it_takes_a_constant_number_of_queries(count):
    person = make_learner()
    module = make_module(make_course())
    for number in range(count):
        mark_read(make_lesson(module, number + 1), person, at=AT)
    standing = standing_of(person.user)
    courses_kit(standing)

    with CaptureQueriesContext(connection) as queries:
        courses_kit(standing)

    assert len(queries) == 5
