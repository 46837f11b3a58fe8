"""Who has something on a device that has not arrived: how many and since when, never what."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from devices.models import Device
from mentoring.models import PairingMember
from people.models import Person
from tests.factories.mentoring import make_person, mentor_of
from tests.mentoring.oversight.world import Browse, World, today

pytestmark = pytest.mark.django_db


def device_of(owner: Person, *, unsent: int = 3, days: int = 4, **facts: Any) -> Device:
    """A device that said so at its last contact."""
    now = timezone.now()
    return Device.objects.create(
        owner=owner,
        name="Chrome",
        is_shared=False,
        fingerprint=uuid.uuid4().hex * 2,
        registered_at=now,
        last_contact_at=now,
        unsent_count=unsent,
        oldest_unsent_at=now - timedelta(days=days) if unsent else None,
        **facts,
    )


def waiting(browse: Browse, coordinator: Person) -> list[Person]:
    """Who stands in the list of those."""
    url = f"{reverse('mentoring:members')}?mangler=ikke-sendt"
    return [row.person for row in browse(coordinator).get(url).context["rows"]]


def test_the_start_page_says_who_how_many_and_since_when(world: World, browse: Browse) -> None:
    device_of(mentor_of(world.here))
    device_of(mentor_of(world.here), unsent=2, days=1)

    page = browse(world.coordinator).get(reverse("start")).content.decode()

    assert "1 person har noget, der ikke er sendt" in page
    assert f"{mentor_of(world.here).name}: 5 ikke sendt, 4 d" in page


def test_each_coordinator_sees_their_own(world: World, browse: Browse) -> None:
    device_of(mentor_of(world.here))
    device_of(mentor_of(world.there))
    device_of(make_person("mentor"))  # in no pairing

    assert waiting(browse, world.coordinator) == [mentor_of(world.here)]
    assert len(waiting(browse, world.country)) == 2


def test_what_has_arrived_or_was_shut_out_does_not_wait(world: World, browse: Browse) -> None:
    device_of(mentor_of(world.here), unsent=0)
    device_of(mentor_of(world.here), revoked_at=timezone.now())

    assert waiting(browse, world.coordinator) == []


@pytest.mark.parametrize(("days_ago", "is_seen"), [(89, True), (90, False)])
def test_who_has_left_is_seen_as_long_as_it_would_be_received(
    world: World, browse: Browse, days_ago: int, *, is_seen: bool
) -> None:
    mentor = mentor_of(world.here)
    device_of(mentor)
    ends_on = today() - timedelta(days=days_ago)
    PairingMember.objects.filter(person=mentor).update(ends_on=ends_on)

    assert (mentor in waiting(browse, world.coordinator)) == is_seen


def test_the_row_names_the_day(world: World, browse: Browse) -> None:
    device_of(mentor_of(world.here))
    device_of(mentor_of(world.here), unsent=2, days=1)
    rows = browse(world.coordinator).get(reverse("mentoring:members")).context["rows"]

    (row,) = [one for one in rows if one.person == mentor_of(world.here)]

    assert (row.unsent, row.unsent_since) == (5, today() - timedelta(days=4))
