"""What a course demands beside its lessons: quizzes, cases, practice. The editor chooses."""

import uuid

import pytest

from competences import practice
from competences.models import Competence, Framework
from courses.actions import begin_case, choose, enrol, keep_play, mark_read, sync_course
from courses.actions.completing import complete_courses
from courses.certificates.of_courses import course_again, course_completion
from courses.learning.overview import course_overview
from courses.models import Course, Enrolment, Lesson, Module
from tests.factories.cases import make_case
from tests.factories.courses import (
    AT,
    LATER,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
)
from tests.factories.goals import competence as named_competence
from tests.factories.goals import make_framework

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

GOOD, BAD = (
    [["opkald", "spoerg"], ["notat", "beslut"]],
    [["opkald", "vent"], ["weekend", "beslut-sent"]],
)


@pytest.fixture
def competence():
    make_framework("receipt")
    return named_competence("receipt")


def course_that(competence=None, **demands):
    """One lesson with a quiz, which teaches ``competence``; two cases, one of them optional."""
    course = make_course(**demands)
    module = make_module(course)
    taught = [competence.pk] if competence else []
    make_lesson(module, questions=[make_question().pk], competences=taught)
    make_case(module, position=1)
    make_case(module, position=2, is_optional=True)
    return Course.objects.get(pk=course.pk)


def demand(course, **demands):
    """The editor publishes the course anew."""
    return sync_course(course.pk, position=1, language="da", title="K", path="/k/", is_live=True,
                       **demands)  # fmt: skip


def play(course, person, path, *, at=AT, is_optional=False, partner=None):
    """Play the case to the end of ``path``."""
    case = course.cases.get(is_optional=is_optional)
    if partner is None:
        version = case.versions.get(is_current=True)
        return keep_play(play_id=uuid.uuid4(), version=version, person=person, path=path, at=at)
    played = begin_case(play_id=uuid.uuid4(), case=case, person=person, partner=partner, at=at)
    for turn, (step, choice) in enumerate(path):
        played = choose(played, turn=turn, step=step, choice=choice, at=at)
    return played


def read(course, person, *, at=AT):
    mark_read(Lesson.objects.get(course=course), person, at=at)


def completed(course, person):
    return Enrolment.objects.active().get(course=course, person=person).completed_at


def confirmed(monkeypatch, rows):
    """Mentoring knows of these sessions: person, competence, when."""
    monkeypatch.setattr(practice, "_providers", [lambda _people, _topics, _competences: list(rows)])


def test_a_course_that_demands_nothing_else_is_completed_by_reading():
    course, learner = course_that(demands_quizzes=False), make_learner()

    read(course, learner)

    assert completed(course, learner) == AT
    labels = [part.label for part in course_completion(course.pk, learner).parts]
    assert labels == ["Læs alle lektioner"]


def test_without_a_word_a_course_demands_its_quizzes():
    course, learner = course_that(), make_learner()

    read(course, learner)

    assert (course.quiz_count, course.case_count) == (1, 0)
    assert completed(course, learner) is None


@pytest.mark.parametrize(
    ("path", "is_optional", "is_done"),
    [(GOOD, False, True), (BAD, False, False), (GOOD, True, False)],
)
def test_a_demanded_case_is_solved_to_a_good_end(path, is_optional, is_done):
    course = course_that(demands_quizzes=False, demands_cases=True)
    learner = make_learner()
    read(course, learner)
    assert course_overview(course.pk, learner).left.cases == 1

    play(course, learner, path, at=LATER, is_optional=is_optional)

    assert completed(course, learner) == (LATER if is_done else None)
    assert course_overview(course.pk, learner).left.cases == (0 if is_done else 1)


def test_a_case_that_two_play_completes_the_course_of_both():
    course = course_that(demands_quizzes=False, demands_cases=True)
    learner, partner = make_learner(), make_learner()
    read(course, learner)
    read(course, partner)

    play(course, learner, GOOD, at=LATER, partner=partner)

    assert completed(course, learner) == completed(course, partner) == LATER


def test_what_the_course_teaches_is_practised_with_a_mentor(monkeypatch, competence):
    course = course_that(competence, demands_quizzes=False, demands_practice=True)
    learner, rows = make_learner(), []
    confirmed(monkeypatch, rows)
    read(course, learner)
    assert completed(course, learner) is None
    assert course_overview(course.pk, learner).left.practice == ["Kan receipt"]

    rows.append((learner.pk, competence.pk, LATER))
    practice.changed.send(type(learner), person=learner)

    assert completed(course, learner) == LATER
    assert not course_overview(course.pk, learner).left.practice


