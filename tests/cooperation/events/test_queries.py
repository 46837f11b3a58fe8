"""Lists take the same queries however long they are."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from cooperation.events.actions.registering import say_needs
from tests.cooperation.events.browsing import address, queries, soon
from tests.factories.events import make_invitation, make_workshop, register

pytestmark = pytest.mark.django_db


def fill(event, how_many):
    for number in range(how_many):
        invitation = make_invitation(event, seats=1)
        people = register(invitation, f"A{number}", f"B{number}", at=timezone.now())
        for one in people:
            say_needs(one, lodging=True, travel="", diet="", access="", at=timezone.now())


@pytest.mark.parametrize(
    "name", ["participants", "invitations", "all-needs", "event-seats", "event"]
)
def test_pages_of_an_event_take_the_same_queries_for_one_and_for_many(host, name):
    event = soon(seats=50)
    make_workshop(event, starts_at=datetime(2030, 1, 1, tzinfo=UTC))
    fill(event, 1)
    for_one = queries(host, address(name, event.pk))

    fill(event, 8)
    make_workshop(event, starts_at=datetime(2030, 1, 1, tzinfo=UTC))

    assert queries(host, address(name, event.pk)) == for_one <= 14


def test_the_list_of_events_takes_the_same_queries_for_one_and_for_many(host):
    soon()
    for_one = queries(host, address("events"))
    for days in range(10):
        soon(40 + days)
        make_invitation(soon(60 + days))

    assert queries(host, address("events")) == for_one <= 14
