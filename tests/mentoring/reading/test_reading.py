"""The lists of sessions, the overview and one session with its versions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.actions import (
    confirm_sessions,
    erase_session,
)
from mentoring.models import Pairing, Session
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send_many,
)
from tests.mentoring.reading.sending import TEXT, Browse, Sent, newer

pytestmark = pytest.mark.django_db


# --- Lists --------------------------------------------------------------------------------------


def test_list_is_empty_and_says_how_it_begins(pairing: Pairing, browse: Browse) -> None:
    page = browse(mentor_of(pairing)).get(reverse("mentoring:sessions")).content.decode()
    assert "Log den første, når I har siddet sammen." in page


def test_list_shows_the_sessions_i_took_part_in(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    mine, others = caseworker_of(pairing), people_of(pairing, "caseworker")[1]
    session = sent(caseworkers=[mine])
    sent(caseworkers=[others])

    rows = browse(mine).get(reverse("mentoring:sessions")).context["rows"]

    assert [row.session for row in rows] == [session]


@pytest.mark.parametrize("state", ["venter", "bekraeftet", "slettet"])
def test_list_is_narrowed_by_state_and_colleague(
    pairing: Pairing, sent: Sent, browse: Browse, state: str
) -> None:
    first, second = people_of(pairing, "caseworker")
    by_state = {name: sent(caseworkers=[first]) for name in ("venter", "bekraeftet", "slettet")}
    sent(caseworkers=[second])
    now = timezone.now()
    confirm_sessions(first, [by_state["bekraeftet"].current_id], at=now)
    erase_session(by_state["slettet"], by=mentor_of(pairing), reason="mistake", at=now)

    response = browse(mentor_of(pairing)).get(
        reverse("mentoring:sessions"), {"tilstand": state, "kollega": str(first.pk)}
    )

    assert [card.session for card in response.context["rows"]] == [by_state[state]]


@pytest.mark.parametrize("query", ["kollega=x&tilstand=y", "page=-1", "page=99", "kollega=%00"])
def test_strange_filters_do_no_harm(
    pairing: Pairing, session: Session, browse: Browse, query: str
) -> None:
    address = f"{reverse('mentoring:sessions')}?{query}"
    assert browse(mentor_of(pairing)).get(address).status_code == 200


@pytest.mark.parametrize(("name", "most"), [("sessions", 20), ("overview", 16)])
def test_lists_take_the_same_queries_for_one_and_for_many(
    pairing: Pairing, count_queries: Callable[[Person, str], int], name: str, most: int
) -> None:
    coordinator = make_person("coordinator", scope="country")
    person = coordinator if name == "overview" else caseworker_of(pairing)
    address = reverse(f"mentoring:{name}")
    send_many(pairing, 1)
    for_one = count_queries(person, address)
    assert for_one <= most

    for many in (9, 990):
        send_many(pairing, many)
        assert count_queries(person, address) == for_one


def test_overview_shows_facts_by_name_in_the_own_scope_only(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    coordinator = make_person("coordinator", place=pairing.place)
    rows = browse(coordinator).get(reverse("mentoring:overview")).context["rows"]
    assert [card.session for card in rows] == [session]

    elsewhere = make_person("coordinator", place=make_town("Uummannaq"))
    assert browse(elsewhere).get(reverse("mentoring:overview")).context["rows"] == []
    for role in ("mentor", "caseworker", "leader", "editor"):
        assert browse(make_person(role)).get(reverse("mentoring:overview")).status_code == 403


# --- Detail -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 10])
def test_detail_takes_the_same_queries_for_one_version_and_for_many(
    pairing: Pairing,
    session: Session,
    browse: Browse,
    django_assert_max_num_queries: Any,
    count: int,
) -> None:
    for number in range(count):
        newer(session, minutes=30 + number)
    client = browse(caseworker_of(pairing))
    client.get(session.get_absolute_url())

    with django_assert_max_num_queries(23):
        response = client.get(session.get_absolute_url())

    assert [told["minutes"] for told in response.context["versions"]][-1] == 90


def test_old_versions_stay_readable(pairing: Pairing, session: Session, browse: Browse) -> None:
    newer(session, went_well="En anden tekst.")
    page = browse(caseworker_of(pairing)).get(session.get_absolute_url()).content.decode()
    assert TEXT in page
    assert "En anden tekst." in page


def test_markup_in_a_text_stays_text(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    session = sent(went_well="<script>alert(1)</script>")
    page = browse(mentor_of(pairing)).get(session.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