@pytest.mark.parametrize(
    "what", ["nobody knows of practice", "nothing is taught", "in no framework that is in force"]
)
def test_practice_that_cannot_be_had_is_asked_of_nobody(monkeypatch, competence, what):
    confirmed(monkeypatch, [])
    if what == "nobody knows of practice":
        monkeypatch.setattr(practice, "_providers", [])
    elif what == "nothing is taught":
        competence = None
    else:
        framework = Framework.objects.create(key="f", title_da="F", profession_da="P")
        competence = Competence.objects.create(framework=framework, key="k", title_da="Høre")
    course = course_that(competence, demands_quizzes=False, demands_practice=True)
    learner = make_learner()

    read(course, learner)

    assert completed(course, learner) == AT


def test_the_danish_page_says_what_is_demanded():
    course = course_that(demands_cases=True)

    sync_course(course.pk, position=1, language="kl", title="K", path="/kl/k/", is_live=True)

    course.refresh_from_db()
    assert (course.demands_cases, course.case_count) == (True, 1)


@pytest.mark.parametrize("less", ["quizzes", "cases", "practice"])
def test_who_thereby_has_done_all_is_completed(
    monkeypatch, competence, less, django_capture_on_commit_callbacks
):
    demands = {f"demands_{one}": one == less for one in ("quizzes", "cases", "practice")}
    course, learner = course_that(competence, **demands), make_learner()
    confirmed(monkeypatch, [])
    read(course, learner)
    assert completed(course, learner) is None

    with django_capture_on_commit_callbacks(execute=True):
        demand(course, demands_quizzes=False)

    assert completed(course, learner) == AT


def test_who_has_completed_it_stays_so_when_more_is_demanded():
    course, learner = course_that(demands_quizzes=False), make_learner()
    read(course, learner)

    demand(course, demands_quizzes=True, demands_cases=True, demands_practice=True)

    complete_courses(LATER)
    assert completed(course, learner) == AT
    assert course_completion(course.pk, learner).is_complete


def test_the_certificate_names_what_is_left_and_what_a_demanded_case_shows(competence):
    course = course_that(demands_quizzes=False, demands_cases=True)
    course.cases.get(is_optional=False).competences.add(competence)
    learner = make_learner()
    read(course, learner)
    parts = course_completion(course.pk, learner).parts
    assert [(part.label, part.left) for part in parts] == [
        ("Læs alle lektioner", 0),
        ("Løs alle sager", 1),
    ]

    play(course, learner, GOOD)

    found = course_completion(course.pk, learner)
    assert (found.is_complete, found.competences) == (True, [{"da": "Kan receipt", "kl": ""}])


def test_to_earn_it_anew_the_case_is_solved_anew():
    course = course_that(demands_quizzes=False, demands_cases=True)
    learner = make_learner()
    read(course, learner)
    play(course, learner, GOOD)
    read(course, learner, at=LATER)
    assert not course_again(course.pk, learner, AT, [])

    play(course, learner, GOOD, at=LATER)

    assert course_again(course.pk, learner, AT, [])


@pytest.mark.parametrize("modules", [1, 30])
def test_a_course_page_takes_three_queries_where_practice_is_not_demanded(
    modules, django_assert_num_queries
):
    course = course_that(demands_cases=True)
    for number in range(2, modules + 1):
        make_lesson(make_module(course, number))
    learner = make_learner()
    enrol(course, learner, at=AT)

    with django_assert_num_queries(3):
        course_overview(course.pk, learner)


@pytest.mark.parametrize("many", [1, 20])
def test_practice_takes_the_same_queries_for_few_and_many(
    monkeypatch, competence, many, django_assert_num_queries
):
    course = course_that(competence, demands_quizzes=False, demands_practice=True)
    module = Module.objects.get(course=course)
    for number in range(2, many + 1):
        make_lesson(module, number, competences=[competence.pk])
    learner = make_learner()
    confirmed(monkeypatch, [])
    enrol(course, learner, at=AT)

    # what the course teaches, as it is worded today, with its topics
    with django_assert_num_queries(3 + 2):
        course_overview(course.pk, learner)
