"""Learning paths: who walks them until when, and what counts as done."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from competences import practice
from competences.models import Topic
from core.models import AccessLog
from courses import step_kinds
from courses.actions import (
    LearningRefused,
    apply_rules,
    assign_path,
    begin_case,
    change_due,
    choose,
    end_rule,
    leave_path,
    make_rule,
    mark_read,
    open_lesson,
    refresh_path,
    restore_assignment,
    retake_path,
    submit_quiz,
    take_path,
    undo_batch,
    withdraw_assignment,
)
from courses.actions.paths import refresh_everybody
from courses.models import Assignment, CasePlay, LessonProgress, PathRule, StepDone
from people.actions import command_line, give_role
from people.permissions import standing_of
from tests.factories.cases import make_case
from tests.factories.courses import (
    add_step,
    chosen,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_path,
    make_question,
)
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = date(2027, 6, 15)


@pytest.fixture
def modules():
    """Two modules: one with two lessons, one with a single lesson that asks a question."""
    course = make_course()
    first, second = make_module(course, 1), make_module(course, 2)
    make_lesson(first, 1)
    make_lesson(first, 2)
    make_lesson(second, 1, questions=[make_question().pk])
    return first, second


@pytest.fixture
def path(modules):
    return make_path(*modules)


@pytest.fixture
def learner():
    return make_person(make_role("caseworker", make_town()))


@pytest.fixture
def coordinator():
    """The standing of a coordinator of Avannaata."""
    return standing_of(make_person(make_role("coordinator", make_town().municipality)).user, at=AT)


def read_all(module, person, *, at=AT):
    for lesson in module.lessons.offered():
        mark_read(lesson, person, at=at)


def pass_quiz(lesson, person, *, right=True, at=AT):
    question = lesson.questions.get()
    return submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=person,
        answers=chosen(question, 0 if right else 1),
        language="da",
        at=at,
    )


def of(person, path):
    return Assignment.objects.active().get(person=person, path=path)


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
    monkeypatch.setattr(practice, "_providers", [lambda people, topics: done])
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


# --- A coordinator ---


def test_several_people_get_a_path_at_once_and_a_second_press_changes_nothing(
    path, learner, coordinator
):
    other = make_person(make_role("caseworker", make_town("Ilulissat")))
    given = {"by": coordinator, "due_on": TODAY, "batch": uuid.uuid4(), "at": AT}

    made = assign_path(path, [learner, other], **given)
    again = assign_path(path, [learner, other], **given)

    assert {one.pk for one in made} == {one.pk for one in again}
    assert {one.person for one in made} == {learner, other}
    assert {(one.origin, one.due_on, one.assigned_by) for one in made} == {
        ("coordinator", TODAY, coordinator.person)
    }
    assert AccessLog.objects.filter(action="assign").count() == 2


def test_whoever_walks_the_path_keeps_what_they_have(path, learner, coordinator):
    own = take_path(path, learner, at=AT)

    made = assign_path(path, [learner], by=coordinator, due_on=TODAY, batch=uuid.uuid4(), at=AT)

    assert made == []
    assert of(learner, path) == own


def test_nobody_outside_the_scope_is_given_a_path(path, learner, coordinator):
    far = make_person(make_role("caseworker", make_town("Sisimiut")))

    with pytest.raises(PermissionDenied):
        assign_path(path, [learner, far], by=coordinator, due_on=None, batch=uuid.uuid4(), at=AT)

    assert not Assignment.objects.exists()


@pytest.mark.parametrize("key", ["leader", "administrator", "mentor", "editor"])
def test_only_coordinators_assign(path, learner, key):
    other = standing_of(make_person(make_role(key)).user, at=AT)

    with pytest.raises(PermissionDenied):
        assign_path(path, [learner], by=other, due_on=None, batch=uuid.uuid4(), at=AT)


@pytest.mark.parametrize("due_on", [TODAY - DAY, TODAY + timedelta(days=5 * 365 + 1)])
def test_a_day_that_is_over_or_far_away_is_refused(path, learner, coordinator, due_on):
    with pytest.raises(LearningRefused) as refusal:
        assign_path(path, [learner], by=coordinator, due_on=due_on, batch=uuid.uuid4(), at=AT)

    assert refusal.value.code == "due"


def test_an_assignment_is_undone_as_if_it_had_never_been(path, learner, coordinator):
    batch = uuid.uuid4()
    assign_path(path, [learner], by=coordinator, due_on=None, batch=batch, at=AT)

    assert undo_batch(batch, by=coordinator, at=AT + DAY) == 1
    assert undo_batch(batch, by=coordinator, at=AT + DAY) == 0
    assert not Assignment.objects.exists()


def test_undoing_keeps_what_somebody_has_begun(path, modules, learner, coordinator):
    batch = uuid.uuid4()
    assign_path(path, [learner], by=coordinator, due_on=None, batch=batch, at=AT)
    read_all(modules[0], learner)

    undo_batch(batch, by=coordinator, at=AT + DAY)

    withdrawn = Assignment.objects.get()
    assert (withdrawn.withdrawn_at, withdrawn.done_count) == (AT + DAY, 1)


def test_after_a_day_an_assignment_is_not_undone_at_once(path, learner, coordinator):
    batch = uuid.uuid4()
    assign_path(path, [learner], by=coordinator, due_on=None, batch=batch, at=AT)

    with pytest.raises(LearningRefused) as refusal:
        undo_batch(batch, by=coordinator, at=AT + DAY + timedelta(seconds=1))

    assert refusal.value.code == "late"
    assert Assignment.objects.active().exists()


def test_a_batch_is_undone_by_who_made_it(path, learner, coordinator):
    batch = uuid.uuid4()
    assign_path(path, [learner], by=coordinator, due_on=None, batch=batch, at=AT)
    other = standing_of(make_person(make_role("coordinator")).user, at=AT)

    assert undo_batch(batch, by=other, at=AT) == 0
    assert Assignment.objects.active().exists()


def test_a_withdrawn_path_comes_back_as_it_was(path, modules, learner, coordinator):
    (made,) = assign_path(path, [learner], by=coordinator, due_on=TODAY, batch=uuid.uuid4(), at=AT)
    read_all(modules[0], learner)

    withdraw_assignment(made, by=coordinator, at=AT + DAY)
    withdraw_assignment(made, by=coordinator, at=AT + 2 * DAY)
    made.refresh_from_db()
    assert made.withdrawn_at == AT + DAY
    restore_assignment(made, by=coordinator, at=AT + DAY)

    assert (of(learner, path).pk, of(learner, path).done_count) == (made.pk, 1)
    assert AccessLog.objects.filter(action="unassign").count() == 1


def test_a_withdrawn_path_does_not_come_back_beside_a_newer_one(path, learner, coordinator):
    (made,) = assign_path(path, [learner], by=coordinator, due_on=None, batch=uuid.uuid4(), at=AT)
    withdraw_assignment(made, by=coordinator, at=AT)
    take_path(path, learner, at=AT)

    with pytest.raises(LearningRefused) as refusal:
        restore_assignment(made, by=coordinator, at=AT)

    assert refusal.value.code == "again"


def test_the_day_a_path_is_due_may_be_changed_and_taken_away(path, learner, coordinator):
    own = take_path(path, learner, at=AT)

    changed = change_due(own, TODAY + DAY, by=coordinator, at=AT)
    assert (changed.due_on, changed.origin) == (TODAY + DAY, "coordinator")
    assert change_due(own, None, by=coordinator, at=AT).due_on is None
    assert AccessLog.objects.filter(action="change").count() == 2


def test_a_completed_path_has_no_day_to_change(path, modules, learner, coordinator):
    own = take_path(path, learner, at=AT)
    for module in modules:
        read_all(module, learner)

    with pytest.raises(LearningRefused) as refusal:
        change_due(own, TODAY, by=coordinator, at=AT)

    assert refusal.value.code == "over"


def test_a_coordinator_elsewhere_changes_nothing(path, learner):
    own = take_path(path, learner, at=AT)
    elsewhere = make_person(make_role("coordinator", make_town("Sisimiut").municipality))
    by = standing_of(elsewhere.user, at=AT)

    for change in (
        lambda: change_due(own, TODAY, by=by, at=AT),
        lambda: withdraw_assignment(own, by=by, at=AT),
        lambda: restore_assignment(own, by=by, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_one_person_walks_a_path_once_at_a_time(path, learner):
    take_path(path, learner, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(path=path, person=learner, origin="self", assigned_at=AT)


# --- Rules ---


def rule(path, where, *, role="caseworker", **fields):
    role = make_role(role, where)
    return PathRule(
        path=path,
        role_key=role.key,
        scope=role.scope,
        municipality=role.municipality,
        place=role.place,
        **fields,
    )


def test_a_rule_gives_the_path_to_whoever_holds_the_role_there(path, learner, coordinator):
    make_person(make_role("caseworker", make_town("Sisimiut")))
    make_person(make_role("leader", make_town()))
    made = rule(path, make_town().municipality, due_days=14)

    _rule, count = make_rule(made, by=coordinator, at=AT)

    assert count == 1
    given = of(learner, path)
    assert (given.origin, given.due_on) == ("rule", TODAY + timedelta(days=14))


def test_a_rule_is_due_so_many_days_after_a_later_role_began(path, coordinator):
    make_rule(rule(path, make_town(), due_days=14), by=coordinator, at=AT)
    late = make_person(make_role("caseworker", make_town(), starts_on=TODAY + 3 * DAY))

    assert apply_rules(AT) == 0
    assert apply_rules(AT + 3 * DAY) == 1

    assert of(late, path).due_on == TODAY + timedelta(days=17)


def test_whoever_gets_the_role_gets_the_path_at_once(path, coordinator):
    make_rule(rule(path, make_town()), by=coordinator, at=AT)
    newcomer = make_person()

    give_role(
        newcomer, make_role("caseworker", make_town(), starts_on=TODAY), by=command_line(AT), at=AT
    )

    assert of(newcomer, path).origin == "rule"


def test_applying_rules_twice_gives_nothing_twice(path, learner, coordinator):
    make_rule(rule(path, make_town()), by=coordinator, at=AT)

    assert apply_rules(AT + DAY) == 0
    assert Assignment.objects.count() == 1


def test_what_was_withdrawn_is_not_given_again(path, learner, coordinator):
    make_rule(rule(path, make_town()), by=coordinator, at=AT)
    withdraw_assignment(of(learner, path), by=coordinator, at=AT)

    assert apply_rules(AT + DAY) == 0
    assert not Assignment.objects.active().exists()


def test_an_ended_rule_gives_nothing_and_takes_nothing(path, learner, coordinator):
    made, _count = make_rule(rule(path, make_town()), by=coordinator, at=AT)
    end_rule(made, by=coordinator, at=AT)
    make_person(make_role("caseworker", make_town()))

    assert apply_rules(AT + DAY) == 0
    assert Assignment.objects.active().count() == 1


def test_a_rule_reaches_no_further_than_the_coordinator(path, coordinator):
    with pytest.raises(PermissionDenied):
        make_rule(rule(path, None), by=coordinator, at=AT)

    assert not PathRule.objects.exists()


def test_looking_after_accounts_everywhere_makes_no_rule_reach_further(path):
    roles = [make_role("coordinator", make_town().municipality), make_role("administrator")]
    both = standing_of(make_person(*roles).user, at=AT)

    with pytest.raises(PermissionDenied):
        make_rule(rule(path, make_town("Sisimiut")), by=both, at=AT)


def test_the_same_rule_is_not_made_twice(path, coordinator):
    make_rule(rule(path, make_town()), by=coordinator, at=AT)

    with pytest.raises(LearningRefused) as refusal:
        make_rule(rule(path, make_town()), by=coordinator, at=AT)

    assert refusal.value.code == "same"


def test_a_role_of_the_whole_municipality_is_not_that_of_one_town(path, coordinator):
    make_person(make_role("travelling", make_town().municipality))
    traveller = rule(path, make_town(), role="travelling")

    assert make_rule(traveller, by=coordinator, at=AT)[1] == 0


def test_applying_rules_takes_as_many_queries_for_one_as_for_many(
    path, coordinator, django_assert_num_queries
):
    make_person(make_role("caseworker", make_town()))
    make_rule(rule(path, make_town()), by=coordinator, at=AT)
    Assignment.objects.all().delete()
    with django_assert_num_queries(12):
        assert apply_rules(AT) == 1
    for _ in range(20):
        make_person(make_role("caseworker", make_town()))
    with django_assert_num_queries(12):
        assert apply_rules(AT) == 20
