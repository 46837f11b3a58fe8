"""What a role reaches, on which days, and who may give it."""

from datetime import date, timedelta

import pytest

from people.models import Person, Place, Role
from people.permissions import ADMIN_ROLES, NOBODY, TRAINING_ROLES, standing_of, standing_on
from tests.factories.people import AT, make_person, make_role, make_town
from tests.people.conftest import standing

TODAY = AT.date()


def test_a_role_holds_from_its_first_day_to_the_day_before_its_end(town: Place) -> None:
    person = make_person(
        make_role("mentor", town, starts_on=date(2027, 2, 1), ends_on=date(2027, 6, 1))
    )

    held = {
        day: standing_on(person.user, day).has("mentor")
        for day in (date(2027, 1, 31), date(2027, 2, 1), date(2027, 5, 31), date(2027, 6, 1))
    }

    assert list(held.values()) == [False, True, True, False]


def test_a_closed_account_and_nobody_have_no_standing(mentor: Person) -> None:
    from django.contrib.auth.models import AnonymousUser

    mentor.user.is_active = False

    assert standing_of(mentor.user) == NOBODY
    assert standing_of(AnonymousUser()) == NOBODY


@pytest.mark.parametrize(
    ("where", "reached"),
    [
        ("town", {"Upernavik"}),
        ("municipality", {"Upernavik", "Ilulissat"}),
        ("country", {"Upernavik", "Ilulissat", "Sisimiut"}),
    ],
)
def test_covers_and_places_agree_on_what_a_scope_reaches(
    town: Place, where: str, reached: set[str]
) -> None:
    towns = [town, make_town("Ilulissat"), make_town("Sisimiut")]
    scope = {"town": town, "municipality": town.municipality, "country": None}[where]
    own = standing(make_person(make_role("coordinator", scope)))

    assert {place.name for place in towns if own.covers("coordinator", place)} == reached
    found = Place.objects.filter(own.places("coordinator"))
    assert set(found.values_list("name", flat=True)) == reached
    assert not Place.objects.filter(own.places("leader")).exists()


@pytest.mark.parametrize("key", Role.Key.values)
def test_admin_is_open_to_the_roles_of_content_alone(base: None, key: str) -> None:
    own = standing(make_person(make_role(key)))

    assert own.may_enter_admin == (key in ADMIN_ROLES)
    assert own.needs_second_factor == (key != "caseworker")


@pytest.mark.parametrize("key", Role.Key.values)
def test_a_coordinator_gives_the_roles_of_training_in_the_own_scope(
    coordinator: Person, town: Place, elsewhere: Place, key: str
) -> None:
    own = standing(coordinator)

    given = {
        "own town": own.may_give(key, "town", place=town),
        "own municipality": own.may_give(key, "municipality", municipality=town.municipality),
        "other town": own.may_give(key, "town", place=elsewhere),
        "other municipality": own.may_give(
            key, "municipality", municipality=elsewhere.municipality
        ),
        "country": own.may_give(key, "country"),
    }

    in_training = key in TRAINING_ROLES
    assert given == {
        "own town": in_training,
        "own municipality": in_training,
        "other town": False,
        "other municipality": False,
        "country": False,
    }


def test_a_coordinator_of_a_town_does_not_give_its_municipality(town: Place) -> None:
    own = standing(make_person(make_role("coordinator", town)))

    assert own.may_give("mentor", "town", place=town)
    assert not own.may_give("mentor", "municipality", municipality=town.municipality)


@pytest.mark.parametrize("key", sorted(set(Role.Key.values) - {"coordinator", "administrator"}))
def test_everybody_else_gives_nothing(town: Place, key: str) -> None:
    own = standing(make_person(make_role(key)))

    assert not own.manages_people
    assert not any(own.may_give(other, "town", place=town) for other in Role.Key.values)


def test_managing_takes_the_right_to_give_every_role_that_has_not_ended(
    coordinator: Person, town: Place, elsewhere: Place
) -> None:
    own = standing(coordinator)
    person = make_person(make_role("mentor", town))
    local = make_role("mentor", town)
    foreign = make_role("mentor", elsewhere)

    assert own.may_manage(person, [local])
    assert not own.may_manage(person, [local, foreign])
    assert not own.may_manage(person, [make_role("administrator")])
    assert not own.may_manage(coordinator, [])


def test_a_superuser_is_managed_from_the_command_line_alone(administrator: Person) -> None:
    other = make_person()
    other.user.is_superuser = True

    assert not standing(administrator).may_manage(other, [])


def test_people_of_the_own_scope_are_found_by_role_past_role_and_workplace(
    coordinator: Person, administrator: Person, town: Place, elsewhere: Place
) -> None:
    here = make_person(make_role("mentor", town))
    was_here = make_person(make_role("mentor", town, ends_on=TODAY - timedelta(days=400)))
    works_here = make_person()
    works_here.affiliations.create(
        organisation=town.municipality, profession="caseworker", starts_on=date(2020, 1, 1)
    )
    away = make_person(make_role("mentor", elsewhere))
    anywhere = make_person(make_role("editor"))

    assert set(standing(coordinator).people()) == {coordinator, here, was_here, works_here}
    everybody = {coordinator, administrator, here, was_here, works_here, away, anywhere}
    assert set(standing(administrator).people()) == everybody
    assert not standing(here).people().exists()
