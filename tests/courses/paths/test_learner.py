"""Learning paths: who walks them, and what counts as done."""

import uuid

import pytest

from competences import practice
from competences.models import Topic
from courses.actions import (
    LearningRefused,
    assign_path,
    begin_case,
    choose,
    leave_path,
    mark_read,
    open_lesson,
    refresh_path,
    retake_path,
    take_path,
)
from courses.actions.paths import refresh_everybody
from courses.models import Assignment, CasePlay, LessonProgress, StepDone
from courses.paths import steps as step_kinds
from tests.courses.paths.walking import DAY, TODAY, of, pass_quiz, read_all
from tests.factories.cases import make_case
from tests.factories.courses import (
    add_step,
    make_learner,
    make_lesson,
    make_module,
    make_path,
    make_question,
)
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db


# --- Taking and doing ---


def test_a_path_is_taken_once_however_often_it_is_pressed(path, learner):
    first = take_path(path, learner, at=AT)

    assert take_path(path, learner, at=AT + DAY) == first
    assert (first.origin, first.step_count, first.done_count) == ("self", 2, 0)


@pytest.mark.parametrize("fields", [{"is_offered": False}, {"retired_on": TODAY}])
def test_nobody_begins_a_path_that_is_not_offered(modules, learner, fields):
    with pytest.raises(LearningRefused) as refusal:
        take_path(make_path(*modules, **fields), learner, at=AT)

    assert refusal.value.code == "closed"
    assert not Assignment.objects.exists()


def test_a_path_may_be_begun_until_the_day_it_is_retired(modules, learner):
    take_path(make_path(*modules, retired_on=TODAY + DAY), learner, at=AT)

    assert Assignment.objects.count() == 1


def test_reading_every_lesson_of_a_module_completes_its_step(path, modules, learner):
    assignment = take_path(path, learner, at=AT)
    first, last = modules[0].lessons.offered()

    mark_read(first, learner, at=AT)
    assert of(learner, path).done_count == 0
    mark_read(last, learner, at=AT + DAY)

    assert of(learner, path).done_count == 1
    done = StepDone.objects.get(assignment=assignment)
    assert (done.module, done.completes, done.done_at) == (modules[0], "read", AT + DAY)


def test_a_path_is_completed_with_its_last_required_step(path, modules, learner):
    take_path(path, learner, at=AT)

    read_all(modules[0], learner)
    assert of(learner, path).completed_at is None
    read_all(modules[1], learner, at=AT + DAY)

    assert of(learner, path).completed_at == AT + DAY


def test_an_optional_step_is_not_waited_for(modules, learner):
    path = make_path(modules[0])
    add_step(path, modules[1], is_required=False)
    take_path(path, learner, at=AT)

    read_all(modules[0], learner)

    done = of(learner, path)
    assert (done.step_count, done.completed_at) == (1, AT)


def test_what_was_read_before_counts(path, modules, learner):
    read_all(modules[0], learner, at=AT - DAY)

    assert take_path(path, learner, at=AT).done_count == 1


def test_a_quiz_step_is_done_when_it_is_passed_not_when_it_is_tried(modules, learner):
    path = make_path(modules[1], completes="quiz")
    take_path(path, learner, at=AT)
    lesson = modules[1].lessons.get()

    read_all(modules[1], learner)
    pass_quiz(lesson, learner, right=False)
    assert of(learner, path).completed_at is None
    pass_quiz(lesson, learner, at=AT + DAY)

    assert of(learner, path).completed_at == AT + DAY


def test_a_quiz_step_wants_every_quiz_of_the_module(modules, learner):
    extra = make_lesson(modules[1], 2, questions=[make_question().pk])
    path = make_path(modules[1], completes="quiz")
    take_path(path, learner, at=AT)

    pass_quiz(modules[1].lessons.offered()[0], learner)
    assert of(learner, path).completed_at is None
    pass_quiz(extra, learner)

    assert of(learner, path).completed_at == AT


