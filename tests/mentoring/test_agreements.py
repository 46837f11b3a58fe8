"""The next step of a session as a promise: made, followed, done, erased with its text."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from mentoring.actions import SessionRefused, erase_session, log_session, set_done
from mentoring.models import Agreement, Pairing, Session
from people.models import Person
from tests.factories.mentoring import (
    AT,
    TODAY,
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    mentor_of,
    send,
)

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=3)


@pytest.fixture
def pairing(db: None) -> Pairing:
    return make_pairing(mentors=2, caseworkers=2)


@pytest.fixture
def colleague(pairing: Pairing) -> Person:
    return caseworker_of(pairing)


def again(session: Session, **changes: Any) -> None:
    """The author sends the session anew."""
    log_session(
        session.author,
        session.pairing,
        session_id=session.pk,
        version_id=uuid.uuid4(),
        parent_id=Session.objects.get(pk=session.pk).current_id,
        content=content_for(caseworker_of(session.pairing), **changes),
        at=AT,
    )


def test_next_step_with_somebody_who_does_it_is_an_agreement(
    pairing: Pairing, colleague: Person
) -> None:
    session = send(pairing, next_owner=str(colleague.pk), next_by=SOON.isoformat())

    agreement = Agreement.objects.get()
    assert (agreement.pairing, agreement.session, agreement.owner) == (pairing, session, colleague)
    assert (agreement.due_on, agreement.done_on) == (SOON, None)
    assert agreement.text == "Næste gang: kvitteringsbrev på grønlandsk."


def test_next_step_of_nobody_is_none(pairing: Pairing) -> None:
    send(pairing)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"next_owner": "nobody"}, "next_owner"),
        ({"next_owner": "00000000-0000-4000-8000-000000000001"}, "next_owner"),
        ({"next_by": SOON.isoformat()}, "next_owner"),
        ({"next_owner": "me", "next_step": " "}, "next_owner"),
        ({"next_owner": "me", "next_by": (TODAY - timedelta(days=1)).isoformat()}, "next_by"),
        ({"next_owner": "me", "next_by": "soon"}, "next_by"),
    ],
)
def test_agreement_that_nobody_can_keep_is_refused(
    pairing: Pairing, changes: dict[str, str], field: str
) -> None:
    if changes.get("next_owner") == "me":
        changes = {**changes, "next_owner": str(mentor_of(pairing).pk)}

    with pytest.raises(SessionRefused) as refusal:
        send(pairing, **changes)

    assert set(refusal.value.error_dict) == {field}
    assert not Session.objects.exists()


def test_agreement_may_be_due_on_the_day_itself(pairing: Pairing, colleague: Person) -> None:
    send(pairing, next_owner=str(colleague.pk), next_by=TODAY.isoformat())

    assert Agreement.objects.get().due_on == TODAY
    assert not Agreement.objects.late(on=TODAY).exists()
    assert Agreement.objects.late(on=TODAY + timedelta(days=1)).exists()


def test_agreement_follows_the_version_that_holds(pairing: Pairing, colleague: Person) -> None:
    session = send(pairing, next_owner=str(colleague.pk), next_by=SOON.isoformat())

    again(session, next_step="Ring til tolken.", next_owner=str(mentor_of(pairing).pk))

    agreement = Agreement.objects.get()
    assert (agreement.owner, agreement.due_on) == (mentor_of(pairing), None)
    assert agreement.text == "Ring til tolken."
    again(session, next_step="")
    assert not Agreement.objects.exists()
    again(session, next_owner=str(colleague.pk))
    assert Agreement.objects.get().owner == colleague


def test_what_is_done_stays_done_whatever_is_written_later(
    pairing: Pairing, colleague: Person
) -> None:
    session = send(pairing, next_owner=str(colleague.pk))
    set_done(Agreement.objects.get(), colleague, done=True, on=SOON)

    again(session, next_step="")

    agreement = Agreement.objects.get()
    assert (agreement.done_on, agreement.done_by) == (SOON, colleague)
    assert agreement.text == "Næste gang: kvitteringsbrev på grønlandsk."


def test_done_and_undone_by_any_member(pairing: Pairing, colleague: Person) -> None:
    send(pairing, next_owner=str(colleague.pk))
    agreement = Agreement.objects.get()

    set_done(agreement, colleague, done=True, on=SOON)
    set_done(agreement, mentor_of(pairing), done=True, on=TODAY)

    agreement.refresh_from_db()
    assert (agreement.done_on, agreement.done_by) == (SOON, colleague)
    for _twice in range(2):
        set_done(agreement, mentor_of(pairing), done=False, on=TODAY)
        agreement.refresh_from_db()
        assert (agreement.done_on, agreement.done_by) == (None, None)


def test_a_log_marks_as_done_once(pairing: Pairing, colleague: Person) -> None:
    send(pairing, next_owner=str(colleague.pk), held_on=(TODAY - timedelta(days=7)).isoformat())
    agreement = Agreement.objects.get()
    letter: dict[str, Any] = {
        "session_id": uuid.uuid4(),
        "version_id": uuid.uuid4(),
        "content": content_for(colleague),
        "done": [agreement.pk, uuid.uuid4()],
        "at": AT,
    }

    first = log_session(mentor_of(pairing), pairing, **letter)

    agreement.refresh_from_db()
    assert (agreement.done_on, agreement.done_by) == (TODAY, mentor_of(pairing))
    set_done(agreement, colleague, done=False, on=TODAY)
    assert log_session(mentor_of(pairing), pairing, **letter) == first
    agreement.refresh_from_db()
    assert agreement.done_on is None


def test_a_log_marks_nothing_of_another_pairing(pairing: Pairing) -> None:
    other = make_pairing()
    send(other, next_owner=str(caseworker_of(other).pk))

    log_session(
        mentor_of(pairing),
        pairing,
        session_id=uuid.uuid4(),
        version_id=uuid.uuid4(),
        content=content_for(caseworker_of(pairing)),
        done=[Agreement.objects.get().pk],
        at=AT,
    )

    assert Agreement.objects.get().done_on is None


def test_erasing_the_text_erases_it_here(pairing: Pairing, colleague: Person) -> None:
    session = send(pairing, next_owner=str(colleague.pk))

    erase_session(session, by=session.author, reason="identifies", at=AT)

    assert Agreement.objects.get().text is None


def test_soonest_first_and_those_without_a_day_last(pairing: Pairing, colleague: Person) -> None:
    days: list[date | None] = [None, SOON, TODAY]
    for day in days:
        stated = {"next_by": day.isoformat()} if day else {}
        send(pairing, next_owner=str(colleague.pk), **stated)

    assert [one.due_on for one in Agreement.objects.soonest_first()] == [TODAY, SOON, None]


def test_nobody_agrees_for_a_stranger(pairing: Pairing) -> None:
    stranger = make_person("caseworker")

    with pytest.raises(SessionRefused) as refusal:
        send(pairing, next_owner=str(stranger.pk))

    assert set(refusal.value.error_dict) == {"next_owner"}
