"""A series of seminars, and two who change it at once."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from cooperation.events.actions.planning import save_series
from cooperation.models import EventSeries
from tests.factories.events import coordinator_of
from tests.factories.people import AT, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return make_town("Ilulissat").municipality


@pytest.fixture
def client(keeper):
    client = Client()
    client.force_login(coordinator_of(keeper).user)
    return client


def filled(series, **changes):
    return {
        "key": str(series.pk),
        "seen": str(series.version),
        "title_da": series.title_da,
        "keeper": str(series.keeper_id),
        **changes,
    }


def test_the_second_of_two_who_change_a_series_is_told_and_may_then_insist(client, keeper):
    series = save_series(uuid.uuid4(), title_da="Tirsdage", keeper=keeper, by=None, at=AT)
    edit = reverse("cooperation:edit-series", args=[series.pk])
    opened = client.get(edit).context["form"].initial["seen"]
    mine = filled(series, title_da="Mit", about_da="Alt det, jeg har skrevet.", seen=opened)
    client.post(edit, filled(series, title_da="Deres", seen=opened))

    response = client.post(edit, mine)

    assert response.status_code == 422
    assert "Alt det, jeg har skrevet." in response.text
    series.refresh_from_db()
    assert series.title_da == "Deres"
    mine["seen"] = str(response.context["form"].data["seen"])
    assert client.post(edit, mine).status_code == 302
    series.refresh_from_db()
    assert (series.title_da, series.version) == ("Mit", 2)


def test_a_series_that_is_sent_twice_is_one(client, keeper):
    data = {"key": str(uuid.uuid4()), "seen": "", "title_da": "Ny", "keeper": str(keeper.pk)}

    for _ in range(2):
        assert client.post(reverse("cooperation:create-series"), data).status_code == 302

    assert EventSeries.objects.count() == 1