def test_practice_with_a_mentor_completes_its_step(modules, learner, monkeypatch):
    topic = Topic.objects.create(key="kvittering", title_da="Kvittering")
    done = []
    monkeypatch.setattr(practice, "_providers", [lambda people, topics, competences: done])
    path = make_path()
    add_step(path, modules[0], completes="practice", topic=topic)
    take_path(path, learner, at=AT)
    assert of(learner, path).step_count == 1

    done.append((learner.pk, topic.pk, AT))
    practice.changed.send(type(learner), person=learner)

    assert of(learner, path).completed_at == AT


def test_a_kind_that_nobody_provides_is_asked_of_nobody(modules, learner, monkeypatch):
    monkeypatch.setattr(practice, "_providers", [])
    topic = Topic.objects.create(key="kvittering", title_da="Kvittering")
    path = make_path(modules[0])
    add_step(path, modules[1], completes="practice", topic=topic)
    take_path(path, learner, at=AT)

    read_all(modules[0], learner)

    assert "practice" not in step_kinds.kinds()
    assert of(learner, path).completed_at == AT


@pytest.mark.parametrize(("kind", "is_solved"), [("good", True), ("fair", True), ("bad", False)])
def test_a_case_is_solved_by_an_end_that_is_not_a_bad_one(modules, learner, kind, is_solved):
    mentor = make_person(make_role("mentor", make_town()))
    case = make_case(modules[0])
    path = make_path(modules[0], completes="case")
    for person in (learner, mentor):
        take_path(path, person, at=AT)

    CasePlay.objects.create(
        pk=uuid.uuid4(),
        case=case,
        version=case.versions.get(is_current=True),
        person=learner,
        partner=mentor,
        started_at=AT,
        last_at=AT,
        ended_at=AT,
        ending=kind,
    )
    refresh_path(path)

    for person in (learner, mentor):
        assert (of(person, path).completed_at == AT) is is_solved


def test_playing_a_case_to_its_end_completes_the_step(modules, learner):
    case = make_case(modules[0])
    path = make_path(modules[0], completes="case")
    take_path(path, learner, at=AT)
    play = begin_case(play_id=uuid.uuid4(), case=case, person=learner, at=AT)

    while not play.is_ended:
        here = play.run().step
        play = choose(play, turn=play.turn, step=here.key, choice=here.choices[0].id, at=AT)

    assert play.ending != "bad"
    assert of(learner, path).completed_at == AT


def test_another_part_provides_a_kind_of_its_own(modules, learner, monkeypatch):
    monkeypatch.setattr(step_kinds, "_kinds", dict(step_kinds._kinds))
    found = []
    step_kinds.register(
        step_kinds.StepKind("visit", "Besøg byen", lambda people, subjects: found, set)
    )
    path = make_path(modules[0], completes="visit")
    take_path(path, learner, at=AT)
    assert of(learner, path).step_count == 1

    found.append(step_kinds.Evidence(learner.pk, modules[0].pk, AT, AT))
    refresh_path(path)

    assert of(learner, path).completed_at == AT


def test_a_module_that_is_withdrawn_is_asked_of_nobody(path, modules, learner):
    take_path(path, learner, at=AT)
    read_all(modules[0], learner)
    make_lesson(modules[1], key=modules[1].lessons.get().pk, is_live=False)

    refresh_everybody(AT)

    done = of(learner, path)
    assert (done.step_count, done.completed_at) == (1, AT)


def test_a_completed_path_stays_completed_when_an_editor_adds_a_step(path, modules, learner):
    take_path(path, learner, at=AT)
    for module in modules:
        read_all(module, learner)
    third = make_module(modules[0].course, 3)
    make_lesson(third, 1)
    add_step(path, third)

    refresh_path(path)

    assert of(learner, path).completed_at == AT


