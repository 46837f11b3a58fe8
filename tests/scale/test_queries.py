"""Course, catalogue, path, quiz, competences, reports and figures: as many queries at any size.

Twenty, two hundred and two thousand lessons; five, a hundred, ten thousand and (in ``make full``) a
hundred thousand learners, each on the path, with lessons read and a quiz answered.
"""

import uuid
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.many import add_walkers
from bench.sessions import add_sessions
from competences.models import Competence
from courses import access
from courses.actions import enrol, mark_read, renumber_course, submit_quiz, take_path
from courses.kinds import ARRANGEMENTS
from courses.models import Answer, Course, Lesson, LessonProgress, Module
from courses.quizzes.form import draw_questions
from mentoring.models import Session
from tests.factories.admin import admin_browser
from tests.factories.courses import (
    chosen,
    make_learner,
    make_lesson,
    make_module,
    make_path,
    make_question,
)
from tests.factories.pages import make_catalogue, make_course_page
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

#: The most that a page may ask: a lesson 8, a course 9, a quiz 10, a list or report 12.
OF_LEARNERS = {"course": 9, "catalogue": 12, "path": 9, "quiz": 10, "competences": 12}
OF_OTHERS = {"overview": 12, "progress": 12, "numbers": 12, "statistics": 12}


@pytest.fixture
def world(settings, monkeypatch):
    """A live course with a path through it, somebody who learns, and two who look on."""
    monkeypatch.setattr(access, "_gates", [])  # its lessons have no pages that could be closed
    settings.SIDEMAND_SECOND_FACTOR = False
    cache.clear()
    call_command("load_topics", verbosity=0)
    call_command("load_frameworks", verbosity=0)
    page = make_course_page(title="Et kursus")
    course = Course.objects.get(pk=page.translation_key)
    module = make_module(course)
    question = make_question()
    taught = list(Competence.objects.order_by("key").values_list("pk", flat=True)[:3])
    quiz = make_lesson(module, 1, questions=[question.pk], competences=taught)
    for number in range(2, 6):
        make_lesson(module, number, competences=taught)
    path = make_path(module, key="sti")
    learner, at = make_learner("Sagsbehandler Demo 1"), timezone.now()
    enrol(course, learner, at=at)
    take_path(path, learner, at=at)
    mark_read(quiz, learner, at=at)
    submit_quiz(attempt_id=uuid.uuid4(), lesson=quiz, person=learner,
                answers=chosen(question, 0), language="da", at=at)  # fmt: skip
    coordinator, reads = make_person(make_role("coordinator")), Client()
    own = Client()
    own.force_login(learner.user)
    reads.force_login(coordinator.user)
    return SimpleNamespace(
        course=course,
        module=module,
        path=path,
        quiz=quiz,
        learner=learner,
        at=at,
        pages={
            "course": (own, page.url),
            "catalogue": (own, make_catalogue().url),
            "path": (own, reverse("courses:path", args=[path.key])),
            "quiz": (own, reverse("courses:quiz", args=[quiz.pk])),
            "competences": (own, reverse("competences:map")),
            "overview": (reads, reverse("courses:oversight")),
            "progress": (reads, reverse("courses:progress")),
            "numbers": (reads, reverse("competences:counts")),
            "statistics": (admin_browser("editor"), reverse("courses_statistics")),
        },
    )


def queries(world, names):
    """How many queries each of these pages takes, once what is kept is there."""
    found = {}
    for name in names:
        client, address = world.pages[name]
        if name == "quiz":
            draw_every_arrangement(world.quiz)
        client.get(address)
        with CaptureQueriesContext(connection) as taken:
            assert client.get(address).status_code == 200, name
        found[name] = len(taken)
    return found


def draw_every_arrangement(lesson):
    """A quiz is drawn once for each order of its answers; by chance a page asks for any."""
    lesson.refresh_from_db()
    for number in range(ARRANGEMENTS):
        draw_questions(
            lesson, "da", is_signed_in=True, attempt_id=uuid.UUID(int=number), heading_level=2
        )


def grow(world, lessons):
    """Bring the course to so many lessons, ten a module, half of them read; the path follows."""
    there = Lesson.objects.filter(course=world.course).count()
    modules = Module.objects.bulk_create(
        Module(id=uuid.uuid4(), course=world.course, position=number, is_live=True,
               titles={"da": f"Modul {number}"}, paths={"da": f"/da/kurser/m{number}/"})
        for number in range(2, 2 + (lessons - there) // 10)
    )  # fmt: skip
    made = Lesson.objects.bulk_create(
        Lesson(id=uuid.uuid4(), course=world.course, module=module, position=number, minutes=6,
               is_live=True, titles={"da": f"Lektion {number}"},
               paths={"da": f"{module.paths['da']}{number}/"})
        for module in modules
        for number in range(1, 11)
    )  # fmt: skip
    renumber_course(world.course.pk)
    LessonProgress.objects.bulk_create(
        LessonProgress(lesson=lesson, person=world.learner, opened_at=world.at, read_at=world.at,
                       last_at=world.at)
        for lesson in made[::2]
    )  # fmt: skip
    for order, module in enumerate(modules, start=1):
        world.path.steps.create(module=module, completes="read", sort_order=order)


@pytest.mark.parametrize("lessons", [25, 205, 2005])
def test_pages_of_a_learner_ask_as_much_for_few_lessons_as_for_two_thousand(world, lessons):
    for_few = queries(world, OF_LEARNERS)
    grow(world, lessons)

    assert Lesson.objects.offered().filter(course=world.course).count() == lessons
    assert queries(world, OF_LEARNERS) == for_few
    assert {name: most for name, most in OF_LEARNERS.items() if for_few[name] > most} == {}


@pytest.mark.parametrize("learners", [100, 10_000, pytest.param(100_000, marks=pytest.mark.full)])
def test_every_page_asks_as_much_for_few_learners_as_for_many(world, learners):
    most = OF_LEARNERS | OF_OTHERS
    # Numbers of competences are not told, and so not asked, below five people.
    add_walkers(world.path, [world.module], make_town(), 5, at=world.at)
    for_few = queries(world, most)

    add_walkers(world.path, [world.module], make_town(), learners, at=world.at)

    assert Answer.objects.count() == learners + 1
    asked = queries(world, most)
    # A page with the last unfinished and the first completed asks for both; a full page for one.
    assert {name: count for name, count in asked.items() if count > for_few[name]} == {}
    assert {name: bound for name, bound in most.items() if for_few[name] > bound} == {}


@pytest.mark.parametrize("sessions", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_a_coordinators_pages_ask_as_much_for_few_sessions_as_for_many(world, sessions):
    names = ("pairings", "overview", "members", "needs", "stays", "items")
    client, _address = world.pages["overview"]
    world.pages = {name: (client, reverse(f"mentoring:{name}")) for name in names}
    world.pages["start"] = (client, reverse("start"))
    make_town()
    # One active pairing with sessions that wait, and one that is closed.
    add_sessions(500, at=world.at)
    for_few = queries(world, world.pages)

    add_sessions(sessions, at=world.at)

    assert Session.objects.count() == sessions
    # Not equal: where none of the newest waits for a colleague, the overview asks once less.
    for_many = queries(world, world.pages)
    assert {name: count for name, count in for_many.items() if count > for_few[name]} == {}
    assert for_few["start"] <= 36
    # Twelve, and two for what a list is narrowed by: the municipalities and towns to choose from.
    assert {name: count for name, count in for_few.items() if count > 14 and name in names} == {}
