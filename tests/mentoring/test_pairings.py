"""Planning a pairing, who is in it, and its states: for the coordinator of the town."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import (
    PairingRefused,
    add_member,
    change_state,
    create_pairing,
    end_member,
)
from mentoring.actions.pairings import STEPS
from mentoring.models import Pairing
from people.models import Person
from tests.factories.mentoring import (
    AT,
    SINCE,
    TODAY,
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    send_many,
)

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person("coordinator", place=pairing.place)


def plan(**changes: Any) -> Pairing:
    place = make_town()
    return create_pairing(
        place,
        **{
            "kind": "on_site",
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=120),
            "mentors": [make_person("mentor", place=place)],
            "caseworkers": [make_person("caseworker", place=place)],
            "by": None,
            "at": AT,
            **changes,
        },
    )


# --- Actions ------------------------------------------------------------------------------------


def test_mentors_stay_for_the_period_and_caseworkers_without_an_end() -> None:
    pairing = plan()
    periods = {member.side: (member.starts_on, member.ends_on) for member in pairing.members.all()}
    assert periods == {
        "mentor": (TODAY, TODAY + timedelta(days=120)),
        "caseworker": (TODAY, None),
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": TODAY}, "period"),
        ({"mentors": []}, "nobody"),
        ({"caseworkers": []}, "nobody"),
    ],
)
def test_plan_that_does_not_hold_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(PairingRefused) as refusal:
        plan(**changes)
    assert refusal.value.code == code
    assert not Pairing.objects.exists()


def test_pairing_is_filed_under_each_recommendation_once() -> None:
    pairing = plan(recommendations=[6, 2, 6])

    assert list(pairing.tags.order_by("number").values_list("number", flat=True)) == [2, 6]
    with pytest.raises(IntegrityError), transaction.atomic():
        pairing.tags.create(number=2)


def test_recommendation_without_a_public_title_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        plan(recommendations=[4])


def test_nobody_stands_on_both_sides() -> None:
    both = make_person("mentor", "caseworker")
    with pytest.raises(PairingRefused) as refusal:
        plan(mentors=[both], caseworkers=[both])
    assert refusal.value.code == "overlap"


@pytest.mark.parametrize("role", ["caseworker", "leader", "elsewhere", "ended"])
def test_mentor_holds_a_role_in_the_town_on_the_first_day(role: str) -> None:
    people = {
        "caseworker": lambda: make_person("caseworker"),
        "leader": lambda: make_person("leader"),
        "elsewhere": lambda: make_person("mentor", place=make_town("Uummannaq")),
        "ended": lambda: make_person("mentor", ends_on=TODAY),
    }
    with pytest.raises(PairingRefused) as refusal:
        plan(mentors=[people[role]()])
    assert refusal.value.code == "no_role"


def test_travelling_caseworker_may_follow_up() -> None:
    travelling = make_person("travelling", scope="municipality")
    assert plan(mentors=[travelling]).members.filter(person=travelling, side="mentor").exists()


def test_membership_ended_before_it_began_holds_on_no_day() -> None:
    member = plan().members.get(side="mentor")
    assert end_member(member, on=TODAY - timedelta(days=5)).ends_on == TODAY
    assert not member.pairing.members.get(pk=member.pk).is_valid_on(TODAY)


@pytest.mark.parametrize("to", Pairing.State.values)
@pytest.mark.parametrize("state", Pairing.State.values)
def test_pairing_goes_one_step_at_a_time(state: str, to: str) -> None:
    pairing = plan()
    Pairing.objects.update(state=state)
    if to in STEPS[Pairing.State(state)]:
        assert change_state(pairing, to, at=AT).state == to
    else:
        with pytest.raises(PairingRefused):
            change_state(pairing, to, at=AT)


def test_closing_ends_the_mentors_memberships_that_day() -> None:
    pairing = plan(state="handover", starts_on=SINCE, ends_on=None)
    change_state(pairing, "closed", at=AT)

    ends = dict(pairing.members.values_list("side", "ends_on"))
    assert ends == {"mentor": TODAY, "caseworker": None}
    with pytest.raises(PairingRefused) as refusal:
        add_member(pairing, make_person("mentor"), "mentor", starts_on=TODAY)
    assert refusal.value.code == "closed"


# --- Pages --------------------------------------------------------------------------------------


def test_list_shows_the_own_towns_and_is_narrowed(
    pairing: Pairing, coordinator: Person, browse: Browse
) -> None:
    other = make_pairing(place=make_town("Uummannaq"))
    address = reverse("mentoring:pairings")

    def shown(person: Person, **query: str) -> list[Pairing]:
        rows = browse(person).get(address, query).context["rows"]
        return [found for found, _members in rows]

    country = make_person("coordinator", scope="country")
    assert shown(coordinator) == [pairing]
    assert set(shown(country)) == {pairing, other}
    assert shown(country, by="uummannaq") == [other]
    assert shown(country, tilstand="closed") == []


@pytest.mark.parametrize(
    "role", ["mentor", "caseworker", "travelling", "leader", "editor", "administrator"]
)
def test_pages_are_for_coordinators(pairing: Pairing, browse: Browse, role: str) -> None:
    client = browse(make_person(role, scope="country"))
    for name in ("pairings", "create-pairing"):
        assert client.get(reverse(f"mentoring:{name}")).status_code == 403
    assert client.get(pairing.get_absolute_url()).status_code == 403
    state = reverse("mentoring:change-state", args=[pairing.pk])
    assert client.post(state, {"to": "handover"}).status_code == 403


def test_pairing_outside_the_scope_is_not_found(pairing: Pairing, browse: Browse) -> None:
    client = browse(make_person("coordinator", place=make_town("Uummannaq")))
    member = pairing.members.first()
    assert member is not None
    assert client.get(pairing.get_absolute_url()).status_code == 404
    for name, more in (
        ("change-state", []),
        ("add-member", []),
        ("end-member", [member.pk]),
    ):
        address = reverse(f"mentoring:{name}", args=[pairing.pk, *more])
        assert client.post(address, {}).status_code == 404


def planned(pairing: Pairing, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "remote",
        "starts_on": "2027-02-01",
        "ends_on": "2027-06-01",
        "mentors": [str(mentor_of(pairing).pk)],
        "caseworkers": [str(caseworker_of(pairing).pk)],
        "recommendations": ["2", "6"],
        "language_note": "Tolken er bestilt om formiddagen.",
        **changes,
    }


def test_coordinator_plans_a_pairing(pairing: Pairing, coordinator: Person, browse: Browse) -> None:
    response = browse(coordinator).post(
        reverse("mentoring:create-pairing"), planned(pairing), follow=True
    )

    new = Pairing.objects.exclude(pk=pairing.pk).get()
    assert response.redirect_chain == [(new.get_absolute_url(), 302)]
    assert (new.kind, new.created_by, new.members.count()) == ("remote", coordinator, 2)
    assert [tag.number for tag in response.context["tags"]] == [2, 6]
    assert "6. Understøttelse af den kommunale sagsbehandling" in response.content.decode()


def test_town_is_chosen_first_and_lies_in_the_scope(pairing: Pairing, browse: Browse) -> None:
    make_town("Uummannaq")
    make_town("Sisimiut", "Qeqqata Kommunia")
    coordinator = make_person("coordinator", scope="municipality", place=pairing.place)
    client = browse(coordinator)
    address = reverse("mentoring:create-pairing")

    towns = client.get(address).context["towns"]
    assert [town.key for town in towns] == ["upernavik", "uummannaq"]
    assert client.post(address, planned(pairing)).status_code == 200
    form = client.get(address, {"by": "upernavik"}).context["form"]
    assert set(form.fields["mentors"].queryset) >= {mentor_of(pairing)}
    assert client.get(address, {"by": "sisimiut"}).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "x"),
        ("starts_on", ""),
        ("starts_on", "x" * 1000),
        ("ends_on", "0"),
        ("mentors", []),
        ("mentors", ["x"]),
        ("caseworkers", ["\x00"]),
        ("recommendations", ["4"]),
        ("recommendations", ["x"]),
        ("language_note", "x" * 201),
        ("language_note", "a\x00"),
        ("language_note", "-".join(["010190", "1234"])),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_planned(
    pairing: Pairing, coordinator: Person, browse: Browse, field: str, value: Any
) -> None:
    response = browse(coordinator).post(
        reverse("mentoring:create-pairing"), planned(pairing) | {field: value}
    )
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Pairing.objects.count() == 1


def test_members_come_and_go(pairing: Pairing, coordinator: Person, browse: Browse) -> None:
    client = browse(coordinator)
    add = reverse("mentoring:add-member", args=[pairing.pk])
    new = make_person("caseworker", place=pairing.place)
    today = local_day(timezone.now())

    assert client.post(add, {"person": "", "side": ""}).status_code == 422
    client.post(add, {"person": new.pk, "side": "caseworker", "starts_on": str(today)})
    member = pairing.members.get(person=new)
    again = client.post(add, {"person": new.pk, "side": "caseworker", "starts_on": str(today)})
    assert again.status_code == 422

    end = reverse("mentoring:end-member", args=[pairing.pk, member.pk])
    assert client.post(end, {"on": ""}).status_code == 422
    client.post(end, {"on": str(today)})
    member.refresh_from_db()
    assert member.ends_on == today
    assert pairing.members.filter(pk=member.pk).exists()


def test_state_is_changed_one_step(pairing: Pairing, coordinator: Person, browse: Browse) -> None:
    client = browse(coordinator)
    address = reverse("mentoring:change-state", args=[pairing.pk])
    assert client.post(address, {"to": "closed"}).status_code == 422
    assert client.post(address, {"to": "x"}).status_code == 422
    assert client.post(address, {"to": "handover"}).status_code == 302
    pairing.refresh_from_db()
    assert pairing.state == "handover"


def test_pairing_pages_take_the_same_queries_for_one_and_for_many(
    pairing: Pairing, coordinator: Person, count_queries: Callable[[Person, str], int]
) -> None:
    addresses = [reverse("mentoring:pairings"), pairing.get_absolute_url()]
    send_many(pairing, 1)
    for_one = [count_queries(coordinator, address) for address in addresses]

    send_many(pairing, 999)
    for _number in range(9):
        make_pairing(place=pairing.place)

    assert [count_queries(coordinator, address) for address in addresses] == for_one
    assert max(for_one) <= 20


def test_home_leads_each_to_the_own_beginning(
    pairing: Pairing, coordinator: Person, browse: Browse
) -> None:
    home = reverse("mentoring:home")
    assert browse(coordinator).get(home)["Location"] == reverse("mentoring:pairings")
    assert browse(mentor_of(pairing)).get(home)["Location"] == reverse("mentoring:sessions")
