"""A handover that was sent and that nobody confirms: seen by the coordinator, told again."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.actions import end_member
from mentoring.handover.actions import send_handover, take_back
from mentoring.handover.reminding import remind_receivers
from mentoring.models import Handover, Pairing
from notices.models import Notice
from notices.saying import say
from people.models import Person
from tests.factories.mentoring import make_pairing, make_person
from tests.mentoring.handover.doing import confirm_now, member_of, sent, today, told

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]
LIST = "mangler=ikke-bekraeftet"


def noon(days: int = 0) -> datetime:
    return datetime.combine(today() + timedelta(days=days), time(12), ZoneInfo("America/Nuuk"))


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person("coordinator", place=pairing.place)


def sent_before(handover: Handover, days: int) -> Handover:
    """As if it had been sent so many days ago."""
    Handover.objects.filter(pk=handover.pk).update(sent_at=noon(-days))
    return handover


def is_seen(client: Client) -> bool:
    """Whether the first page leads to the list, and the list then holds the one pairing."""
    is_linked = LIST in client.get(reverse("start")).content.decode()
    listed = client.get(f"{reverse('mentoring:pairings')}?{LIST}").context["page"].paginator.count
    assert listed == is_linked
    return is_linked


@pytest.mark.parametrize("kind", ["alone", "beside another", "open-ended"])
def test_the_coordinator_sees_it_a_week_after(
    kind: str, pairing: Pairing, receiver: Person, coordinator: Person, browse: Browse
) -> None:
    if kind != "alone":
        pairing = make_pairing(place=pairing.place, mentors=2 if kind == "beside another" else 1)
    handover, client = sent(pairing, receiver), browse(coordinator)
    if kind == "beside another":
        end_member(member_of(pairing), on=today())

    sent_before(handover, 6)
    assert not is_seen(client)
    sent_before(handover, 7)
    assert is_seen(client)
    confirm_now(handover)
    assert not is_seen(client)


def test_at_once_where_the_receiver_has_no_role_and_not_before_it_begins(
    pairing: Pairing, receiver: Person, coordinator: Person, browse: Browse
) -> None:
    handover, client = sent(pairing, receiver), browse(coordinator)
    receiver.roles.update(ends_on=today())
    assert is_seen(client)
    assert remind_receivers(noon()) == 1
    assert remind_receivers(noon()) == 0
    assert told(coordinator) == ["mentoring.handover_unread"]
    assert say(Notice.objects.get(person=coordinator)).url == pairing.get_absolute_url()

    sent_before(handover, 20)
    receiver.roles.update(starts_on=today() + timedelta(days=3), ends_on=None)
    assert not is_seen(client)
    assert remind_receivers(noon()) == 0


def test_the_receiver_is_reminded_once_in_each_week(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    days = (6, 7, 8, 13, 14, 15)
    assert [remind_receivers(noon(day)) for day in days] == [0, 1, 0, 0, 1, 0]
    night = datetime.combine(today() + timedelta(days=21), time(3), ZoneInfo("America/Nuuk"))
    assert remind_receivers(night) == 0
    assert told(receiver) == ["mentoring.handover_sent", *["mentoring.handover_waits"] * 2]

    confirm_now(handover)
    assert remind_receivers(noon(22)) == 0


def test_taken_back_the_pairing_is_active_again(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    pairing.refresh_from_db()
    assert pairing.state == "handover"

    for _press in range(2):
        take_back(handover)
        pairing.refresh_from_db()
        assert pairing.state == "active"

    handover.refresh_from_db()
    send_handover(handover, at=noon())
    pairing.refresh_from_db()
    assert pairing.state == "handover"


def test_one_who_takes_theirs_back_leaves_what_the_coordinator_chose(receiver: Person) -> None:
    pairing = make_pairing(mentors=2)
    handover = sent(pairing, receiver)
    Pairing.objects.filter(pk=pairing.pk).update(state="handover")

    take_back(handover)

    pairing.refresh_from_db()
    assert pairing.state == "handover"
