"""Closed from the log, where a mentor has left without handing over."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.actions.outcomes import LookAgain
from mentoring.handover.actions import (
    ask,
    close_from_log,
    gone,
    name_receiver,
    send_handover,
)
from mentoring.handover.dossier import dossier_of
from mentoring.handover.follow_ups import give
from mentoring.models import (
    FollowUp,
    Handover,
    Pairing,
    still_to_hand_over,
)
from people.models import Person, Role
from tests.factories.mentoring import (
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
)
from tests.mentoring.handover.doing import CPR, confirm_now, refused, today, told, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person("coordinator", place=pairing.place)


def close(pairing: Pairing, by: Person, **changes: Any) -> list[Handover]:
    given = {"receiver": None, "reason": "Rejst før tid.", "by": by, "at": timezone.now()}
    return close_from_log(pairing, **{**given, **changes})


def leave(pairing: Pairing, days: int = 0) -> None:
    pairing.members.filter(side="mentor").update(ends_on=today() - timedelta(days=days))


def test_a_mentor_who_is_still_here_hands_over(pairing: Pairing, coordinator: Person) -> None:
    assert gone(pairing, at=timezone.now()) == []
    assert refused(close, pairing, coordinator) == "still_here"


@pytest.mark.parametrize("how", ["the stay", "the role", "the account"])
def test_a_mentor_who_is_gone_is_closed_from_the_log_and_the_gap_is_kept(
    pairing: Pairing, coordinator: Person, receiver: Person, how: str
) -> None:
    mentor = mentor_of(pairing)
    assert mentor.user is not None
    if how == "the stay":
        leave(pairing)
    elif how == "the role":
        Role.objects.filter(person=mentor).update(ends_on=today())
    else:
        mentor.user.is_active = False
        mentor.user.save()

    (handover,) = close(pairing, coordinator, receiver=receiver)

    pairing.refresh_from_db()
    assert (pairing.state, handover.state, handover.settled_by) == (
        "closed",
        "from_log",
        coordinator,
    )
    assert not pairing.members.filter(side="mentor", ends_on__gt=today()).exists()
    assert [one.text for one in dossier_of(handover).texts_of("reason")] == ["Rejst før tid."]
    assert told(receiver) == ["mentoring.handover_from_log"]
    assert set(FollowUp.objects.values_list("owner", flat=True)) == {receiver.pk}
    assert refused(close, pairing, coordinator) == "nothing"


def test_closing_from_the_log_takes_a_guarded_reason(pairing: Pairing, coordinator: Person) -> None:
    leave(pairing)
    assert refused(close, pairing, coordinator, reason=" \n") == "empty"
    with pytest.raises(ValidationError):
        close(pairing, coordinator, reason=CPR)
    with pytest.raises(LookAgain):
        close(pairing, coordinator, reason="På grund af sag nr. 12.")
    pairing.refresh_from_db()
    assert pairing.state == "active"


def test_what_the_mentor_had_saved_goes_along(
    pairing: Pairing, coordinator: Person, receiver: Person
) -> None:
    write(pairing, receiver, notes={"team": "Ikke sendt endnu."})
    leave(pairing)

    (handover,) = close(pairing, coordinator)

    assert handover.receiver == receiver
    assert dossier_of(handover).note_about(None) == "Ikke sendt endnu."


def test_all_who_are_gone_are_settled_and_who_is_left_keeps_it_open(coordinator: Person) -> None:
    pairing = make_pairing(mentors=3)
    first, second, third = people_of(pairing, "mentor")
    pairing.members.filter(person__in=[first, second]).update(ends_on=today())

    settled = close(pairing, coordinator)

    pairing.refresh_from_db()
    assert {one.member.person for one in settled} == {first, second}
    assert pairing.state == "active"
    assert [one.person for one in still_to_hand_over(pairing)] == [third]


def test_without_a_receiver_follow_ups_wait_for_an_owner(
    pairing: Pairing, coordinator: Person, receiver: Person
) -> None:
    leave(pairing)
    (handover,) = close(pairing, coordinator)
    assert set(FollowUp.objects.values_list("owner", flat=True)) == {None}

    name_receiver(handover, receiver, at=timezone.now())

    assert set(FollowUp.objects.values_list("owner", flat=True)) == {receiver.pk}
    assert told(receiver) == ["mentoring.handover_passed_on"]


def test_follow_ups_that_somebody_owns_stay_theirs_when_a_receiver_is_named(
    pairing: Pairing, coordinator: Person, receiver: Person
) -> None:
    leave(pairing)
    (handover,) = close(pairing, coordinator)
    owner = make_person("travelling", name="Rejsende Anden")
    first = FollowUp.objects.soonest_first()[0]
    give(first, owner=owner, seen=None, by=coordinator, at=timezone.now())

    name_receiver(handover, receiver, at=timezone.now())

    first.refresh_from_db()
    assert first.owner == owner
    assert set(FollowUp.objects.exclude(pk=first.pk).values_list("owner", flat=True)) == {
        receiver.pk
    }


def test_somebody_else_takes_over_where_the_receiver_never_comes_to_it(
    pairing: Pairing, receiver: Person
) -> None:
    other = make_person("travelling", name="Rejsende Anden")
    handover = write(pairing, receiver)
    assert refused(name_receiver, handover, other, at=timezone.now()) == "not_sent"
    send_handover(handover, at=timezone.now())
    outside = make_person("mentor", place=make_town("Uummannaq"))
    assert refused(name_receiver, handover, outside, at=timezone.now()) == "receiver"

    name_receiver(handover, other, at=timezone.now())

    confirm_now(handover)
    assert Handover.objects.get().settled_by == other


def test_what_was_sent_in_time_is_no_gap_until_its_receiver_has_had_a_week(
    pairing: Pairing, coordinator: Person, receiver: Person
) -> None:
    handover = send_handover(write(pairing, receiver), at=timezone.now())
    leave(pairing)
    assert gone(pairing, at=timezone.now()) == []
    assert refused(close, pairing, coordinator) == "still_here"

    Handover.objects.update(sent_at=timezone.now() - timedelta(days=9))

    assert [one.pk for one in gone(pairing, at=timezone.now())] == [handover.member_id]


def test_nobody_asks_back_a_mentor_who_has_left(pairing: Pairing, receiver: Person) -> None:
    handover = send_handover(write(pairing, receiver), at=timezone.now())
    leave(pairing)
    asked = {"by": receiver, "key": uuid.uuid4(), "text": "Hvad nu?", "at": timezone.now()}

    assert refused(ask, handover, **asked) == "left"
