"""What the start page of each role begins with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.models import Pairing, Session
from people.models import Person
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
        people_of(pairing, "caseworker")[1]
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

    assert shown["silent"] == [silent]
    assert shown["not_handed_over"] == [leaving]
    assert [(row["name"], row["count"]) for row in shown["unconfirmed"]] == [
        ("Sagsbehandler Demo 1", 1)
    ]
    elsewhere = make_person("coordinator", place=make_town("Sisimiut", "Qeqqata Kommunia"))
    other = sections(browse(elsewhere))["mentoring/start/coordination.html"]
    assert not any(other[key] for key in ("silent", "not_handed_over", "unconfirmed"))


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
    assert for_one <= 25

    send_many(pairing, 990)

    assert count_queries(person, reverse("start")) == for_one
