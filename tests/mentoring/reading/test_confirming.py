"""One tap confirms; a change in between asks again; nobody confirms for another."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import (
    SessionConflict,
    ask_for_change,
    confirm_sessions,
)
from mentoring.models import ChangeRequest, Confirmation, Pairing, Session
from mentoring.progress import cards
from tests.factories.mentoring import (
    caseworker_of,
    make_person,
    mentor_of,
    people_of,
)
from tests.mentoring.reading.sending import Browse, Sent, confirm, newer

pytestmark = pytest.mark.django_db


# --- Confirming ---------------------------------------------------------------------------------


def test_one_press_confirms_and_locks(pairing: Pairing, session: Session, browse: Browse) -> None:
    response = confirm(browse(caseworker_of(pairing)), session.current_id)

    assert [card.session for card in response.context["done"]] == [session]
    session.refresh_from_db()
    assert session.locked_at is not None


def test_several_are_confirmed_at_once(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    sessions = [sent(), sent(minutes=30)]

    response = confirm(browse(caseworker_of(pairing)), *(one.current_id for one in sessions))

    assert len(response.context["done"]) == 2
    assert Session.objects.filter(locked_at__isnull=False).count() == 2


def test_confirming_takes_the_same_queries_for_one_and_for_many(
    pairing: Pairing, sent: Sent, django_assert_num_queries: Any
) -> None:
    versions = [sent().current_id for _number in range(10)]

    with django_assert_num_queries(12):
        confirm_sessions(caseworker_of(pairing), versions[:1], at=timezone.now())
    with django_assert_num_queries(12):
        confirm_sessions(caseworker_of(pairing), versions[1:], at=timezone.now())


def test_locked_when_everybody_has_confirmed(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    first, second = people_of(pairing, "caseworker")
    session = sent(caseworkers=[first, second])

    confirm(browse(first), session.current_id)
    session.refresh_from_db()
    assert session.locked_at is None

    confirm(browse(second), session.current_id)
    session.refresh_from_db()
    assert session.locked_at is not None


def test_double_press_is_one_confirmation(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    client = browse(caseworker_of(pairing))
    for _press in range(2):
        assert len(confirm(client, session.current_id).context["done"]) == 1
    assert Confirmation.objects.count() == 1


def test_change_in_between_asks_again(pairing: Pairing, sent: Sent, browse: Browse) -> None:
    changed, same = sent(), sent(minutes=30)
    seen = changed.current_id
    newer(changed, minutes=45)

    response = confirm(browse(caseworker_of(pairing)), seen, same.current_id)

    assert [card.session for card in response.context["changed"]] == [changed]
    assert [card.session for card in response.context["done"]] == [same]
    changed.refresh_from_db()
    assert changed.locked_at is None
    assert len(confirm(browse(caseworker_of(pairing)), changed.current_id).context["done"]) == 1


def test_new_version_asks_those_again_who_had_confirmed(pairing: Pairing, sent: Sent) -> None:
    first, second = people_of(pairing, "caseworker")
    session = sent(caseworkers=[first, second])
    confirm_sessions(first, [session.current_id], at=timezone.now())

    newer(session, minutes=45)

    assert list(Session.objects.awaiting(first)) == [session]


def test_session_with_two_versions_waits_for_the_choice(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    with pytest.raises(SessionConflict):
        newer(session, parent_id=None, minutes=15)

    response = confirm(browse(caseworker_of(pairing)), session.current_id)

    assert [card.session for card in response.context["changed"]] == [session]
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("who", ["mentor", "colleague", "coordinator", "stranger"])
def test_nobody_confirms_for_another(
    pairing: Pairing, session: Session, browse: Browse, who: str
) -> None:
    person = {
        "mentor": mentor_of(pairing),
        "colleague": people_of(pairing, "caseworker")[1],
        "coordinator": make_person("coordinator", scope="country"),
        "stranger": make_person("caseworker"),
    }[who]
    assert confirm(browse(person), session.current_id).status_code == 404
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("versions", [[], ["x"], ["00000000-0000-0000-0000-000000000000"]])
def test_confirming_nothing_is_not_found(
    pairing: Pairing, session: Session, browse: Browse, versions: list[str]
) -> None:
    assert confirm(browse(caseworker_of(pairing)), *versions).status_code == 404


def test_confirming_is_a_post(pairing: Pairing, session: Session, browse: Browse) -> None:
    client = browse(caseworker_of(pairing))
    assert client.get(reverse("mentoring:confirm")).status_code == 405


# --- Asking for a change ------------------------------------------------------------------------


def test_caseworker_asks_for_a_change_and_the_mentor_sees_it(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    address = reverse("mentoring:ask-for-change", args=[session.pk])
    client = browse(caseworker_of(pairing))
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"what": "time"})["Location"] == session.get_absolute_url()

    request = ChangeRequest.objects.get()
    assert (request.version, request.what) == (session.current, "time")
    page = browse(mentor_of(pairing)).get(reverse("start")).content.decode()
    assert session.get_absolute_url() in page
    newer(session, minutes=45)
    page = browse(mentor_of(pairing)).get(reverse("start")).content.decode()
    assert session.get_absolute_url() not in page


def test_where_the_mentors_have_left_nobody_is_said_to_change_it(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    address = reverse("mentoring:ask-for-change", args=[session.pk])
    client = browse(caseworker_of(pairing))
    assert "sender en ny udgave" in client.get(address).content.decode()
    yesterday = local_day(timezone.now()) - timedelta(days=1)
    pairing.members.filter(side="mentor").update(ends_on=yesterday)

    page = client.get(address).content.decode()

    assert "sender en ny udgave" not in page
    assert "ingen kan rette det, de skrev" in page
    client.post(address, {"what": "time"})
    page = client.get(session.get_absolute_url()).content.decode()
    assert "peger på noget, der ikke passer" in page
    assert "beder om en rettelse" not in page
    confirm(client, session.current_id)
    session.refresh_from_db()
    assert session.locked_at is not None
    page = client.get(session.get_absolute_url()).content.decode()
    assert "peger på noget, der ikke passer" not in page


def test_nobody_else_asks_for_a_change(pairing: Pairing, session: Session, browse: Browse) -> None:
    address = reverse("mentoring:ask-for-change", args=[session.pk])
    for person in (mentor_of(pairing), people_of(pairing, "caseworker")[1]):
        assert browse(person).post(address, {"what": "time"}).status_code == 404
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    assert browse(caseworker_of(pairing)).post(address, {"what": "time"}).status_code == 404


def test_confirming_after_all_takes_the_request_back(pairing: Pairing, sent: Sent) -> None:
    first, second = people_of(pairing, "caseworker")
    session = sent(caseworkers=[first, second])
    ask_for_change(first, session.current_id, "text", at=timezone.now())
    assert [card.is_asked_to_change for card in cards([session])] == [True]

    confirm_sessions(first, [session.current_id], at=timezone.now())

    assert [card.is_asked_to_change for card in cards([session])] == [False]


def test_asking_twice_is_one_request(pairing: Pairing, session: Session) -> None:
    for _time in range(2):
        ask_for_change(caseworker_of(pairing), session.current_id, "text", at=timezone.now())
    assert ChangeRequest.objects.count() == 1
