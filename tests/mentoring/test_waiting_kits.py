"""What waits for somebody goes along to where there is no link: theirs alone, and noted as read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from mentoring.device.waiting import MOST_DOSSIERS, confirm_kit, handover_kit
from mentoring.goals.actions import reflect
from mentoring.models import FollowUp, Pairing, Session
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    mentor_of,
    send,
)
from tests.mentoring.handover.doing import confirmed, today
from tests.mentoring.handover.doing import sent as hand_over

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]


def kit(client: Client, name: str) -> Any:
    return client.get(reverse("device_kit", args=[name]))


@pytest.fixture
def session(sent: Callable[..., Session]) -> Session:
    return sent(went_well="Skabelonen virker.", next_step="")


@pytest.fixture
def caseworker(session: Session) -> Person:
    return Person.objects.get(
        pk=session.participants.filter(side="caseworker").values("person")[:1]
    )


def test_a_session_to_confirm_comes_with_its_text_and_version(
    browse: Browse, session: Session, caseworker: Person
) -> None:
    told = kit(browse(caseworker), "confirm").json()

    (one,) = told["sessions"]
    assert (one["session"], one["version"]) == (str(session.pk), str(session.current_id))
    assert "Skabelonen virker." in one["html"]["da"]
    assert one["may_confirm"] is True
    assert [row["session"] for row in told["reflections"]] == [str(session.pk)]


def test_ones_own_reflection_comes_with_its_number(
    browse: Browse, session: Session, caseworker: Person
) -> None:
    reflect(caseworker, session, "Tolken hjalp.", seen=0, at=timezone.now())

    (row,) = kit(browse(caseworker), "confirm").json()["reflections"]

    assert (row["text"], row["number"]) == ("Tolken hjalp.", 1)


def test_the_mentor_and_a_stranger_have_nothing_to_confirm(
    browse: Browse, session: Session
) -> None:
    assert kit(browse(mentor_of(session.pairing)), "confirm").status_code == 204
    assert kit(browse(make_person("caseworker")), "confirm").status_code == 204
    assert kit(Client(), "confirm").status_code in {302, 401}


def test_that_it_was_read_is_noted_once(
    browse: Browse, session: Session, caseworker: Person
) -> None:
    device = browse(caseworker)
    etag = kit(device, "confirm")["ETag"]
    noted = AccessLog.objects.filter(action="read", record_id=str(session.pk))
    assert noted.count() == 1

    again = device.get(reverse("device_kit", args=["confirm"]), headers={"if-none-match": etag})

    assert again.status_code == 304
    assert noted.count() == 1


@pytest.mark.parametrize("count", [1, 6])
def test_it_takes_as_many_queries_for_many(
    pairing: Pairing, sent: Callable[..., Session], count: int
) -> None:
    colleague = caseworker_of(pairing)
    for _ in range(count):
        sent(next_step="Brevet", next_owner=str(colleague.pk), next_by=str(today()))
    standing = standing_of(colleague.user)
    confirm_kit(standing)

    with CaptureQueriesContext(connection) as queries:
        found = confirm_kit(standing)

    assert found is not None
    assert len(found[0]["sessions"]) == len(found[0]["agreements"]) == count
    assert len(queries) <= 30


# --- Handed over ----------------------------------------------------------------------------------


@pytest.fixture
def leaving(db: None) -> Pairing:
    made = make_pairing(caseworkers=2)
    made.members.filter(side="mentor").update(ends_on=today() + timedelta(days=10))
    return made


@pytest.fixture
def receiver(leaving: Pairing) -> Person:
    return make_person("travelling", scope="municipality", place=leaving.place)


def test_a_dossier_comes_whole_and_only_to_its_receiver(
    browse: Browse, leaving: Pairing, receiver: Person
) -> None:
    send(leaving, at=timezone.now(), held_on=str(today()), went_well="Det hemmelige.")
    handover = hand_over(leaving, receiver)

    told = kit(browse(receiver), "handover").json()

    (one,) = told["dossiers"]
    assert (one["id"], one["town"]) == (str(handover.pk), leaving.place.name)
    assert "Det hemmelige." in one["html"]["da"]
    assert AccessLog.objects.filter(record_id=str(handover.pk), action="read").exists()
    other = make_person("travelling", scope="municipality", place=leaving.place)
    for person in (other, caseworker_of(leaving), mentor_of(leaving)):
        assert kit(browse(person), "handover").status_code == 204


def test_ones_own_follow_ups_come_along(browse: Browse, leaving: Pairing, receiver: Person) -> None:
    confirmed(leaving, receiver)
    FollowUp.objects.update(owner=receiver)

    told = kit(browse(receiver), "handover").json()

    due = sorted(one["due_on"] for one in told["follow_ups"])
    assert due == sorted(str(day) for day in FollowUp.objects.values_list("due_on", flat=True))
    assert len(told["dossiers"]) <= MOST_DOSSIERS


def test_who_holds_the_role_no_more_gets_nothing(leaving: Pairing, receiver: Person) -> None:
    hand_over(leaving, receiver)
    receiver.roles.update(ends_on=today())

    assert handover_kit(standing_of(receiver.user)) is None
