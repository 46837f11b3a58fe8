"""What learners see of their paths, and the buttons they press there."""

import re
import uuid
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from courses.actions import (
    assign_path,
    enrol,
    keep_play,
    mark_read,
    retake_path,
    submit_quiz,
    take_path,
)
from courses.learning.offers import offers
from courses.models import Assignment, PathOrder
from courses.paths.walking import my_paths, walked_path
from people.permissions import standing_of
from tests.factories.cases import make_case
from tests.factories.courses import (
    add_step,
    chosen,
    make_big_course,
    make_course,
    make_lesson,
    make_module,
    make_path,
    make_question,
)
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2027, 6, 15)


@pytest.fixture(autouse=True)
def _password_alone(settings):
    settings.SIDEMAND_SECOND_FACTOR = False


@pytest.fixture
def modules():
    course = make_course()
    first, second = make_module(course, 1), make_module(course, 2)
    make_lesson(first, 1, minutes=6)
    make_lesson(first, 2, minutes=4)
    make_lesson(second, 1, minutes=5, questions=[make_question().pk])
    return first, second


@pytest.fixture
def path(modules):
    made = make_path(modules[0])
    add_step(made, modules[1], completes="quiz", sort_order=1)
    PathOrder.objects.create(path=made, module=modules[1], first=modules[0])
    return made


@pytest.fixture
def learner():
    return make_person(make_role("caseworker", make_town()), name="Sagsbehandler Demo 1")


@pytest.fixture
def signed_in(client, learner):
    client.force_login(learner.user)
    return client


def of(response):
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def address(name, path):
    return reverse(f"courses:{name}", args=[path.key])


# --- What is read ---


def test_whoever_only_looks_sees_steps_minutes_and_advice(path, modules, learner):
    walked = walked_path(path, learner, day=TODAY)

    assert walked.assignment is None
    assert (walked.minutes, walked.minutes_left) == (15, 15)
    assert [row.state for row in walked.rows] == ["not_begun", "not_begun"]
    assert [list(row.first) for row in walked.rows] == [[], [modules[0].title]]


def test_next_is_the_first_lesson_not_read_then_the_quiz(path, modules, learner):
    take_path(path, learner, at=AT)
    one, two = modules[0].lessons.offered()
    last = modules[1].lessons.get()

    def upcoming():
        walked = walked_path(path, learner, day=TODAY)
        return walked.next.url, walked.next.is_quiz, walked.minutes_left

    assert upcoming() == (one.path, False, 15)
    mark_read(one, learner, at=AT)
    assert upcoming() == (two.path, False, 9)
    mark_read(two, learner, at=AT)
    assert upcoming() == (last.path, False, 5)
    mark_read(last, learner, at=AT)
    assert upcoming() == (reverse("courses:quiz", args=[last.pk]), True, 0)


def test_advice_disappears_when_it_is_followed(path, modules, learner):
    take_path(path, learner, at=AT)
    for lesson in modules[0].lessons.offered():
        mark_read(lesson, learner, at=AT)

    rows = walked_path(path, learner, day=TODAY).rows

    assert [row.state for row in rows] == ["done", "not_begun"]
    assert [list(row.first) for row in rows] == [[], []]


def test_a_completed_path_has_nothing_next(path, modules, learner):
    take_path(path, learner, at=AT)
    for module in modules:
        for lesson in module.lessons.offered():
            mark_read(lesson, learner, at=AT)
    lesson = modules[1].lessons.get()
    submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=learner,
        answers=chosen(lesson.questions.get(), 0),
        language="da",
        at=AT,
    )

    walked = walked_path(path, learner, day=TODAY)

    assert walked.is_done
    assert walked.next is None
    again = retake_path(path, learner, at=AT + DAY)
    assert again.round == 2
    assert walked_path(path, learner, day=TODAY).minutes_left == 15


def test_each_module_takes_its_time_once_and_a_case_its_own(modules, learner):
    reading, asking = modules
    case = make_case(asking, minutes=20)
    path = make_path(reading)
    kinds = [(asking, "quiz"), (asking, "read"), (asking, "case")]
    for order, (module, completes) in enumerate(kinds, start=1):
        add_step(path, module, completes=completes, sort_order=order)
    take_path(path, learner, at=AT)

    walked = walked_path(path, learner, day=TODAY)
    (offer,) = offers(learner, day=TODAY, kind="forloeb")

    assert [row.minutes for row in walked.rows] == [10, 5, 0, 20]
    assert (walked.minutes, walked.minutes_left, offer.minutes) == (35, 35, 35)
    assert offer.size == "2 moduler"
    mark_read(asking.lessons.get(), learner, at=AT)
    assert walked_path(path, learner, day=TODAY).minutes_left == 30
    version = case.versions.get(is_current=True)
    way = [["opkald", "spoerg"], ["notat", "beslut"]]
    keep_play(play_id=uuid.uuid4(), version=version, person=learner, path=way, at=AT)
    assert walked_path(path, learner, day=TODAY).minutes_left == 10


