"""What places ask for and mentors bring is entered, changed and taken out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.models import Need, Round, Stay
from tests.factories.mentoring import AT, make_person, make_town
from tests.factories.rounds import (
    make_caseworker,
    make_mentor,
    make_need,
    make_stay,
)
from tests.mentoring.rounds.looking import NUUK, filled, page, said

pytestmark = pytest.mark.django_db


def test_a_need_is_entered_with_its_languages_and_readiness(client: Client, planned: Round):
    address = reverse("mentoring:create-need", args=[planned.pk])
    owner = make_person("leader")
    data = filled(client, address) | {
        "place": str(make_town().pk),
        "kind": "remote",
        "seats": "1",
        "language_kl_north": "2",
        "owner": str(owner.pk),
    }

    assert client.post(address, data).url == planned.get_absolute_url()

    need = Need.objects.get()
    assert (need.kind, need.seats, need.owner) == ("remote", 1, owner)
    assert list(need.languages.values_list("language", "level")) == [("kl-north", 2)]
    kinds = set(need.items.values_list("kind", flat=True))
    assert kinds == {"cases", "translations", "interpreter", "accounts", "leader", "introduction"}
    assert set(need.items.values_list("owner", flat=True)) == {owner.pk}
    again = client.post(address, data)
    assert again.status_code == 422
    assert "Byen beder allerede om denne form og dette fag" in said(again)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": ""}, "Vælg byen."),
        ({"seats": "21"}, "Skriv et tal fra 1 til 20."),
        ({"starts_on": "2020-01-01", "last_day": "2020-02-01"}, "Dagene ligger uden for"),
        ({"note": "Skriv om {cpr}"}, "CPR"),
    ],
)
def test_a_need_that_does_not_hold_says_so_at_its_field(
    client: Client, planned: Round, changes, words
):
    number = "-".join(("010190", "1234"))
    changes = {name: value.replace("{cpr}", number) for name, value in changes.items()}
    address = reverse("mentoring:create-need", args=[planned.pk])
    data = filled(client, address) | {"place": str(make_town().pk), "kind": "on_site"} | changes

    response = client.post(address, data)

    assert response.status_code == 422
    assert words in said(response)
    assert number not in page(response).select_one(".error-summary").get_text()
    assert not Need.objects.exists()


def test_of_two_who_change_a_need_at_once_the_second_is_told_and_may_insist(
    client: Client, planned: Round
):
    need = make_need(planned)
    address = reverse("mentoring:edit-need", args=[planned.pk, need.pk])
    mine = filled(client, address) | {"seats": "3", "note": "Mit."}
    make_need(planned, need=need, seats=2)

    told = client.post(address, mine)

    assert told.status_code == 422
    assert "En anden har ændret det imens." in said(told)
    need.refresh_from_db()
    assert need.seats == 2
    seen = page(told).select_one("[name=seen]")["value"]
    assert "Mit." in said(told)
    assert client.post(address, mine | {"seen": seen}).status_code == 302
    need.refresh_from_db()
    assert (need.seats, need.note) == (3, "Mit.")


def test_what_is_not_done_moves_with_the_arrival(planned: Round):
    need = make_need(planned)
    done, left = need.items.get(kind="housing"), need.items.get(kind="accounts")
    need.items.filter(pk=done.pk).update(done_at=AT)

    make_need(planned, need=need, starts_on=planned.starts_on + timedelta(days=10))

    days = {item.kind: item.due_on for item in need.items.all()}
    assert days["housing"] == done.due_on
    assert days["accounts"] == left.due_on + timedelta(days=10)


def test_housing_and_workplace_follow_a_need_between_remote_and_on_site(planned: Round):
    owner = make_person("leader")
    need = make_need(planned, owner=owner)
    everything = {item.kind for item in need.items.all()}
    need.items.filter(kind="workplace").update(done_at=AT)

    make_need(planned, need=need, kind="remote", owner=owner)

    assert {item.kind for item in need.items.all()} == everything - {"housing"}
    assert need.items.get(kind="workplace").done_at == AT  # what was done is kept

    later = planned.starts_on + timedelta(days=10)
    make_need(planned, need=need, kind="freelance", owner=owner, starts_on=later)

    assert {item.kind for item in need.items.all()} == everything
    housing, workplace = need.items.get(kind="housing"), need.items.get(kind="workplace")
    assert (housing.due_on, housing.owner) == (later - timedelta(days=42), owner)
    assert workplace.done_at == AT
    assert need.items.get(kind="accounts").due_on == later - timedelta(days=7)


def test_a_list_that_somebody_changed_stays_while_the_form_stays(planned: Round):
    need = make_need(planned)
    need.items.filter(kind="housing").delete()  # an early need may lack it

    make_need(planned, need=need, kind="travelling")

    assert not need.items.filter(kind="housing").exists()


def test_a_stay_is_entered_with_windows_wishes_and_companions(client: Client, planned: Round):
    other = make_stay(planned)
    mentor = make_mentor()
    address = reverse("mentoring:create-stay", args=[planned.pk])
    data = filled(client, address) | {
        "person": str(mentor.pk),
        "profession": "social_worker",
        "kind_1": "on_site",
        "kind_2": "remote",
        "starts_2": planned.starts_on.isoformat(),
        "last_2": planned.starts_on.isoformat(),
        "wish_1": str(make_town("Qaanaaq").pk),
        "travels_with": [str(other.pk)],
    }

    assert client.post(address, data).status_code == 302

    stay = Stay.objects.get(person=mentor)
    assert set(stay.windows.values_list("kind", "starts_on", "ends_on")) == {
        ("on_site", planned.starts_on, planned.ends_on),
        ("remote", planned.starts_on, planned.starts_on + timedelta(days=1)),
    }
    assert [wish.place.name for wish in stay.wishes.all()] == ["Qaanaaq"]
    assert list(other.travels_with.all()) == [stay]
    edit = reverse("mentoring:edit-stay", args=[planned.pk, stay.pk])
    assert client.post(edit, filled(client, edit)).status_code == 302
    assert stay.windows.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": ""}, "Vælg mentoren."),
        ({"profession": ""}, "Vælg faget."),
        ({"kind_1": "", "starts_1": "", "last_1": ""}, "Skriv, hvornår mentoren kan komme."),
        ({"kind_1": ""}, "Vælg formen."),
        ({"starts_1": "2020-01-01", "last_1": "2020-02-01"}, "Dagene ligger uden for rundens"),
    ],
)
def test_a_stay_that_does_not_hold_says_so(client: Client, planned: Round, changes, words):
    address = reverse("mentoring:create-stay", args=[planned.pk])
    data = filled(client, address) | {
        "person": str(make_mentor().pk),
        "profession": "social_worker",
        "kind_1": "on_site",
        **changes,
    }

    response = client.post(address, data)

    assert response.status_code == 422
    assert words in said(response)
    assert not Stay.objects.exists()


def test_people_offered_as_mentors_are_those_of_the_own_scope(client: Client, planned: Round):
    here = make_mentor()
    make_mentor(make_town(*NUUK))
    make_caseworker()
    address = reverse("mentoring:create-stay", args=[planned.pk])

    options = page(client.get(address)).select("[name=person] option")

    assert [option["value"] for option in options if option["value"]] == [str(here.pk)]


def test_what_is_taken_out_can_be_put_back(client: Client, planned: Round):
    need, stay = make_need(planned), make_stay(planned)
    for name, one in (("take-need", need), ("take-stay", stay)):
        address = reverse(f"mentoring:{name}", args=[planned.pk, one.pk])
        client.post(address)
        one.refresh_from_db()
        assert one.withdrawn_at is not None
        assert str(one) in said(client.get(planned.get_absolute_url()))
        client.post(address, {"back": "1"})
        one.refresh_from_db()
        assert one.withdrawn_at is None
