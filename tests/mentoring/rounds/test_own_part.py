"""Whoever coordinates some of a round's places enters what these need and sees nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import AccessLog
from mentoring.models import Need, Proposal, Round, Stay
from people.models import Person
from tests.factories.mentoring import make_person, make_town
from tests.factories.rounds import make_caseworker, make_need, make_round, make_stay, propose
from tests.mentoring.rounds.looking import NUUK, Browse, filled, page, said

pytestmark = pytest.mark.django_db
#: Everything of a round that is weighed across all of its municipalities.
OF_THE_WHOLE = [
    ("get", "edit-round"),
    ("post", "edit-round"),
    ("post", "decide-round"),
    ("get", "create-stay"),
    ("post", "create-stay"),
    ("get", "edit-stay"),
    ("post", "edit-stay"),
    ("post", "take-stay"),
    ("get", "export-stays"),
    ("get", "propose"),
    ("post", "propose"),
    ("get", "by-hand"),
    ("post", "by-hand"),
    ("post", "free"),
    ("get", "proposal"),
    ("get", "compare"),
    ("get", "accept"),
    ("post", "accept"),
    ("post", "fix"),
    ("get", "help"),
]


@pytest.fixture
def planned() -> Round:
    """A round of two municipalities; ``client`` coordinates that of Upernavik."""
    return make_round(make_town(), make_town(*NUUK), title="Forår i to kommuner")


@pytest.fixture
def own(planned: Round) -> Need:
    return make_need(planned)


@pytest.fixture
def other(planned: Round) -> Need:
    return make_need(planned, make_town(*NUUK), seats=3, note="Kun for Nuuk.")


@pytest.fixture
def stay(planned: Round) -> Stay:
    return make_stay(planned)


def address(name: str, *args: object) -> str:
    return reverse(f"mentoring:{name}", args=args)


def csv_of(client: Client, planned: Round) -> str:
    response = client.get(address("export-needs", planned.pk))
    return b"".join(response).decode("utf-8-sig")


def test_the_page_shows_what_the_own_places_need_and_nothing_else(
    client: Client, planned: Round, own: Need, other: Need, stay: Stay
):
    make_caseworker()
    propose(planned)

    response = client.get(planned.get_absolute_url())

    shown = said(response)
    assert "Forår i to kommuner" in shown
    assert "Upernavik, på stedet" in shown
    assert "Nuuk, på stedet" not in shown
    assert stay.person.name not in shown
    assert "Forslag" not in shown
    assert "Tilføj en mentor" not in shown
    assert "1 plads" in shown
    assert response.context["needs"] == [own]
    assert AccessLog.objects.filter(action="view", record_id=str(planned.pk)).exists()


def test_it_stands_in_the_list_and_on_the_start_page_with_the_own_seats(
    client: Client, planned: Round, own: Need, other: Need, stay: Stay
):
    row = page(client.get(address("rounds"))).select_one("tbody tr")
    cells = [cell.get_text(strip=True) for cell in row.select("td.number")]
    assert row.th.get_text(strip=True) == planned.title
    assert cells == ["1", "–"]

    start = page(client.get(reverse("start")))
    task = start.find("a", href=planned.get_absolute_url()).find_parent("li")
    assert "0 af 1 plads er dækket" in " ".join(task.get_text(" ").split())
    assert [link["href"] for link in task.select("a.button")] == [
        address("create-need", planned.pk)
    ]

    whole = make_person("coordinator", scope="country")
    assert whole.user is not None
    client.force_login(whole.user)
    row = page(client.get(address("rounds"))).select_one("tbody tr")
    assert [cell.get_text(strip=True) for cell in row.select("td.number")] == ["4", "1"]


def test_a_need_is_entered_in_the_own_places_alone(client: Client, planned: Round):
    form = address("create-need", planned.pk)
    data = filled(client, form)
    offered = page(client.get(form)).select("select[name=place] option[value]")
    towns = {option["value"] for option in offered} - {""}
    assert towns == {str(make_town().pk)}

    refused = client.post(form, data | {"place": make_town(*NUUK).pk, "kind": "on_site"})
    assert refused.status_code == 422
    assert not Need.objects.exists()

    sent = client.post(form, data | {"place": make_town().pk, "kind": "on_site"})
    assert sent["Location"] == planned.get_absolute_url()
    assert Need.objects.get().place == make_town()


def test_an_own_need_is_changed_taken_out_and_put_back(client: Client, planned: Round, own: Need):
    form = address("edit-need", planned.pk, own.pk)
    assert client.post(form, filled(client, form) | {"seats": "2"}).status_code == 302
    own.refresh_from_db()
    assert own.seats == 2

    take = address("take-need", planned.pk, own.pk)
    client.post(take)
    own.refresh_from_db()
    assert own.withdrawn_at is not None
    assert "Taget ud af runden" in said(client.get(planned.get_absolute_url()))
    client.post(take, {"back": "1"})
    own.refresh_from_db()
    assert own.withdrawn_at is None


def test_a_need_of_another_municipality_is_not_there(client: Client, planned: Round, other: Need):
    form, take = (
        address("edit-need", planned.pk, other.pk),
        address("take-need", planned.pk, other.pk),
    )

    assert client.get(form).status_code == 404
    assert client.post(form, {"seats": "1"}).status_code == 404
    assert client.post(take).status_code == 404
    other.refresh_from_db()
    assert (other.seats, other.withdrawn_at) == (3, None)


@pytest.mark.parametrize("asked", OF_THE_WHOLE, ids=" ".join)
def test_everything_that_is_weighed_across_all_is_not_there(
    client: Client, planned: Round, own: Need, stay: Stay, asked: tuple[str, str]
):
    (method, name), proposal = asked, propose(planned)
    args: dict[str, tuple[object, ...]] = {
        "edit-stay": (planned.pk, stay.pk),
        "take-stay": (planned.pk, stay.pk),
        **dict.fromkeys(("proposal", "compare", "accept", "fix"), (proposal.pk,)),
        "help": (proposal.pk, own.pk),
    }
    place = address(name, *args.get(name, (planned.pk,)))

    assert getattr(client, method)(place).status_code == 404
    whole = make_person("coordinator", scope="country")
    assert whole.user is not None
    client.force_login(whole.user)
    assert getattr(client, method)(place).status_code in (
        {200} if method == "get" else {302, 404, 422}  # a post without fields
    )


def test_files_hold_and_take_the_own_needs_alone(
    client: Client, planned: Round, own: Need, other: Need
):
    take = address("import", planned.pk)
    lines = csv_of(client, planned)
    assert "Upernavik" in lines
    assert "Nuuk" not in lines

    def send(text: str, what: str = "needs") -> Any:
        file = SimpleUploadedFile("behov.csv", text.encode("utf-8-sig"), content_type="text/csv")
        return client.post(take, {"what": what, "file": file})

    assert page(client.get(take)).select_one("[name=what]")["type"] == "hidden"
    assert send(lines.replace("Upernavik", "Nuuk")).status_code == 422
    assert send(lines, "stays").status_code == 422
    assert send(lines.replace(";1;", ";2;", 1)).status_code == 302
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.seats, other.seats) == (2, 3)


def test_who_coordinates_one_town_enters_what_that_town_needs(
    browse: Browse, planned: Round, own: Need
):
    elsewhere = make_need(planned, make_town("Ilulissat"))
    client = browse(make_person("coordinator"))  # of Upernavik

    assert client.get(planned.get_absolute_url()).context["needs"] == [own]
    assert client.get(address("edit-need", planned.pk, own.pk)).status_code == 200
    assert client.get(address("edit-need", planned.pk, elsewhere.pk)).status_code == 404


def test_a_round_without_an_own_place_is_not_there_and_others_are_refused(
    browse: Browse, planned: Round, own: Need
):
    away = browse(
        make_person(
            "coordinator", scope="municipality", place=make_town("Sisimiut", "Qeqqata Kommunia")
        )
    )
    for name, args in (
        ("round", [planned.pk]),
        ("create-need", [planned.pk]),
        ("edit-need", [planned.pk, own.pk]),
        ("export-needs", [planned.pk]),
        ("import", [planned.pk]),
    ):
        assert away.get(address(name, *args)).status_code == 404, name
        for role in ("leader", "mentor", "caseworker"):
            assert browse(make_person(role)).get(address(name, *args)).status_code == 403, name
    assert page(away.get(address("rounds"))).select("tbody tr") == []


def test_a_round_that_is_put_off_takes_nothing(client: Client, planned: Round, own: Need):
    form = address("edit-need", planned.pk, own.pk)
    data = filled(client, form)
    planned.state = Round.State.PUT_OFF
    planned.save()

    assert client.post(form, data | {"seats": "2"}).status_code == 422
    shown = said(client.get(planned.get_absolute_url()))
    assert "Tilføj et sted" not in shown


def test_what_the_own_part_changes_makes_a_proposal_of_the_whole_stale(
    client: Client, browse: Browse, planned: Round, own: Need, stay: Stay
):
    proposal: Proposal = propose(planned)
    form = address("edit-need", planned.pk, own.pk)
    client.post(form, filled(client, form) | {"seats": "2"})

    whole = browse(make_person("coordinator", scope="country"))
    assert whole.get(proposal.get_absolute_url()).context["is_stale"] is True


def test_the_page_takes_the_same_queries_for_one_and_many(
    planned: Round, coordinator: Person, count_queries: Callable[[Person, str], int]
):
    addresses = [planned.get_absolute_url(), address("rounds"), address("needs"), reverse("start")]
    make_need(planned)
    for_one = [count_queries(coordinator, one) for one in addresses]

    for number in range(5):
        make_need(planned, make_town(f"By {number}"), languages={"da": 2, "kl-west": 1})
        make_need(make_round(make_town(), make_town(*NUUK)))

    assert [count_queries(coordinator, one) for one in addresses] == for_one
