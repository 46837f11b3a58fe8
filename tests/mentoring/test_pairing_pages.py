"""The coordinator's pages of a pairing: planned, changed, its members and states."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import local_day
from mentoring.models import Pairing
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    plan_pairing,
    send_many,
)
from tests.mentoring.handover.doing import confirmed

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person("coordinator", place=pairing.place)


def test_list_shows_the_own_towns_and_is_narrowed(
    pairing: Pairing, coordinator: Person, browse: Browse
) -> None:
    other = make_pairing(place=make_town("Uummannaq"))
    address = reverse("mentoring:pairings")

    def shown(person: Person, **query: str) -> list[Pairing]:
        rows = browse(person).get(address, query).context["rows"]
        return [row.pairing for row in rows]

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
        "last_day": "2027-05-31",
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
    assert new.ends_on == date(2027, 6, 1)
    assert "1. februar 2027 til og med 31. maj 2027" in response.content.decode()


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


def test_whoever_plans_sees_what_is_spoken_in_the_town_and_by_whom(
    pairing: Pairing, coordinator: Person, browse: Browse
) -> None:
    place = pairing.place
    place.dialect, place.dialect_note = "north", "Aftal sproget først."
    place.save()
    mentor = mentor_of(pairing)
    for language, spoken in (("da", 3), ("kl-west", 2), ("kl-north", 1)):
        mentor.languages.create(language=language, spoken=spoken, written=0)
    client = browse(coordinator)

    plan = client.get(reverse("mentoring:create-pairing")).content.decode()
    shown = client.get(pairing.get_absolute_url()).content.decode()

    assert f"{mentor} · taler dansk og vestgrønlandsk" in plan
    assert "Aftal sproget først." in plan
    assert f"{mentor} · taler dansk og vestgrønlandsk" in shown
    assert "<dd>Aftal sproget først.</dd>" in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "x"),
        ("starts_on", ""),
        ("starts_on", "x" * 1000),
        ("last_day", "0"),
        ("last_day", "2027-01-31"),
        ("last_day", "9999-12-31"),
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
    assert client.post(end, {"last_day": ""}).status_code == 422
    assert client.post(end, {"last_day": "9999-12-31"}).status_code == 422
    refused = client.post(end, {"last_day": "snart"})
    assert refused.status_code == 422
    assert _typed_last_days(refused)[f"id_last_day-{member.pk}"] == "snart"
    client.post(end, {"last_day": str(today)})
    member.refresh_from_db()
    assert member.ends_on == today + timedelta(days=1)
    client.post(end, {"now": "1", "last_day": ""})
    member.refresh_from_db()
    assert member.ends_on == today
    assert pairing.members.filter(pk=member.pk).exists()


def _typed_last_days(response: Any) -> dict[str, str]:
    """What stands in each member's field, by the field's id."""
    fields = BeautifulSoup(response.content, "html.parser").find_all(
        "input", attrs={"name": "last_day", "id": re.compile("-")}
    )
    return {str(field["id"]): str(field.get("value", "")) for field in fields}


def test_coordinator_prolongs_a_stay_and_hears_whose_role_ends_before(
    coordinator: Person, browse: Browse
) -> None:
    today = local_day(timezone.now())
    place = coordinator.roles.get().place
    assert place is not None
    mentor = make_person("mentor", place=place, ends_on=today + timedelta(days=31))
    pairing = plan_pairing(
        place=place, starts_on=today, ends_on=today + timedelta(days=30), mentors=[mentor]
    )
    client = browse(coordinator)
    address = reverse("mentoring:edit-pairing", args=[pairing.pk])
    form = client.get(address).context["form"]
    assert "ender før deltagelsen" not in client.get(pairing.get_absolute_url()).content.decode()

    response = client.post(
        address, form.initial | {"last_day": today + timedelta(days=60)}, follow=True
    )

    pairing.refresh_from_db()
    assert pairing.last_day == today + timedelta(days=60)
    assert "ender før deltagelsen" in response.content.decode()
    logged = AccessLog.objects.get(action="change", record_id=str(pairing.pk))
    assert logged.actor == coordinator.user


def test_a_pairing_elsewhere_is_not_changed(
    pairing: Pairing, coordinator: Person, browse: Browse
) -> None:
    away = plan_pairing(place=make_town("Sisimiut", "Qeqqata Kommunia"))
    client = browse(coordinator)

    address = reverse("mentoring:edit-pairing", args=[away.pk])

    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    own = reverse("mentoring:edit-pairing", args=[pairing.pk])
    assert browse(mentor_of(pairing)).get(own).status_code == 403
    assert client.post(own, {"starts_on": "", "kind": "on_site"}).status_code == 422


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


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (40, "er med i forvejen i den periode"),
        (70, "Forløbet slutter før den sidste dag"),
    ],
    ids=["into the own next membership", "after the pairing"],
)
def test_a_last_day_that_cannot_be_is_refused_and_stays_in_its_field(
    coordinator: Person, browse: Browse, days: int, said: str
) -> None:
    today = local_day(timezone.now())
    place = coordinator.roles.get().place
    assert place is not None
    pairing = plan_pairing(place=place, starts_on=today, ends_on=today + timedelta(days=60))
    member = pairing.members.get(side="mentor")
    member.ends_on = today + timedelta(days=20)
    member.save()
    again = {"starts_on": today + timedelta(days=30), "ends_on": today + timedelta(days=60)}
    pairing.members.create(person=member.person, side="mentor", **again)
    day = str(today + timedelta(days=days))

    end = reverse("mentoring:end-member", args=[pairing.pk, member.pk])
    response = browse(coordinator).post(end, {"last_day": day})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert _typed_last_days(response)[f"id_last_day-{member.pk}"] == day
    member.refresh_from_db()
    assert member.ends_on == today + timedelta(days=20)


def test_a_mentor_who_has_handed_over_does_not_come_back_by_an_old_page(
    pairing: Pairing, coordinator: Person, browse: Browse
) -> None:
    today = local_day(timezone.now())
    handover = confirmed(pairing, make_person("travelling", place=pairing.place))
    member = handover.member
    end = reverse("mentoring:end-member", args=[pairing.pk, member.pk])

    response = browse(coordinator).post(end, {"last_day": str(today + timedelta(days=9))})

    assert response.status_code == 422
    member.refresh_from_db()
    assert member.ends_on == today
