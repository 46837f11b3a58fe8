"""How tests look at the pages of events: whose browser, which address, how many queries."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from tests.factories.events import make_event


def soon(days=30, **fields):
    """An event some days from now; answers are taken until a week before."""
    today = local_day(timezone.now())
    starts_on = today + timedelta(days=days)
    return make_event(
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=2),
        answer_by=fields.pop("answer_by", starts_on - timedelta(days=7)),
        **fields,
    )


def browse(person):
    client = Client()
    client.force_login(person.user)
    return client


def address(name, *args):
    return reverse(f"cooperation:{name}", args=args)


def queries(person, where):
    client = browse(person)
    client.get(where)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(where).status_code == 200
    return len(taken)
