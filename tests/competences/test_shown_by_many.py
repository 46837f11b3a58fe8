"""What many have shown, told to leaders: never so that one person could be told from it."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup

from competences.models import Competence
from competences.overview import numbers_for
from courses.actions import mark_read, submit_quiz
from courses.models import CasePlay
from people.permissions import standing_on
from tests.factories.cases import make_case
from tests.factories.courses import chosen, make_course, make_lesson, make_module, make_question
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frameworks")]

AT = dt.datetime(2027, 6, 15, 16, 0, tzinfo=dt.UTC)
TODAY = dt.date(2027, 6, 15)


def competence(key):
    return Competence.objects.get(framework__key="caseworker", key=key)


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def learners(how_many, town="Upernavik"):
    return [
        make_person(make_role("caseworker", make_town(town)), account=False)
        for _number in range(how_many)
    ]


def told(reader, key="receipt"):
    """What the numbers say of one competence: by way, the count as it is told."""
    numbers = numbers_for(standing_on(reader.user, TODAY))
    row = next((row for row in numbers.shown if row.text.key == key), None)
    return row and {
        str(cell.label): "few" if cell.is_few else "nearly" if cell.is_nearly_all else cell.count
        for cell in row.cells
    }


@pytest.fixture
def leader():
    return make_person(make_role("leader", make_town()))


@pytest.fixture
def lesson():
    return make_lesson(make_module(make_course()), competences=[competence("receipt").pk])


@pytest.mark.parametrize(
    ("have", "says"),
    [(0, 0), (1, "few"), (4, "few"), (5, 5), (15, 15), (16, "nearly"), (19, "nearly"), (20, 20)],
)
def test_neither_those_who_have_nor_those_who_have_not_are_counted_below_five(
    leader, lesson, have, says
):
    for person in learners(20)[:have]:
        mark_read(lesson, person, at=AT)

    assert told(leader)["Læst"] == says


@pytest.mark.parametrize(("how_many", "is_shown"), [(4, False), (5, True)])
def test_below_five_people_nothing_at_all_is_told(leader, lesson, how_many, is_shown):
    for person in learners(how_many):
        mark_read(lesson, person, at=AT)

    assert (told(leader) is not None) == is_shown


def test_a_quiz_and_a_case_count_each_person_once_whatever_shows_it(leader):
    key = competence("receipt").pk
    question = make_question(competences=[key])
    quiz = make_lesson(make_module(make_course()), questions=[question.pk], competences=[key])
    case = make_case(competences=[key])
    people = learners(7)
    for person in people[:6]:
        for _time in range(2):
            submit_quiz(attempt_id=uuid.uuid4(), lesson=quiz, person=person,
                        answers=chosen(question, 0), language="da", at=AT)  # fmt: skip
    for first, second in ((0, 1), (2, 3), (4, None), (0, 5)):
        CasePlay.objects.create(
            id=uuid.uuid4(), version=case.versions.get(), case=case, person=people[first],
            partner=None if second is None else people[second], path=[], started_at=AT,
            last_at=AT, ended_at=AT, ending="good",
        )  # fmt: skip

    shown = told(leader)

    assert (shown["Vist i quiz"], shown["Vist i case"]) == ("nearly", "nearly")
    learners(4)
    shown = told(leader)
    assert (shown["Vist i quiz"], shown["Vist i case"]) == (6, 6)


def test_a_quiz_whose_question_alone_shows_it_counts_too(leader):
    question = make_question(competences=[competence("receipt").pk])
    quiz = make_lesson(make_module(make_course()), questions=[question.pk])
    for person in learners(10)[:5]:
        submit_quiz(attempt_id=uuid.uuid4(), lesson=quiz, person=person,
                    answers=chosen(question, 0), language="da", at=AT)  # fmt: skip

    assert told(leader)["Vist i quiz"] == 5


def test_whoever_is_elsewhere_is_not_counted(leader, lesson):
    for person in learners(6) + learners(5, "Sisimiut"):
        mark_read(lesson, person, at=AT)

    assert told(leader)["Læst"] == 6


def test_the_page_says_few_and_nearly_all_in_words(client, leader, lesson):
    for person in learners(20)[:3]:
        mark_read(lesson, person, at=AT)
    client.force_login(leader.user)

    shown = page(client.get("/da/kompetencer/overblik/")).main.get_text(" ", strip=True)

    assert "færre end 5" in shown
    assert "Af 20 kolleger" in shown
