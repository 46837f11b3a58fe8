"""A new name, a division, several joined: what was stays, what is under way follows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from courses.models import LearningPath, PathRule
from mentoring.models import Round
from people.actions import Change, New, PeopleRefused, change_organisations
from people.models import Affiliation, Organisation, Place
from people.permissions import standing_of
from tests.factories.people import AT, make_person, make_role, make_town
from tests.factories.rounds import make_round
from tests.people.conftest import COMMAND_LINE

pytestmark = pytest.mark.django_db
TODAY = AT.date()
BEFORE = TODAY - timedelta(days=1)


def change(old: list[Organisation], *new: New, **changes: Any) -> Change:
    facts: dict[str, Any] = {"on": TODAY, "by": COMMAND_LINE, "at": AT}
    return change_organisations(old, new, **(facts | changes))


@pytest.fixture
def avannaata() -> Organisation:
    """A municipality with two towns."""
    make_town("Upernavik")
    return make_town("Ilulissat").municipality


def towns_of(*municipalities: Organisation, on: date) -> set[str]:
    keys = [one.pk for one in municipalities]
    return set(Place.objects.of(keys, on=on).values_list("name", flat=True))


# --- A new name -----------------------------------------------------------------------------------


def test_a_new_name_is_a_new_record_and_the_old_one_keeps_its_own():
    ministry = Organisation.objects.create(
        key="ministerium", name="Ministeriet Demo", kind="agency", starts_on=date(2020, 1, 1)
    )
    person = make_person()
    affiliation = Affiliation.objects.create(
        person=person,
        organisation=ministry,
        profession="other",
        starts_on=date(2024, 1, 1),
        ends_on=TODAY + timedelta(days=90),
    )

    done = change([ministry], New("Departementet Demo"))

    ministry.refresh_from_db()
    new = done.main
    assert (ministry.name, ministry.ends_on) == ("Ministeriet Demo", TODAY)
    assert (new.name, new.kind, new.starts_on) == ("Departementet Demo", "agency", TODAY)
    assert ministry.is_valid_on(BEFORE)
    assert not ministry.is_valid_on(TODAY)
    assert new.lineage() == {ministry.pk, new.pk} == ministry.heirs()
    affiliation.refresh_from_db()
    going_on = person.affiliations.get(organisation=new)
    assert affiliation.ends_on == going_on.starts_on == TODAY
    assert going_on.ends_on == TODAY + timedelta(days=90)
    assert AccessLog.objects.filter(action="change", record_id=str(ministry.pk)).exists()


def test_whoever_coordinated_it_the_day_before_still_does(avannaata):
    coordinator = make_person(make_role("coordinator", avannaata))
    leader = make_person(make_role("leader", make_town("Upernavik")))
    to_come = make_person(make_role("coordinator", avannaata, starts_on=TODAY + timedelta(days=9)))

    new = change([avannaata], New("Ny Kommune Demo")).main

    held = coordinator.roles.order_by("starts_on").values_list("municipality", "ends_on")
    assert list(held) == [(avannaata.pk, TODAY), (new.pk, None)]
    own = standing_of(coordinator.user, at=AT)
    assert set(own.towns("coordinator")) == set(Place.objects.filter(municipality=new))
    assert leader.roles.get().ends_on is None  # a town is a town
    later = to_come.roles.get(ends_on=None)
    assert (later.municipality, later.starts_on) == (new, TODAY + timedelta(days=9))


# --- A division -----------------------------------------------------------------------------------


def test_a_division_moves_towns_from_that_day_and_never_the_figures_of_before(avannaata):
    ilulissat, upernavik = make_town("Ilulissat"), make_town("Upernavik")
    coordinator = make_person(make_role("coordinator", avannaata))

    south, north = change(
        [avannaata], New("Syd Demo", [ilulissat]), New("Nord Demo", [upernavik])
    ).new

    assert towns_of(avannaata, on=BEFORE) == {"Ilulissat", "Upernavik"}
    assert towns_of(avannaata, on=TODAY) == set()
    assert towns_of(south, on=TODAY) == {"Ilulissat"}
    assert towns_of(north, on=TODAY) == {"Upernavik"}
    assert towns_of(south, on=BEFORE) == set()
    both = standing_of(coordinator.user, at=AT)
    assert {role.municipality for role in both.roles} == {south, north}
    assert north.lineage() == {avannaata.pk, north.pk}
    assert avannaata.heirs() == {avannaata.pk, south.pk, north.pk}


def test_who_works_in_a_town_works_at_the_heir_of_it(avannaata):
    ilulissat, upernavik = make_town("Ilulissat"), make_town("Upernavik")
    people = {}
    for name, place in (("i", ilulissat), ("u", upernavik), ("nowhere", None)):
        people[name] = make_person()
        Affiliation.objects.create(
            person=people[name],
            organisation=avannaata,
            place=place,
            profession="caseworker",
            starts_on=date(2024, 1, 1),
        )

    south, north = change(
        [avannaata], New("Syd Demo", [ilulissat]), New("Nord Demo", [upernavik])
    ).new

    now = {
        name: person.affiliations.get(ends_on=None).organisation for name, person in people.items()
    }
    assert now == {"i": south, "u": north, "nowhere": south}


@pytest.mark.parametrize(
    ("towns", "code"),
    [
        ([["Ilulissat"], []], "towns"),
        ([["Ilulissat", "Upernavik"], ["Upernavik"]], "towns"),
        ([["Ilulissat"], ["Upernavik"], ["Sisimiut"]], "towns"),
    ],
)
def test_each_town_belongs_to_one_of_the_new_ones(avannaata, towns, code):
    new = [
        New(f"Del {number} Demo", [make_town(name) for name in names])
        for number, names in enumerate(towns)
    ]

    with pytest.raises(PeopleRefused) as refusal:
        change([avannaata], *new)

    assert refusal.value.code == code
    avannaata.refresh_from_db()
    assert avannaata.ends_on is None
    assert not Organisation.objects.filter(name__startswith="Del ").exists()


# --- Several joined -------------------------------------------------------------------------------


def test_several_are_joined_and_nobody_holds_a_role_twice(avannaata):
    qeqqata = make_town("Sisimiut").municipality
    person = make_person(make_role("coordinator", avannaata), make_role("coordinator", qeqqata))

    one = change([avannaata, qeqqata], New("Fælles Demo")).main

    assert towns_of(one, on=TODAY) == {"Ilulissat", "Upernavik", "Sisimiut"}
    assert towns_of(qeqqata, on=BEFORE) == {"Sisimiut"}
    assert [role.municipality for role in person.roles.filter(ends_on=None)] == [one]
    assert one.lineage() == {avannaata.pk, qeqqata.pk, one.pk}


# --- What others keep -----------------------------------------------------------------------------


def test_rounds_under_way_follow_and_closed_ones_stay(avannaata):
    planned, closed = make_round(make_town("Ilulissat")), make_round(make_town("Ilulissat"))
    Round.objects.filter(pk=closed.pk).update(state="closed")

    new = change([avannaata], New("Ny Kommune Demo")).main

    assert list(planned.municipalities.all()) == [new]
    assert list(closed.municipalities.all()) == [avannaata]


def test_a_rule_of_a_path_is_one_for_each_heir(avannaata):
    path = LearningPath.objects.create(key="start", title_da="Start")
    rule = PathRule.objects.create(
        path=path,
        role_key="caseworker",
        scope="municipality",
        municipality=avannaata,
        made_at=AT,
    )
    parts = [New("Syd", [make_town("Ilulissat")]), New("Nord", [make_town("Upernavik")])]

    south, north = change([avannaata], *parts).new

    rule.refresh_from_db()
    going_on = PathRule.objects.filter(ended_at=None)
    assert rule.ended_at == AT
    assert {one.municipality for one in going_on} == {south, north}


# --- Who may, and when ----------------------------------------------------------------------------


def test_only_administrators_change_organisations(avannaata):
    coordinator = make_person(make_role("coordinator"))

    with pytest.raises(PermissionDenied):
        change([avannaata], New("Ny Demo"), by=standing_of(coordinator.user, at=AT))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"on": TODAY + timedelta(days=1)}, "future"),
        ({"on": date(2018, 1, 1)}, "period"),
    ],
)
def test_a_day_that_cannot_be_is_refused(avannaata, changes, code):
    with pytest.raises(PeopleRefused) as refusal:
        change([avannaata], New("Ny Demo"), **changes)
    assert refusal.value.code == code


def test_what_has_ended_and_what_is_of_another_kind_is_refused(avannaata):
    agency = Organisation.objects.create(
        key="a", name="Styrelse Demo", kind="agency", starts_on=date(2020, 1, 1)
    )
    with pytest.raises(PeopleRefused) as kinds:
        change([avannaata, agency], New("Blandet Demo"))
    change([avannaata], New("Ny Demo"))
    avannaata.refresh_from_db()
    with pytest.raises(PeopleRefused) as over:
        change([avannaata], New("Igen Demo"))
    with pytest.raises(PeopleRefused) as taken:
        change([agency], New("Ny Demo"))

    assert [kinds.value.code, over.value.code, taken.value.code] == ["kinds", "over", "taken"]


# --- What comes with the product, and the page ----------------------------------------------------


def test_a_change_here_is_newer_than_the_file_that_comes_with_the_product():
    call_command("load_places", verbosity=0)
    qeqqata = Organisation.objects.get(key="qeqqata")
    sisimiut, maniitsoq = (Place.objects.get(key=key) for key in ("sisimiut", "maniitsoq"))
    north, south = change([qeqqata], New("Nord Demo", [sisimiut]), New("Syd Demo", [maniitsoq])).new

    call_command("load_places", verbosity=0)

    qeqqata.refresh_from_db()
    assert qeqqata.ends_on == TODAY
    assert set(qeqqata.successors.all()) == {north, south}
    assert Place.objects.get(key="sisimiut").municipality == north
    assert towns_of(qeqqata, on=BEFORE) == {"Sisimiut", "Maniitsoq"}


def test_an_administrator_divides_one_from_the_page(avannaata):
    today = timezone.localdate()
    administrator = make_person(make_role("administrator"))
    client = Client()
    client.force_login(administrator.user)
    address = reverse("people:change_organisation", args=[avannaata.pk])
    sent = {"on": today.isoformat(), "names": "Syd Demo\nNord Demo", "town_ilulissat": "0"}

    refused = client.post(address, {**sent, "town_upernavik": "2"})
    done = client.post(address, {**sent, "town_upernavik": "1"})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert make_town("Upernavik").municipality.name == "Nord Demo"
    assert client.get(address).status_code == 404  # it has ended


def test_nobody_else_finds_the_page(avannaata):
    client = Client()
    client.force_login(make_person(make_role("coordinator")).user)

    address = reverse("people:change_organisation", args=[avannaata.pk])

    assert client.get(address).status_code == 403
    assert client.post(address, {"names": "Ny"}).status_code == 403