def test_looking_anew_takes_as_many_queries_for_one_as_for_many(
    path, modules, django_assert_num_queries
):
    def walk(count):
        for _ in range(count):
            person = make_learner()
            read_all(modules[0], person)
            Assignment.objects.create(path=path, person=person, origin="self", assigned_at=AT)

    walk(1)
    with django_assert_num_queries(8):
        refresh_path(path)
    Assignment.objects.update(done_count=0, step_count=0)
    StepDone.objects.all().delete()
    walk(30)
    with django_assert_num_queries(8):
        refresh_path(path)
    assert Assignment.objects.filter(done_count=1).count() == 31


def test_whoever_opens_a_lesson_of_the_path_is_not_stuck(path, modules, learner):
    take_path(path, learner, at=AT - 20 * DAY)
    two_weeks_ago = AT - 14 * DAY
    assert Assignment.objects.stuck(since=two_weeks_ago).count() == 1

    open_lesson(modules[0].lessons.offered()[0], learner, at=AT)

    assert not Assignment.objects.stuck(since=two_weeks_ago).exists()
    assert of(learner, path).last_at == AT


@pytest.mark.parametrize(("days", "is_stuck"), [(14, False), (15, True)])
def test_stuck_means_more_than_fourteen_days_of_nothing(path, learner, days, is_stuck):
    take_path(path, learner, at=AT - days * DAY)

    assert Assignment.objects.stuck(since=AT - 14 * DAY).exists() is is_stuck


# --- Leaving and taking again ---


def test_a_path_of_ones_own_may_be_left_and_taken_again(path, modules, learner):
    take_path(path, learner, at=AT)
    read_all(modules[0], learner)

    assert leave_path(path, learner, at=AT + DAY)
    assert not leave_path(path, learner, at=AT + DAY)
    assert not Assignment.objects.active().exists()
    assert take_path(path, learner, at=AT + 2 * DAY).done_count == 1


def test_an_assigned_path_is_not_left_by_oneself(path, learner, coordinator):
    assign_path(path, [learner], by=coordinator, due_on=None, batch=uuid.uuid4(), at=AT)

    with pytest.raises(LearningRefused) as refusal:
        leave_path(path, learner, at=AT)

    assert refusal.value.code == "assigned"
    assert Assignment.objects.active().exists()


def test_taking_again_begins_a_new_round_and_keeps_the_old_one(path, modules, learner):
    take_path(path, learner, at=AT)
    for module in modules:
        read_all(module, learner)
    old = of(learner, path)

    new = retake_path(path, learner, at=AT + DAY)

    assert (new.round, new.done_count, new.completed_at) == (2, 0, None)
    old.refresh_from_db()
    assert (old.completed_at, old.retaken_at) == (AT, AT + DAY)
    assert old.done.count() == 2
    progress = LessonProgress.objects.filter(person=learner)
    assert set(progress.values_list("read_at", "read_before_at")) == {(None, AT)}

    for module in modules:
        read_all(module, learner, at=AT + 2 * DAY)
    assert of(learner, path).completed_at == AT + 2 * DAY


def test_a_pass_of_the_round_before_does_not_count(modules, learner):
    path = make_path(modules[1], completes="quiz")
    take_path(path, learner, at=AT)
    pass_quiz(modules[1].lessons.get(), learner)

    assert retake_path(path, learner, at=AT + DAY).completed_at is None
    pass_quiz(modules[1].lessons.get(), learner, at=AT + 2 * DAY)

    assert of(learner, path).completed_at == AT + 2 * DAY


def test_taking_again_twice_is_one_round(path, modules, learner):
    take_path(path, learner, at=AT)
    for module in modules:
        read_all(module, learner)

    assert retake_path(path, learner, at=AT + DAY) == retake_path(path, learner, at=AT + DAY)


def test_an_unfinished_path_is_not_taken_again(path, learner):
    take_path(path, learner, at=AT)

    with pytest.raises(LearningRefused) as refusal:
        retake_path(path, learner, at=AT)

    assert refusal.value.code == "unfinished"
