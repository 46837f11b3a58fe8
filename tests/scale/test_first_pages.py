"""First pages and lists of who trains, learns and leads: as many queries for ten as for many.

Sessions: ten, a thousand and (in ``make full``) a hundred thousand, all in one town and half of
them their own. What a coordinator sees is counted in ``test_queries``.
"""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.sessions import IN_A_PAIRING, add_held, add_sessions
from bench.statistics import refresh_statistics
from core.periods import local_day
from core.small_groups import FEWEST_TO_SHOW
from mentoring.models import Pairing, PairingMember, Session
from people.models import Person
from tests.factories.people import make_person, make_role, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

FEW = 10
#: PostgreSQL plans the triggers of a session for the rows it knows of: for none they read all.
AT_ONCE = 1000
#: What each of them opens first, and the lists that one gets to from there.
PAGES = {
    "mentor": ("start", "my-calendar", "mentoring:sessions", "mentoring:log",
               "mentoring:agreements", "mentoring:plans", "mentoring:goals",
               "mentoring:handed-over"),
    "caseworker": ("start", "my-calendar", "mentoring:sessions", "mentoring:agreements",
                   "mentoring:plans", "mentoring:goals", "mentoring:skills"),
    "travelling": ("start", "my-calendar", "mentoring:sessions", "mentoring:handed-over",
                   "mentoring:follow-ups"),
    "leader": ("start", "my-calendar", "mentoring:ready", "mentoring:follow-ups",
               "mentoring:skill-numbers"),
}  # fmt: skip


@pytest.fixture
def people(settings) -> dict[str, Person]:
    """One of each in the town, the first three in one pairing that has begun long ago."""
    settings.SIDEMAND_SECOND_FACTOR = False
    cache.clear()
    call_command("load_topics", verbosity=0)
    call_command("load_frameworks", verbosity=0)
    town, since = make_town(), local_day(timezone.now()) - timedelta(days=400)
    found = {key: make_person(make_role(key, town)) for key in PAGES}
    pairing = Pairing.objects.create(
        place=town, kind="on_site", state=Pairing.State.ACTIVE, starts_on=since
    )
    for key, side in (("mentor", "mentor"), ("caseworker", "caseworker"), ("travelling", "mentor")):
        PairingMember.objects.create(pairing=pairing, person=found[key], side=side, starts_on=since)
    hold_of_colleagues(found["leader"])
    return found


def hold_of_colleagues(leader: Person) -> None:
    """As many sessions as a pairing of :func:`add_sessions` has, of enough people to be told of."""
    town, at = leader.roles.get().place, timezone.now()
    assert town is not None
    mentor = make_person(make_role("mentor", town))
    since = local_day(at) - timedelta(days=IN_A_PAIRING)
    for _ in range(FEWEST_TO_SHOW):
        pairing = Pairing.objects.create(
            place=town, kind="on_site", state=Pairing.State.ACTIVE, starts_on=since
        )
        days = [since + timedelta(days=number) for number in range(IN_A_PAIRING // FEWEST_TO_SHOW)]
        add_held(pairing, mentor, make_person(make_role("caseworker", town)), days, (), at=at)


def hold(people: dict[str, Person], count: int) -> None:
    """Bring the own sessions to ``count``: half of the first ten wait, then one of ten."""
    there, at = Session.objects.filter(author=people["mentor"]).count(), timezone.now()
    today = local_day(at)
    # Of each day some wait and some do not: 301 and ten have no divisor in common.
    days = [today - timedelta(days=number % 301) for number in range(there, count)]
    pairing = Pairing.objects.get(members__person=people["mentor"])
    for first in range(0, len(days), AT_ONCE):
        add_held(
            pairing,
            people["mentor"],
            people["caseworker"],
            days[first : first + AT_ONCE],
            range(0, AT_ONCE, 10) if there else range(FEW // 2),
            at=at,
        )
        refresh_statistics()


def queries(people: dict[str, Person]) -> dict[str, int]:
    """How many queries each page takes, once what is kept is there."""
    found = {}
    for key, names in PAGES.items():
        client, user = Client(), people[key].user
        assert user is not None
        client.force_login(user)
        for name in names:
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as taken:
                assert client.get(reverse(name)).status_code == 200, name
            found[f"{key}: {name}"] = len(taken)
    return found


@pytest.mark.parametrize("sessions", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_first_pages_and_lists_ask_as_much_for_ten_sessions_as_for_many(people, sessions):
    hold(people, FEW)
    for_few = queries(people)

    hold(people, sessions // 2)
    add_sessions(sessions, at=timezone.now())

    assert Session.objects.count() == sessions
    assert queries(people) == for_few
    # Whoever travels begins with what a mentor and a caseworker see, and with what is handed over.
    assert {name: count for name, count in for_few.items() if count > 28} == {}
