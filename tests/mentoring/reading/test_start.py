"""What the start page of each role begins with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import accept_proposal, end_member, tick
from mentoring.models import Handover, Pairing, Session
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send_many,
)
from tests.factories.rounds import make_caseworker, make_need, make_round, make_stay, propose
from tests.mentoring.reading.sending import Browse, Sent, confirm

pytestmark = pytest.mark.django_db


def sections(client: Client) -> dict[str, dict[str, Any]]:
    response = client.get(reverse("start"))
    return {section.template: section.context for section, _fill in response.context["sections"]}


def test_caseworker_begins_with_what_waits(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    sessions = [sent(), sent(minutes=30)]
    client = browse(caseworker_of(pairing))
    shown = sections(client)["mentoring/start/to_confirm.html"]["waiting"]
    assert {card.session for card in shown} == set(sessions)
    assert "Bekræft begge" in client.get(reverse("start")).content.decode()

    confirm(client, *(one.current_id for one in sessions))

    assert "mentoring/start/to_confirm.html" not in sections(client)


def test_mentor_sees_the_way_from_in_front_to_behind(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    today = local_day(timezone.now())
    for days, mode in ((20, "in_front"), (10, "beside"), (1, "behind")):
        sent(mode=mode, held_on=str(today - timedelta(days=days)))

    found = sections(browse(mentor_of(pairing)))
    (colleague,) = found["mentoring/start/my_colleagues.html"]["colleagues"]

    assert colleague.heights == [1, 2, 3]
    assert colleague.waiting == 3
    assert colleague.agreed == content_for()["next_step"]
    assert found["mentoring/start/my_colleagues.html"]["newcomers"] == [
        (people_of(pairing, "caseworker")[1], False)
    ]
    assert "mentoring/start/log_now.html" in found


def test_leader_gets_totals_and_the_split_only_for_five(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    leader = make_person("leader", place=pairing.place)
    sent()
    few = sections(browse(leader))["mentoring/start/town_totals.html"]
    assert (few["totals"]["count"], few["people"], few["modes"]) == (1, 1, [])

    many = make_pairing(caseworkers=4)
    sent(pairing=many, caseworkers=people_of(many, "caseworker"))

    enough = sections(browse(leader))["mentoring/start/town_totals.html"]
    assert (enough["people"], [count for _mode, count in enough["modes"]]) == (5, [0, 2, 0])


def test_leader_elsewhere_gets_other_totals(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    leader = make_person("leader", place=make_town("Uummannaq"))
    shown = sections(browse(leader))["mentoring/start/town_totals.html"]
    assert shown["totals"]["count"] == 0


def test_coordinator_sees_who_is_stuck_and_what_is_late(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    today = local_day(timezone.now())
    sent(held_on=str(today - timedelta(days=7)))
    silent = make_pairing(place=make_town("Uummannaq"), starts_on=today - timedelta(days=14))
    leaving = make_pairing(
        place=make_town("Ilulissat"), starts_on=today, ends_on=today + timedelta(days=7)
    )
    coordinator = make_person("coordinator", scope="country")

    shown = sections(browse(coordinator))["mentoring/start/coordination.html"]

    assert lines(shown) == {
        "1 forløb uden session i 14 dage": [str(silent)],
        "1 person har ikke bekræftet i en uge": ["Sagsbehandler Demo 1 (1)"],
        "1 forløb uden overdragelse en uge før en mentor rejser": [str(leaving)],
    }
    for column in shown["columns"]:
        for line in column.lines:
            assert browse(coordinator).get(line.url).context["page"].paginator.count == 1
    elsewhere = make_person("coordinator", place=make_town("Sisimiut", "Qeqqata Kommunia"))
    other = sections(browse(elsewhere))["mentoring/start/coordination.html"]
    assert lines(other) == {}


def lines(shown: dict[str, Any]) -> dict[str, list[str]]:
    """What the columns of a coordinator say, with the first few of each line."""
    return {line.said: list(line.first) for column in shown["columns"] for line in column.lines}


def test_each_line_counts_all_shows_a_few_and_opens_the_list_of_them(browse: Browse) -> None:
    today = local_day(timezone.now())
    town = make_town("Uummannaq")
    for state, starts, ends in (
        ("active", today - timedelta(days=14), None),
        ("active", today, today + timedelta(days=8)),  # not yet a week before
        ("active", today - timedelta(days=13), None),  # not yet silent
        ("handover", today - timedelta(days=9), today),
        ("handover", today - timedelta(days=9), today + timedelta(days=1)),
        ("ready", today, None),
        ("planned", today + timedelta(days=14), None),
        ("planned", today + timedelta(days=15), None),
    ):
        for _number in range(4):
            pairing = make_pairing(place=town, starts_on=starts, ends_on=ends)
            Pairing.objects.filter(pk=pairing.pk).update(state=state)
    client = browse(make_person("coordinator", place=town))

    shown = sections(client)["mentoring/start/coordination.html"]

    assert {line.said: (len(line.first), line.more) for line in all_lines(shown)} == {
        "4 forløb er slut: luk dem": (3, 1),
        "4 forløb er begyndt: sæt dem i gang": (3, 1),
        "4 forløb uden session i 14 dage": (3, 1),
        "4 forløb begynder inden for 14 dage og er ikke klar": (3, 1),
        "8 forløb uden overdragelse en uge før en mentor rejser": (3, 5),
    }
    for line in all_lines(shown):
        listed = client.get(line.url).context
        assert listed["page"].paginator.count == len(line.first) + line.more
        assert set(line.first) <= {str(row.pairing) for row in listed["rows"]}


def test_a_handover_that_was_sent_no_longer_waits_for_the_mentor(browse: Browse) -> None:
    today = local_day(timezone.now())
    pairing = make_pairing(mentors=2, starts_on=today, ends_on=today + timedelta(days=7))
    client = browse(make_person("coordinator", scope="country"))
    missing = "1 forløb uden overdragelse en uge før en mentor rejser"
    assert missing in lines(sections(client)["mentoring/start/coordination.html"])

    for member in pairing.members.filter(side="mentor"):
        assert missing in lines(sections(client)["mentoring/start/coordination.html"])
        at = timezone.now()
        Handover.objects.create(
            member=member, state="sent", receiver=make_person("mentor"), begun_at=at, sent_at=at
        )

    assert lines(sections(client)["mentoring/start/coordination.html"]) == {}


def all_lines(shown: dict[str, Any]) -> list[Any]:
    return [line for column in shown["columns"] for line in column.lines]


def test_a_seat_without_a_mentor_and_a_proposal_wait_for_their_coordinator(browse: Browse) -> None:
    planned = make_round(starts_on=local_day(timezone.now()) + timedelta(days=60),
                         ends_on=local_day(timezone.now()) + timedelta(days=160))  # fmt: skip
    make_need(planned, seats=2)
    make_stay(planned)
    make_caseworker()
    coordinator = make_person("coordinator", scope="country")
    client = browse(coordinator)
    made = propose(planned)

    before = sections(client)
    assert lines(before["mentoring/start/coordination.html"]) == {
        "1 forslag venter på svar": ["Forår"],
        "2 pladser uden mentor": [str(planned.needs.get())],
    }
    (shown,) = before["mentoring/start/rounds.html"]["rounds"]
    assert (shown.seats, shown.mentors, shown.latest) == (2, 0, made.pk)

    assert coordinator.user is not None
    accept_proposal(made, by=standing_of(coordinator.user), at=timezone.now())

    after = sections(client)
    assert lines(after["mentoring/start/coordination.html"]) == {
        "1 plads uden mentor": [str(planned.needs.get())]
    }
    (shown,) = after["mentoring/start/rounds.html"]["rounds"]
    assert (shown.seats, shown.mentors) == (2, 1)


def test_who_looks_after_several_municipalities_sees_each_in_numbers(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    today = local_day(timezone.now())
    sent(held_on=str(today - timedelta(days=7)))
    sisimiut = make_town("Sisimiut", "Qeqqata Kommunia")
    for _number in range(2):
        make_pairing(place=sisimiut, starts_on=today - timedelta(days=20))

    def numbers(person: Person) -> list[tuple[object, ...]]:
        shown = sections(browse(person))["mentoring/start/coordination.html"]["municipalities"]
        return [
            (one.municipality.name, one.active, one.silent, one.waiting, one.seats_left)
            for one in shown
        ]

    assert numbers(make_person("coordinator", scope="country")) == [
        ("Avannaata Kommunia", 1, 0, 1, 0),
        ("Qeqqata Kommunia", 2, 2, 0, 0),
    ]
    assert numbers(make_person("coordinator", place=sisimiut, scope="municipality")) == []


def test_caseworker_sees_the_mentors_and_the_way_to_the_map(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    today = local_day(timezone.now())
    sent(held_on=str(today - timedelta(days=3)))
    client = browse(caseworker_of(pairing))

    shown = sections(client)["mentoring/start/my_mentors.html"]["mentors"]

    assert [(one.person, one.last_on) for one in shown] == [
        (people_of(pairing, "mentor")[0], today - timedelta(days=3)),
        (people_of(pairing, "mentor")[1], None),
    ]
    assert reverse("competences:map") in client.get(reverse("start")).content.decode()
    end_member(pairing.members.get(person=mentor_of(pairing)), on=today)
    left = sections(client)["mentoring/start/my_mentors.html"]["mentors"]
    assert [one.person for one in left] == people_of(pairing, "mentor")[1:]
    assert "mentoring/start/my_mentors.html" not in sections(browse(mentor_of(pairing)))


def test_leader_sees_how_far_the_own_place_is_before_mentors_arrive(browse: Browse) -> None:
    today = local_day(timezone.now())
    planned = make_round(starts_on=today + timedelta(days=5), ends_on=today + timedelta(days=90))
    need = make_need(planned)
    leader = make_person("leader", place=need.place)
    tick(need.items.get(kind="housing"), by=leader, at=timezone.now())

    (shown,) = sections(browse(leader))["mentoring/start/places_ready.html"]["needs"]

    late = need.items.filter(done_at=None, due_on__lt=today).count()
    assert (shown, shown.items_all, shown.items_done, shown.items_late) == (need, 8, 1, late)
    assert late
    elsewhere = make_person("leader", place=make_town("Uummannaq"))
    assert "mentoring/start/places_ready.html" not in sections(browse(elsewhere))


@pytest.mark.parametrize("who", ["mentor", "caseworker", "coordinator", "leader"])
def test_start_page_takes_the_same_queries_for_one_and_for_many(
    pairing: Pairing, count_queries: Callable[[Person, str], int], who: str
) -> None:
    person = {
        "mentor": lambda: mentor_of(pairing),
        "caseworker": lambda: caseworker_of(pairing),
        "coordinator": lambda: make_person("coordinator", scope="country"),
        "leader": lambda: make_person("leader"),
    }[who]()
    send_many(pairing, 10)  # enough days for one to have waited a week
    for_one = count_queries(person, reverse("start"))
    assert for_one <= 27

    send_many(pairing, 990)

    assert count_queries(person, reverse("start")) == for_one
