"""Two logs of the same hour: found, linked, counted once, let apart."""

from datetime import timedelta
from typing import Any

import pytest

from mentoring.actions import (
    SessionRefused,
    confirm_sessions,
    link,
    linked_with,
    same_hour_as,
    unlink,
)
from mentoring.models import Pairing, SameHour, Session
from people.models import Person
from tests.factories.mentoring import (
    AT,
    TODAY,
    caseworker_of,
    make_pairing,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.test_agreements import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing(db: None) -> Pairing:
    return make_pairing(mentors=3, caseworkers=2)


@pytest.fixture
def logs(pairing: Pairing) -> list[Session]:
    """The same hour, logged by each of three mentors, one minute after the other."""
    return [
        send(pairing, author=mentor, at=AT + timedelta(minutes=number))
        for number, mentor in enumerate(people_of(pairing, "mentor"))
    ]


def counted() -> set[Any]:
    return set(Session.objects.counted().values_list("pk", flat=True))


def joined(by: Person, *pairs: tuple[Session, Session]) -> None:
    for one, other in pairs:
        link(one, other, by=by, at=AT)


def test_log_of_another_on_the_day_with_a_colleague_in_common_is_found(
    pairing: Pairing, logs: list[Session]
) -> None:
    first, second, third = logs
    mentor, other = people_of(pairing, "mentor")[:2]
    send(pairing, author=mentor, minutes=15)  # my own, another hour
    send(pairing, author=other, held_on=(TODAY - timedelta(days=1)).isoformat())
    send(pairing, author=other, caseworkers=people_of(pairing, "caseworker")[1:])
    elsewhere = make_pairing()
    send(elsewhere, author=mentor_of(elsewhere))

    assert set(same_hour_as(first)) == {second, third}


def test_linked_hour_counts_once_whoever_links_and_in_whatever_order(
    pairing: Pairing, logs: list[Session]
) -> None:
    first, second, third = logs
    me = mentor_of(pairing)
    assert counted() == {first.pk, second.pk, third.pk}

    joined(me, (second, first), (first, second), (third, second))

    assert counted() == {first.pk}
    assert SameHour.objects.count() == 2
    for one in logs:
        assert set(linked_with(one)) == set(logs) - {one}


def test_joining_two_links_leaves_one_hour(pairing: Pairing, logs: list[Session]) -> None:
    first, second, third = logs
    me = mentor_of(pairing)

    joined(me, (third, second), (second, first))

    assert counted() == {first.pk}
    assert set(SameHour.objects.values_list("counted", flat=True)) == {first.pk}


def test_two_that_are_linked_with_a_third_are_of_one_hour_already(
    pairing: Pairing, logs: list[Session]
) -> None:
    first, second, third = logs
    me = mentor_of(pairing)
    joined(me, (first, second), (first, third))

    for pair in ((second, third), (third, second)):
        assert link(*pair, by=me, at=AT).session == third

    assert set(SameHour.objects.values_list("session", "counted")) == {
        (second.pk, first.pk),
        (third.pk, first.pk),
    }


def test_unlinked_log_counts_again_and_the_others_stay_together(
    pairing: Pairing, logs: list[Session]
) -> None:
    first, second, third = logs
    joined(mentor_of(pairing), (first, second), (first, third))

    unlink(first)

    assert counted() == {first.pk, second.pk}
    assert set(linked_with(second)) == {third}
    unlink(third)
    unlink(third)
    assert counted() == {first.pk, second.pk, third.pk}


def test_logs_of_other_hours_are_not_linked(pairing: Pairing, logs: list[Session]) -> None:
    yesterday = send(
        pairing,
        author=people_of(pairing, "mentor")[1],
        held_on=(TODAY - timedelta(days=1)).isoformat(),
    )
    for other in (yesterday, logs[0], send(pairing, minutes=15)):
        with pytest.raises(SessionRefused) as refusal:
            link(logs[0], other, by=mentor_of(pairing), at=AT)
        assert refusal.value.code == "not_found"
    assert not SameHour.objects.exists()


def test_log_that_moves_to_another_day_is_let_apart(pairing: Pairing, logs: list[Session]) -> None:
    first, second, _third = logs
    joined(mentor_of(pairing), (first, second))

    again(first, minutes=60)
    assert SameHour.objects.count() == 1
    again(first, held_on=(TODAY - timedelta(days=1)).isoformat())

    assert not SameHour.objects.exists()


def test_locked_session_is_linked_too(pairing: Pairing, logs: list[Session]) -> None:
    for one in logs[:2]:
        confirm_sessions(caseworker_of(pairing), [one.current_id], at=AT)

    joined(mentor_of(pairing), (logs[0], logs[1]))

    assert counted() == {logs[0].pk, logs[2].pk}
