"""A coordinator's lists: the own scope, narrowed, sorted, searched, paged."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from mentoring.actions import accept_proposal, end_member, erase_session, tick
from mentoring.models import Pairing, PairingMember, Session
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import (
    caseworker_of,
    close,
    make_pairing,
    make_person,
    mentor_of,
    send,
    send_many,
)
from tests.factories.rounds import make_caseworker, make_need, make_stay, propose
from tests.mentoring.oversight.world import LISTS, Browse, World, today
from tests.mentoring.reading.sending import TEXT

pytestmark = pytest.mark.django_db


def records(client: Client, name: str, **query: str) -> list[Any]:
    """The records a list shows, in order."""
    response = client.get(reverse(f"mentoring:{name}"), query)
    assert response.status_code == 200
    return of(response)


def of(response: Any) -> list[Any]:
    names = ("pairing", "session", "person", "need", "stay", "item")
    return [
        next(getattr(row, name) for name in names if hasattr(row, name))
        for row in response.context["rows"]
    ]


# --- Whose ----------------------------------------------------------------------------------------


def test_each_list_shows_the_own_scope_and_no_more(world: World, browse: Browse) -> None:
    own, all_of_it = browse(world.coordinator), browse(world.country)
    here = {
        "pairings": [world.here],
        "overview": [world.sessions[0]],
        "members": [mentor_of(world.here), caseworker_of(world.here)],
        "needs": [world.needs[0]],
        "stays": [world.stays[0]],
        "items": list(world.needs[0].items.all()),
    }
    for name, expected in here.items():
        assert set(records(own, name)) == set(expected), name
        assert len(records(all_of_it, name)) == 2 * len(expected), name


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "role", ["mentor", "caseworker", "travelling", "leader", "editor", "administrator"]
)
def test_nobody_else_opens_a_list_or_takes_it_along(
    world: World, browse: Browse, name: str, role: str
) -> None:
    client = browse(make_person(role, scope="country"))
    assert client.get(reverse(f"mentoring:{name}")).status_code == 403
    for kind in ("csv", "xlsx"):
        address = reverse(f"mentoring:list-{kind}", args=[LISTS[name]])
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_what_is_shown_is_noted_and_no_text_of_a_session_is(
    world: World, browse: Browse, name: str
) -> None:
    client = browse(world.country)
    response = client.get(reverse(f"mentoring:{name}"))

    noted = AccessLog.objects.filter(actor=world.country.user, action="list")
    assert {line.record_id for line in noted} == {str(one.pk) for one in of(response)}
    assert TEXT not in response.content.decode()


# --- Narrowed and sorted --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in LISTS if name != "stays"])
def test_a_list_is_narrowed_to_a_town_and_to_a_municipality(
    world: World, browse: Browse, name: str
) -> None:
    client = browse(world.country)
    everything = records(client, name)
    town, municipality = world.there.place, world.there.place.municipality

    for query in ({"by": town.key}, {"kommune": municipality.key}):
        narrowed = records(client, name, **query)
        assert len(narrowed) == len(everything) / 2, query
    for query in ({"by": "findes-ikke"}, {"kommune": "x"}, {"sorter": "x"}, {"page": "99"}):
        assert len(records(client, name, **query)) == len(everything), query


def test_a_coordinator_of_one_municipality_is_offered_none(world: World, browse: Browse) -> None:
    def offered(person: Person) -> list[str]:
        filters = browse(person).get(reverse("mentoring:pairings")).context["filters"]
        return [one.name for one, choices, _chosen in filters if choices]

    assert "kommune" in offered(world.country)
    assert "kommune" not in offered(world.coordinator)


@pytest.mark.parametrize("name", LISTS)
def test_every_order_works_both_ways_and_loses_nothing(
    world: World, browse: Browse, name: str
) -> None:
    client = browse(world.country)
    everything = records(client, name)
    asked = client.get(reverse(f"mentoring:{name}")).context["asked"]
    assert len(asked.orders) >= 2
    for order, _said in asked.orders:
        assert set(records(client, name, sorter=order)) == set(everything), order
    for head in asked.heads():
        if url := head.get("sort_url"):
            assert client.get(reverse(f"mentoring:{name}") + url).status_code == 200


def test_pairings_are_sorted_by_what_was_held_last_nothing_last(
    world: World, browse: Browse
) -> None:
    silent = make_pairing(place=world.here.place)
    send(world.there, at=timezone.now(), held_on=str(today()))
    client = browse(world.country)

    assert records(client, "pairings", sorter="sidst") == [world.here, world.there, silent]
    assert records(client, "pairings", sorter="-sidst") == [world.there, world.here, silent]


def test_sessions_are_narrowed_by_day_way_pairing_and_person(world: World, browse: Browse) -> None:
    client, day = browse(world.country), today() - timedelta(days=2)
    first, second = world.sessions
    later = send(world.here, at=timezone.now(), held_on=str(today()), mode="behind")

    def shown(**query: object) -> set[Session]:
        return set(records(client, "overview", **{key: str(one) for key, one in query.items()}))

    assert shown(fra=today()) == {later}
    assert shown(til=day) == {first, second}
    assert shown(fra=day + timedelta(days=1), til=today() - timedelta(days=1)) == set()
    assert shown(hvordan="behind") == {later}
    assert shown(forloeb=world.there.pk) == {second}
    assert shown(person=caseworker_of(world.here).pk) == {first, later}
    assert shown(fra="i går", til="2027-13-01", forloeb="x", person="’") == {first, second, later}


@pytest.mark.parametrize(("days", "is_stuck"), [(6, False), (7, True)])
def test_a_week_without_confirmation_is_stuck_until_the_pairing_is_closed(
    world: World, browse: Browse, days: int, *, is_stuck: bool
) -> None:
    late = send(world.here, at=timezone.now(), held_on=str(today() - timedelta(days=days)))
    client = browse(world.coordinator)

    assert (late in records(client, "overview", tilstand="uge")) == is_stuck
    waiting = records(client, "members", mangler="ubekraeftet")
    assert waiting == ([caseworker_of(world.here)] if is_stuck else [])

    close(world.here, at=timezone.now())
    assert late not in records(client, "overview", tilstand="uge")
    assert late in records(client, "overview", tilstand="venter")


def test_people_who_left_are_gone_and_both_sides_are_told_apart(
    world: World, browse: Browse
) -> None:
    client = browse(world.coordinator)
    mentor, caseworker = mentor_of(world.here), caseworker_of(world.here)

    assert records(client, "members", side="mentor") == [mentor]
    assert records(client, "members", side="caseworker") == [caseworker]
    end_member(PairingMember.objects.get(person=mentor), on=today())
    assert records(client, "members") == [caseworker]


def test_a_person_is_counted_by_the_own_towns_alone(world: World, browse: Browse) -> None:
    shared = caseworker_of(world.here)
    world.there.members.create(person=shared, side="caseworker", starts_on=today())
    send(world.there, at=timezone.now(), held_on=str(today()), caseworkers=[shared])

    def row(person: Person) -> Any:
        rows = browse(person).get(reverse("mentoring:members")).context["rows"]
        return next(one for one in rows if one.person == shared)

    own, country = row(world.coordinator), row(world.country)
    assert (own.towns, own.held, own.unconfirmed) == ("Upernavik", 1, 1)
    assert (country.towns, country.held, country.unconfirmed) == ("Sisimiut, Upernavik", 2, 2)


def test_needs_say_how_many_seats_are_left(world: World, browse: Browse) -> None:
    client, planned = browse(world.country), world.rounds[0]
    make_need(planned, need=world.needs[0], seats=2)
    make_caseworker()
    assert records(client, "needs", mangler="udaekket", sorter="-mangler") == world.needs

    assert world.country.user is not None
    made = propose(planned)
    accept_proposal(made, by=standing_of(world.country.user), at=timezone.now())

    rows = client.get(reverse("mentoring:needs")).context["rows"]
    left = {row.need: (row.need.mentors, row.need.seats_left) for row in rows}
    assert left[world.needs[0]] == (1, 1)
    make_need(planned, need=world.needs[0], seats=1, owner=world.needs[0].owner)
    assert records(client, "needs", mangler="udaekket") == [world.needs[1]]
    placed = records(client, "stays", sted="med")
    assert placed == [world.stays[0]]
    assert records(client, "stays", sted="uden") == [world.stays[1]]


def test_items_are_narrowed_by_how_they_stand(world: World, browse: Browse) -> None:
    client = browse(world.coordinator)
    housing, cases = (world.needs[0].items.get(kind=kind) for kind in ("housing", "cases"))
    late, done = records(client, "items", tilstand="sen"), []
    assert late == [housing]  # 42 days before an arrival in 30
    tick(housing, by=world.coordinator, at=timezone.now())
    done = records(client, "items", tilstand="klar")
    assert (done, records(client, "items", tilstand="sen")) == ([housing], [])
    assert records(client, "items", hvad="cases") == [cases]
    cases.owner = None
    cases.save()
    assert records(client, "items", tilstand="uden") == [cases]


# --- Searched and paged ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_search_finds_a_name_and_stands_in_no_address(
    world: World, browse: Browse, name: str
) -> None:
    words = {"needs": "leder 1", "items": "leder 1"}.get(name, "findes ikke")
    client, address = browse(world.country), reverse(f"mentoring:{name}")
    everything = records(client, name)

    found = client.post(address, {"q": words})
    assert len(of(found)) == (len(everything) / 2 if name in {"needs", "items"} else 0)
    assert words not in found.content.decode().replace(f'value="{words}"', "")
    assert len(of(client.post(address, {"q": ""}))) == len(everything)


@pytest.mark.parametrize("name", ["pairings", "overview", "members", "stays"])
def test_a_search_finds_whoever_has_a_part_there(world: World, browse: Browse, name: str) -> None:
    person = world.stays[0].person if name == "stays" else caseworker_of(world.here)
    Person.objects.filter(pk=person.pk).update(name="Aviâja Opdigtet")

    found = of(browse(world.country).post(reverse(f"mentoring:{name}"), {"q": "opdigtet"}))

    assert len(found) == 1


@pytest.mark.parametrize("name", LISTS)
def test_what_looks_like_a_citizens_number_is_refused_and_nothing_is_shown(
    world: World, browse: Browse, name: str
) -> None:
    response = browse(world.country).post(reverse(f"mentoring:{name}"), {"q": "0101701234"})

    assert response.status_code == 422
    assert response.context["rows"] == []
    assert "Fejl:" in response.content.decode()


def test_pages_follow_one_another_without_a_gap(world: World, browse: Browse) -> None:
    send_many(world.here, 60)
    client = browse(world.coordinator)

    pages = [records(client, "overview", page=str(number)) for number in (1, 2, 3)]

    assert [len(page) for page in pages] == [25, 25, 11]
    assert len({one for page in pages for one in page}) == 61


def test_an_empty_list_is_a_beginning(db: None, browse: Browse) -> None:
    client = browse(make_person("coordinator", scope="country"))
    for name in LISTS:
        response = client.get(reverse(f"mentoring:{name}"))
        assert str(response.context["listing"].nothing_yet) in response.content.decode(), name


def test_a_stay_with_companions_and_wishes_stands_in_words(world: World, browse: Browse) -> None:
    friend = make_stay(world.rounds[0])
    make_stay(
        world.rounds[0],
        world.stays[0].person,
        stay=world.stays[0],
        wishes=[world.here.place],
        travels_with=[friend.person],
    )
    rows = browse(world.coordinator).get(reverse("mentoring:stays")).context["rows"]
    (row,) = [one for one in rows if one.stay == world.stays[0]]

    assert (row.wishes, row.companions, row.goes_to) == ("Upernavik", friend.person.name, "")
    assert len(row.windows) == 1


def test_a_mentor_who_never_came_covers_no_seat(world: World, browse: Browse) -> None:
    client, planned = browse(world.country), world.rounds[0]
    make_need(planned, need=world.needs[0], seats=1, owner=world.needs[0].owner)
    make_caseworker()
    assert world.country.user is not None
    accept_proposal(propose(planned), by=standing_of(world.country.user), at=timezone.now())
    assert records(client, "needs", mangler="udaekket") == [world.needs[1]]
    member = PairingMember.objects.get(pairing__need=world.needs[0], side="mentor")

    end_member(member, on=today())  # before the round begins

    assert set(records(client, "needs", mangler="udaekket")) == set(world.needs)
    assert records(client, "stays", sted="med") == []


def test_who_has_left_without_confirming_is_waited_for_by_nobody(
    world: World, browse: Browse
) -> None:
    send(world.here, at=timezone.now(), held_on=str(today() - timedelta(days=8)))
    client, caseworker = browse(world.coordinator), caseworker_of(world.here)
    assert records(client, "members", mangler="ubekraeftet") == [caseworker]
    assert "har ikke bekræftet i en uge" in client.get(reverse("start")).content.decode()

    end_member(PairingMember.objects.get(person=caseworker), on=today())

    assert records(client, "members", mangler="ubekraeftet") == []
    assert "har ikke bekræftet i en uge" not in client.get(reverse("start")).content.decode()


def test_what_was_logged_by_mistake_does_not_break_the_silence(
    world: World, browse: Browse
) -> None:
    Pairing.objects.update(starts_on=today() - timedelta(days=30))
    client = browse(world.coordinator)
    assert world.here not in records(client, "pairings", mangler="stille")

    erase_session(world.sessions[0], by=None, reason="mistake", at=timezone.now())

    assert world.here in records(client, "pairings", mangler="stille")