def test_what_an_optional_step_asks_to_read_is_left_where_another_requires_it(modules, learner):
    path = make_path()
    add_step(path, modules[1], completes="read", is_required=False)
    add_step(path, modules[1], completes="quiz", sort_order=1)
    take_path(path, learner, at=AT)

    walked = walked_path(path, learner, day=TODAY)

    assert (walked.minutes, walked.minutes_left) == (5, 5)


@pytest.mark.parametrize(
    ("due_in", "is_late", "days_left"), [(-1, True, -1), (0, False, 0), (1, False, 1)]
)
def test_a_path_is_late_from_the_day_after_it_was_due(path, learner, due_in, is_late, days_left):
    take_path(path, learner, at=AT)
    Assignment.objects.update(due_on=TODAY + due_in * DAY)

    walked = walked_path(path, learner, day=TODAY)

    assert (walked.is_late, walked.days_left) == (is_late, days_left)


def test_what_is_due_first_comes_first_and_what_is_done_last(modules, learner):
    paths = [make_path(modules[0]) for _ in range(4)]
    for path in paths:
        take_path(path, learner, at=AT)
    dues = [None, TODAY + 3 * DAY, TODAY - DAY, TODAY]
    for path, due in zip(paths, dues, strict=True):
        Assignment.objects.filter(path=path).update(due_on=due)
    Assignment.objects.filter(path=paths[3]).update(completed_at=AT)

    shown = [walked.path for walked in my_paths(learner, day=TODAY)]

    assert shown == [paths[2], paths[1], paths[0], paths[3]]


def test_a_step_whose_module_is_withdrawn_is_shown_only_when_it_was_done(path, modules, learner):
    take_path(path, learner, at=AT)
    for lesson in modules[0].lessons.offered():
        mark_read(lesson, learner, at=AT)
        make_lesson(modules[0], key=lesson.pk, is_live=False)
    make_lesson(modules[1], key=modules[1].lessons.get().pk, is_live=False)

    rows = walked_path(path, learner, day=TODAY).rows

    assert [(row.module, row.state) for row in rows] == [(modules[0], "done")]


@pytest.mark.parametrize("count", [20, 200])
def test_a_path_of_many_modules_takes_as_many_queries(learner, count, django_assert_num_queries):
    course = make_big_course(modules=count, lessons_each=3)
    path = make_path(*course.modules.order_by("position"))
    take_path(path, learner, at=AT)

    # rounds; steps with what is done of each; advice; the lesson to go on with
    with django_assert_num_queries(4):
        walked = walked_path(path, learner, day=TODAY)

    assert len(walked.rows) == count


