"""Giving and ending roles, accounts and groups."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import GroupPagePermission

from core.models import AccessLog
from people import actions, groups
from people.actions import PeopleRefused
from people.models import Person, Place, Role
from tests.factories.people import AT, make_person, make_role
from tests.people.conftest import COMMAND_LINE, standing

TODAY = AT.date()


def groups_of(person: Person) -> set[str]:
    return set(person.user.groups.values_list("name", flat=True))


def test_giving_a_role_joins_its_group_and_leaves_a_line_in_the_log(
    administrator: Person,
) -> None:
    person = make_person()

    role = actions.give_role(person, make_role("editor"), by=standing(administrator), at=AT)

    assert groups_of(person) == {"Redaktører"}
    assert role.given_by == administrator
    logged = AccessLog.objects.filter(action="give_role").values_list("kind", "record_id", "actor")
    assert set(logged) == {
        ("people.person", str(person.pk), administrator.user_id),
        ("people.role", str(role.pk), administrator.user_id),
    }


def test_a_role_wider_than_ones_own_is_refused(
    coordinator: Person, mentor: Person, town: Place, elsewhere: Place
) -> None:
    by = standing(coordinator)

    for role in (
        make_role("mentor", elsewhere),
        make_role("mentor"),
        make_role("coordinator", town),
        make_role("administrator"),
    ):
        with pytest.raises(PermissionDenied):
            actions.give_role(mentor, role, by=by, at=AT)

    assert mentor.roles.count() == 1


def test_nobody_gives_a_role_to_themselves(administrator: Person) -> None:
    with pytest.raises(PermissionDenied):
        actions.give_role(
            administrator, make_role("coordinator"), by=standing(administrator), at=AT
        )


def test_the_same_role_twice_in_one_time_is_refused(mentor: Person, town: Place) -> None:
    with pytest.raises(PeopleRefused) as refusal:
        actions.give_role(
            mentor, make_role("mentor", town, starts_on=TODAY), by=COMMAND_LINE, at=AT
        )

    assert refusal.value.code == "held"


def test_the_same_role_after_the_first_has_ended_is_given(town: Place) -> None:
    person = make_person(make_role("mentor", town, ends_on=TODAY))

    actions.give_role(person, make_role("mentor", town, starts_on=TODAY), by=COMMAND_LINE, at=AT)

    assert person.roles.count() == 2


def test_an_administrator_of_one_town_is_no_role(town: Place) -> None:
    with pytest.raises(ValidationError):
        actions.give_role(make_person(), make_role("administrator", town), by=COMMAND_LINE, at=AT)


def test_ending_a_role_today_leaves_its_group_at_once(administrator: Person) -> None:
    person = make_person()
    role = actions.give_role(person, make_role("reviewer"), by=COMMAND_LINE, at=AT)

    actions.end_role(role, standing(administrator), ends_on=TODAY, at=AT)

    assert groups_of(person) == set()
    assert not standing(person).may_enter_admin


def test_a_last_day_can_be_set_and_lifted_until_it_has_passed(mentor: Person) -> None:
    role = mentor.roles.get()

    actions.end_role(role, COMMAND_LINE, ends_on=TODAY + timedelta(days=9), at=AT)
    role.refresh_from_db()
    assert role.last_day == TODAY + timedelta(days=8)
    actions.end_role(role, COMMAND_LINE, ends_on=None, at=AT)
    role.refresh_from_db()
    assert role.ends_on is None

    with pytest.raises(PeopleRefused) as past:
        actions.end_role(role, COMMAND_LINE, ends_on=TODAY - timedelta(days=1), at=AT)
    actions.end_role(role, COMMAND_LINE, ends_on=TODAY, at=AT)
    with pytest.raises(PeopleRefused) as over:
        actions.end_role(role, COMMAND_LINE, ends_on=None, at=AT)
    assert [past.value.code, over.value.code] == ["past", "over"]


def test_a_coordinator_ends_no_role_outside_the_own_scope(
    coordinator: Person, elsewhere: Place
) -> None:
    role = make_person(make_role("mentor", elsewhere)).roles.get()

    with pytest.raises(PermissionDenied):
        actions.end_role(role, standing(coordinator), ends_on=TODAY, at=AT)


def test_the_last_administrator_stays(administrator: Person) -> None:
    role = administrator.roles.get()

    with pytest.raises(PeopleRefused) as refusal:
        actions.end_role(role, COMMAND_LINE, ends_on=TODAY, at=AT)
    with pytest.raises(PeopleRefused):
        actions.close_account(administrator, COMMAND_LINE, at=AT)
    make_person(make_role("administrator"))
    actions.end_role(role, COMMAND_LINE, ends_on=TODAY, at=AT)

    assert refusal.value.code == "last"


def test_due_work_brings_groups_in_step_with_the_day(base: None) -> None:
    starting = make_person(make_role("translator", starts_on=TODAY + timedelta(days=1)))
    ending = make_person(make_role("editor", ends_on=TODAY + timedelta(days=1)))
    closed = make_person(make_role("reviewer"))
    closed.user.is_active = False
    closed.user.save()
    actions.sync_groups(at=AT)
    today = [groups_of(person) for person in (starting, ending, closed)]

    changed = actions.sync_groups(at=AT + timedelta(days=1))

    assert today == [set(), {"Redaktører"}, set()]
    assert [groups_of(person) for person in (starting, ending)] == [{"Oversættere"}, set()]
    assert changed == 2
    assert actions.sync_groups(at=AT + timedelta(days=1)) == 0


def test_due_work_takes_away_a_group_that_no_role_gave(administrator: Person) -> None:
    administrator.user.groups.add(groups.ensure()[Role.Key.EDITOR])

    actions.sync_groups(at=AT)

    assert groups_of(administrator) == set()


def test_groups_hold_what_their_work_needs(base: None) -> None:
    groups.ensure()

    pages = {
        name: set(
            GroupPagePermission.objects.filter(group__name=name).values_list(
                "permission__codename", flat=True
            )
        )
        for name in groups.NAMES.values()
    }

    assert pages == {
        "Redaktører": {"add_page", "change_page"},
        "Oversættere": {"change_page"},
        "Faglige godkendere": {"change_page", "publish_page", "lock_page", "unlock_page"},
    }
    for group in Group.objects.filter(name__in=groups.NAMES.values()):
        assert group.permissions.filter(codename="access_admin").exists()
        assert not group.permissions.filter(content_type__app_label="people").exists()


def test_closing_keeps_roles_and_reopening_brings_the_groups_back(base: None) -> None:
    person = make_person()
    actions.give_role(person, make_role("editor"), by=COMMAND_LINE, at=AT)

    actions.close_account(person, COMMAND_LINE, at=AT)
    closed = groups_of(person)
    actions.reopen_account(person, COMMAND_LINE, at=AT)

    assert closed == set()
    assert groups_of(person) == {"Redaktører"}
    assert standing(person).has("editor")


def test_an_address_with_an_account_is_its_owners_to_change(
    coordinator: Person, mentor: Person
) -> None:
    before = mentor.email

    actions.edit_person(
        mentor,
        standing(coordinator),
        name="Mentor Demo 2",
        email="other@example.org",
        language="kl",
        at=AT,
    )

    mentor.refresh_from_db()
    assert (mentor.name, mentor.language, mentor.email) == ("Mentor Demo 2", "kl", before)


def test_a_name_holds_no_cpr_number(coordinator: Person, town: Place) -> None:
    with pytest.raises(ValidationError):
        actions.create_person(
            standing(coordinator),
            name="Demo 010170" + "-1234",
            email="demo@example.org",
            language="da",
            role=make_role("mentor", town),
            at=AT,
        )

    assert not Person.objects.filter(email="demo@example.org").exists()
