"""Learning paths: given, taken back, due, and given by rules."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.models import AccessLog
from courses.actions import (
    LearningRefused,
    apply_rules,
    assign_path,
    change_due,
    end_rule,
    make_rule,
    restore_assignment,
    take_path,
    undo_batch,
    withdraw_assignment,
)
from courses.models import Assignment, PathRule
from people.actions import command_line, give_role
from people.permissions import standing_of
from tests.courses.paths.walking import DAY, TODAY, of, read_all
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db


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
