"""The page of agreements and its section on the start page: who sees them, done and undone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import local_day
from mentoring.actions import end_member, erase_session
from mentoring.models import Agreement, Pairing, Session
from people.models import Person
from tests.factories.mentoring import caseworker_of, make_pairing, make_person, mentor_of, send

pytestmark = pytest.mark.django_db
PAGE = "mentoring:agreements"
Browse = Callable[[Person], Client]
Sent = Callable[..., Session]


@pytest.fixture
def agreement(pairing: Pairing, sent: Sent) -> Agreement:
    sent(next_step="Ring til tolken.", next_owner=str(caseworker_of(pairing).pk))
    return Agreement.objects.get()


def press(client: Client, agreement: Agreement, done: str = "1", **more: str) -> Any:
    address = reverse("mentoring:agreement", args=[agreement.pk])
    return client.post(address, {"done": done, **more})


@pytest.mark.parametrize("of", [mentor_of, caseworker_of])
def test_every_member_sees_it_marks_it_and_opens_it_again(
    pairing: Pairing, agreement: Agreement, browse: Browse, of: Callable[[Pairing], Person]
) -> None:
    client = browse(of(pairing))
    assert "Ring til tolken." in client.get(reverse(PAGE)).content.decode()

    assert press(client, agreement)["Location"] == reverse(PAGE)

    agreement.refresh_from_db()
    assert (agreement.done_on, agreement.done_by) == (local_day(timezone.now()), of(pairing))
    page = client.get(reverse(PAGE))
    assert ([*page.context["rows"]], len(page.context["done"])) == ([], 1)
    press(client, agreement, "0")
    agreement.refresh_from_db()
    assert agreement.done_on is None


def test_it_stands_on_the_start_page_and_leads_back_there(
    pairing: Pairing, agreement: Agreement, browse: Browse
) -> None:
    client = browse(caseworker_of(pairing))
    page = client.get(reverse("start")).content.decode()
    assert "Ring til tolken." in page

    response = press(client, agreement, fra="start")

    assert response["Location"] == reverse("start")
    assert "Ring til tolken." not in client.get(reverse("start")).content.decode()


def test_nobody_else_sees_or_marks_it(
    pairing: Pairing, agreement: Agreement, browse: Browse
) -> None:
    gone = mentor_of(pairing)
    end_member(pairing.members.get(person=gone), on=local_day(timezone.now()))
    elsewhere = make_pairing()
    strangers = [
        gone,
        mentor_of(elsewhere),
        make_person("coordinator", "leader", scope="municipality"),
        make_person("administrator", is_superuser=True),
    ]
    for person in strangers:
        client = browse(person)
        assert press(client, agreement).status_code in {302, 404}
        page = client.get(reverse(PAGE), follow=True).content.decode()
        assert "Ring til tolken." not in page
        assert "Ring til tolken." not in client.get(reverse("start"), follow=True).content.decode()
    agreement.refresh_from_db()
    assert agreement.done_on is None


def test_erased_text_is_not_shown_but_the_agreement_is(
    pairing: Pairing, agreement: Agreement, browse: Browse
) -> None:
    mentor = mentor_of(pairing)
    erase_session(agreement.session, by=mentor, reason="identifies", at=timezone.now())

    page = browse(mentor).get(reverse(PAGE))

    (row,) = page.context["rows"]
    assert (row.agreement, row.text) == (agreement, "Teksten er slettet.")


def test_late_is_said(pairing: Pairing, browse: Browse, sent: Sent) -> None:
    today = local_day(timezone.now())
    for days in (0, 1):
        day = str(today - timedelta(days=days))
        sent(held_on=day, next_owner=str(caseworker_of(pairing).pk), next_by=day)

    rows = browse(mentor_of(pairing)).get(reverse(PAGE)).context["rows"]

    assert [row.is_late for row in rows] == [True, False]


def test_reading_what_others_wrote_is_noted(
    pairing: Pairing, agreement: Agreement, browse: Browse
) -> None:
    for person, count in ((mentor_of(pairing), 0), (caseworker_of(pairing), 1)):
        AccessLog.objects.all()._raw_delete("default")
        browse(person).get(reverse(PAGE))
        noted = AccessLog.objects.filter(record_id=str(agreement.session_id), action="list")
        assert noted.count() == count


@pytest.mark.parametrize("count", [1, 20])
def test_page_takes_the_same_queries_for_one_and_for_many(
    pairing: Pairing, count_queries: Callable[[Person, str], int], sent: Sent, count: int
) -> None:
    for _number in range(count):
        sent(next_owner=str(caseworker_of(pairing).pk))

    assert count_queries(caseworker_of(pairing), reverse(PAGE)) == 6


def test_coordinator_sees_how_many_are_open_and_late_and_no_text(browse: Browse) -> None:
    pairing = make_pairing()
    day = local_day(timezone.now()) - timedelta(days=3)
    for _number in range(2):
        send(
            pairing,
            at=timezone.now(),
            held_on=str(day),
            next_step="Ring til tolken.",
            next_owner=str(caseworker_of(pairing).pk),
            next_by=str(day),
        )
    coordinator = make_person("coordinator", scope="municipality")

    page = browse(coordinator).get(pairing.get_absolute_url())

    assert page.context["agreed"] == {"open": 2, "late": 2}
    assert "Ring til tolken." not in page.content.decode()
