"""A round is planned, put off and carried out by who looks after all of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.actions import take_out
from mentoring.models import Round
from mentoring.permissions import overseen_needs, overseen_rounds
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import AT, make_person, make_town
from tests.factories.rounds import (
    make_need,
    make_round,
)
from tests.mentoring.rounds.looking import NUUK, filled, said

pytestmark = pytest.mark.django_db


# --- Scope ----------------------------------------------------------------------------------------


def test_a_round_is_seen_by_who_looks_after_all_of_its_municipalities():
    upernavik, nuuk = make_town(), make_town(*NUUK)
    own, both = make_round(upernavik), make_round(upernavik, nuuk)
    need_here, need_there = make_need(both, upernavik), make_need(both, nuuk)
    expected = {
        ("coordinator", "municipality"): ([own], [need_here]),
        ("coordinator", "country"): ([own, both], [need_here, need_there]),
        ("coordinator", "town"): ([], [need_here]),
        ("leader", "town"): ([], [need_here]),
        ("mentor", "town"): ([], []),
        ("administrator", "country"): ([], []),
    }
    for (key, scope), (rounds, needs) in expected.items():
        user = make_person(key, scope=scope).user
        assert user is not None
        standing = standing_of(user)
        assert set(overseen_rounds(standing)) == set(rounds), key
        assert set(overseen_needs(standing)) == set(needs), key


def test_who_coordinates_the_country_and_leads_a_town_sees_the_whole_country():
    need = make_need(make_round(make_town(*NUUK)), make_town(*NUUK))
    person = make_person("coordinator", scope="country")
    person.roles.create(key="leader", scope="town", place=make_town(), starts_on=AT.date())
    assert person.user is not None

    assert list(overseen_needs(standing_of(person.user))) == [need]


# --- Rounds ---------------------------------------------------------------------------------------


def test_a_round_is_planned_and_sent_twice_it_is_one(client: Client, coordinator: Person):
    address = reverse("mentoring:create-round")
    data = filled(client, address) | {
        "title": "Forår 2028",
        "municipalities": [str(make_town().municipality_id)],
        "starts_on": "2028-01-10",
        "last_day": "2028-05-10",
        "recommendations": ["6"],
        "goals": "Mere ro.",
    }

    first, second = client.post(address, data), client.post(address, data)

    planned = Round.objects.get()
    assert first.url == second.url == planned.get_absolute_url()
    assert (planned.title, planned.created_by, planned.goals) == (
        "Forår 2028",
        coordinator,
        "Mere ro.",
    )
    assert planned.last_day is not None
    assert planned.last_day.isoformat() == "2028-05-10"
    assert list(planned.tags.values_list("number", flat=True)) == [6]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Skriv, hvad runden hedder."),
        ({"municipalities": []}, "Vælg mindst én kommune."),
        ({"last_day": "2028-01-09"}, "Den sidste dag ligger før den første."),
        ({"last_day": ""}, "Skriv den sidste dag."),
        ({"fewest_days": "0"}, "Skriv et tal fra 1 til 366."),
    ],
)
def test_a_round_that_does_not_hold_is_refused_with_its_text(client: Client, changes, words):
    address = reverse("mentoring:create-round")
    data = {
        **filled(client, address),
        "title": "Forår 2028",
        "municipalities": [str(make_town().municipality_id)],
        "starts_on": "2028-01-10",
        "last_day": "2028-05-10",
        "goals": "Bliver stående.",
        **changes,
    }

    response = client.post(address, data)

    assert response.status_code == 422
    assert words in said(response)
    assert "Bliver stående." in said(response)
    assert not Round.objects.exists()


def test_a_municipality_outside_the_own_scope_cannot_be_chosen(client: Client):
    address = reverse("mentoring:create-round")
    data = filled(client, address) | {
        "title": "Forår",
        "municipalities": [str(make_town(*NUUK).municipality_id)],
        "starts_on": "2028-01-10",
        "last_day": "2028-05-10",
    }

    assert client.post(address, data).status_code == 422
    assert not Round.objects.exists()


def test_putting_off_takes_a_reason_which_is_kept_and_shown(client: Client, planned: Round):
    address = reverse("mentoring:decide-round", args=[planned.pk])

    refused = client.post(address, {"to": "put_off", "reason": " "})
    assert refused.status_code == 422
    assert "Skriv hvorfor, i en sætning." in said(refused)

    client.post(address, {"to": "put_off", "reason": "Ingen bolig."})
    planned.refresh_from_db()
    assert planned.state == "put_off"
    assert "Ingen bolig." in said(client.get(planned.get_absolute_url()))

    assert client.post(address, {"to": "put_off", "reason": "Igen"}).status_code == 422
    client.post(address, {"to": "closed", "reason": ""})
    assert client.post(address, {"to": "planned", "reason": ""}).status_code == 422


def test_going_ahead_takes_a_reason_only_while_something_is_late(client: Client, planned: Round):
    need = make_need(planned)
    need.items.filter(kind="housing").update(due_on=AT.date() - timedelta(days=4000))
    address = reverse("mentoring:decide-round", args=[planned.pk])

    assert client.post(address, {"to": "going", "reason": ""}).status_code == 422
    take_out(planned, need, at=AT)
    assert client.post(address, {"to": "going", "reason": ""}).status_code == 302