def test_whoever_walks_none_is_asked_one_query(learner, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert my_paths(learner, day=TODAY) == []


# --- The pages ---


def test_the_page_of_a_path_is_taken_left_and_brought_back(signed_in, path, learner):
    page = of(signed_in.get(address("path", path)))
    assert page.h1.get_text() == path.title_da
    assert words(page.select_one("main form button")) == "Tag forløbet"

    taken = of(signed_in.post(address("take-path", path), follow=True))
    assert "Forløbet er på din liste" in words(taken.main)
    assert words(taken.select_one(".next-step h2")).startswith("Fortsæt: Lektion 1")

    asked = of(signed_in.get(address("leave-path", path)))
    assert "forlad" in words(asked.h1).casefold()
    left = of(signed_in.post(address("leave-path", path), follow=True))
    assert "Du har forladt" in words(left.main)
    assert not Assignment.objects.active().exists()

    undo = left.select_one(f"form[action='{address('take-path', path)}']")
    signed_in.post(undo["action"])
    assert Assignment.objects.active().get().person == learner


def test_an_assigned_path_says_who_gave_it_and_is_not_left(signed_in, path, learner):
    coordinator = make_person(make_role("coordinator"), name="Koordinator Demo 9")
    assign_path(
        path,
        [learner],
        by=standing_of(coordinator.user),
        due_on=local_day(timezone.now()),
        batch=uuid.uuid4(),
        at=timezone.now(),
    )

    page = words(of(signed_in.get(address("path", path))).main)
    assert "fra Koordinator Demo 9" in page
    assert "Frist i dag" in page
    assert "Forlad forløbet" not in page

    refused = of(signed_in.post(address("leave-path", path), follow=True))
    assert "Bed din koordinator" in words(refused.main)
    assert Assignment.objects.active().exists()


def test_taking_again_is_offered_on_a_completed_path(signed_in, path, learner):
    take_path(path, learner, at=AT)
    Assignment.objects.update(completed_at=AT)

    assert "Tag igen" in words(of(signed_in.get(address("path", path))).main)
    again = of(signed_in.post(address("retake-path", path), follow=True))

    assert "Du begynder forfra" in words(again.main)
    assert "Runde 1" in words(again.main)


def test_nothing_is_taken_by_looking(signed_in, path):
    for name in ("take-path", "retake-path"):
        assert signed_in.get(address(name, path)).status_code == 405
    assert not Assignment.objects.exists()


def test_a_path_that_is_not_offered_is_not_there_for_whoever_does_not_walk_it(
    signed_in, modules, learner
):
    path = make_path(modules[0], is_offered=False)

    assert signed_in.get(address("path", path)).status_code == 404
    Assignment.objects.create(path=path, person=learner, origin="rule", assigned_at=AT)
    assert signed_in.get(address("path", path)).status_code == 200
    assert signed_in.post(address("take-path", path)).status_code == 302


def test_somebody_elses_path_is_not_left(signed_in, path):
    other = make_person(make_role("caseworker", make_town()))
    take_path(path, other, at=AT)

    assert signed_in.get(address("leave-path", path)).status_code == 404
    signed_in.post(address("leave-path", path))
    assert Assignment.objects.active().get().person == other


def test_my_learning_begins_with_the_path_and_offers_paths_to_whoever_has_none(
    signed_in, path, learner
):
    empty = of(signed_in.get("/da/laering/"))
    assert "Læringsforløb, du kan tage" in words(empty.main)

    take_path(path, learner, at=AT)
    page = of(signed_in.get("/da/laering/"))

    assert [words(title) for title in page.select("main h2")][:2] == [
        "Fortsæt: Lektion 1",
        "Mine læringsforløb",
    ]
    assert "0 af 2 trin" in words(page.main)
    assert len(page.select("main .button:not(.button-secondary)")) == 1


@pytest.mark.usefixtures("base")
def test_the_start_page_shows_the_one_thing_next_and_what_is_late(
    signed_in, modules, learner, settings
):
    paths = [make_path(modules[0], title_da=f"Forløb {name}") for name in "abc"]
    for path in paths:
        take_path(path, learner, at=AT)
    past = local_day(timezone.now()) - DAY
    Assignment.objects.filter(path__in=paths[:2]).update(due_on=past)

    page = of(signed_in.get("/da/start/"))

    assert [words(title) for title in page.select("main .next-step h2")] == ["Fortsæt: Lektion 1"]
    late = page.find("h2", string="For sent").find_next("ul")
    assert [words(link) for link in late.select("a")] == ["Forløb b"]
    assert "2 læringsforløb mere" in words(page.main)


@pytest.mark.usefixtures("base")
def test_the_start_page_shows_a_lesson_once_to_which_path_and_course_both_lead(
    signed_in, path, modules, learner
):
    enrol(modules[0].course, learner, at=AT)
    alone = of(signed_in.get("/da/start/"))
    take_path(path, learner, at=AT)
    both = of(signed_in.get("/da/start/"))

    for page in (alone, both):
        assert [words(title) for title in page.select("main .next-step h2")] == [
            "Fortsæt: Lektion 1"
        ]
    assert path.title_da not in words(alone.select_one(".next-step"))
    assert path.title_da in words(both.select_one(".next-step"))


@pytest.mark.usefixtures("base")
def test_start_and_my_learning_take_as_many_queries_for_one_path_as_for_many(
    signed_in, learner, modules
):
    def count(where):
        signed_in.get(where)
        with CaptureQueriesContext(connection) as taken:
            assert signed_in.get(where).status_code == 200
        return len(taken)

    take_path(make_path(modules[0]), learner, at=AT)
    for_one = {where: count(where) for where in ("/da/start/", "/da/laering/")}
    for _ in range(20):
        take_path(make_path(*modules), learner, at=AT)

    assert {where: count(where) for where in for_one} == for_one
    assert max(for_one.values()) <= 24
