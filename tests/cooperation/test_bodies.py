"""Bodies: their members and those who look after them read what they say to themselves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.models import Body
from cooperation.permissions import kept_bodies, readable_bodies, run_bodies
from core.models import AccessLog
from tests.factories.cooperation import make_body, make_member, standing
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def body() -> Body:
    """A group that Avannaata looks after."""
    return make_body(make_town("Ilulissat").municipality)


def may(person, body: Body) -> tuple[bool, bool, bool]:
    """Whether somebody reads, runs and keeps the body."""
    own = standing(person)
    asked = (readable_bodies, run_bodies, kept_bodies)
    return tuple(ask(own).filter(pk=body.pk).exists() for ask in asked)


@pytest.mark.parametrize(
    ("role", "where", "expected"),
    [
        ("coordinator", None, (True, True, True)),
        ("coordinator", "own", (True, True, True)),
        ("coordinator", "other", (False, False, False)),
        ("coordinator", "town", (False, False, False)),  # a town alone keeps no group
        ("leader", "own", (False, False, False)),
        ("administrator", None, (False, False, False)),
    ],
)
def test_coordinators_look_after_the_groups_of_their_own_scope(body, role, where, expected):
    places = {
        "own": body.keeper,
        "other": make_town("Sisimiut").municipality,
        "town": make_town("Ilulissat"),
        None: None,
    }
    person = make_person(make_role(role, places[where]))

    assert may(person, body) == expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("chair", (True, True, False)),
        ("secretary", (True, True, False)),
        ("member", (True, False, False)),
        ("observer", (True, False, False)),
    ],
)
def test_a_seat_lets_one_read_and_chair_and_secretary_write(body, role, expected):
    person = make_member(body, role=role).person

    assert may(person, body) == expected
    assert may(person, make_body(body.keeper)) == (False, False, False)


@pytest.mark.parametrize(
    ("starts", "ends", "reads"), [(0, None, True), (1, None, False), (-9, 1, True), (-9, 0, False)]
)
def test_a_seat_holds_from_its_first_day_until_the_day_before_its_end(body, starts, ends, reads):
    seat = make_member(
        body,
        role="chair",
        starts_on=TODAY + timedelta(days=starts),
        ends_on=None if ends is None else TODAY + timedelta(days=ends),
    )

    assert may(seat.person, body) == (reads, reads, False)


def test_whoever_moves_has_a_new_seat_and_the_old_one_stays(body):
    first = make_member(body, ends_on=TODAY)
    second = make_member(
        body,
        first.person,
        organisation=make_town("Sisimiut").municipality,
        starts_on=TODAY,
    )

    assert list(body.members.valid_on(TODAY)) == [second]
    assert list(body.members.valid_on(TODAY - timedelta(days=1))) == [first]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_member(body, first.person)  # two at a time


def test_a_group_of_others_looks_like_none(body):
    today = timezone.localdate()
    member = make_member(body, starts_on=today).person
    other = make_person(make_role("coordinator", make_town("Sisimiut").municipality))
    client = Client()
    client.force_login(other.user)

    assert client.get(body.get_absolute_url()).status_code == 404
    assert list(client.get(reverse("cooperation:bodies")).context["meeting"]) == []
    client.force_login(member.user)
    page = client.get(body.get_absolute_url())
    assert page.context["members"] == list(body.members.all())
    assert AccessLog.objects.filter(action="view", record_id=str(body.pk)).count() == 1


@pytest.mark.parametrize("count", [1, 8])
def test_a_group_asks_the_same_however_many_sit_in_it(body, count, django_assert_num_queries):
    for _ in range(count):
        make_member(body)
    client = Client()
    client.force_login(make_person(make_role("coordinator")).user)
    client.get(body.get_absolute_url())

    with django_assert_num_queries(12):
        # session, account, roles; the body, members, places, initiatives; the line in the log
        response = client.get(body.get_absolute_url())

    assert len(response.context["members"]) == count
