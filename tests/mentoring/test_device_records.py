"""What a device sends of mentoring: by the action of the page, once, and only what is one's own."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from devices.models import Record
from mentoring.actions import erase_session
from mentoring.goals.actions import propose_goal
from mentoring.models import (
    Agreement,
    Confirmation,
    FollowUp,
    Goal,
    Pairing,
    Reflection,
    Session,
)
from people.models import Person
from tests.factories.goals import competence, make_framework, terms
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
)
from tests.mentoring.handover.doing import confirmed, today

pytestmark = pytest.mark.django_db
MADE = "2027-06-15T12:00:00-02:00"
CPR = "-".join(["010190", "1234"])
Browse = Callable[[Person], Client]


def letter(kind: str, subject: Any, **content: Any) -> dict[str, Any]:
    return {"kind": kind, "subject": str(subject), "content": content, "made_at": MADE}


def send(client: Client, body: Any, key: uuid.UUID | None = None) -> Any:
    address = reverse("records:record", args=[key or uuid.uuid4()])
    return client.put(address, json.dumps(body), content_type="application/json")


def confirming(session: Session, version: Any = None) -> dict[str, Any]:
    return letter("confirm", session.pk, version=str(version or session.current_id))


@pytest.fixture
def session(sent: Callable[..., Session]) -> Session:
    return sent()


@pytest.fixture
def caseworker(pairing: Pairing, session: Session) -> Person:
    return Person.objects.get(
        pk=session.participants.filter(side="caseworker").values("person")[:1]
    )


@pytest.fixture
def stranger(db: None) -> Person:
    return make_person("caseworker", "mentor", place=make_town("Nuuk", "Kommuneqarfik Sermersooq"))


# --- Confirming -----------------------------------------------------------------------------------


def test_confirming_twice_is_once(browse: Browse, session: Session, caseworker: Person) -> None:
    device, key = browse(caseworker), uuid.uuid4()

    answers = [send(device, confirming(session), key) for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 200, 200]
    assert len({one.content for one in answers}) == 1
    assert Confirmation.objects.filter(person=caseworker).count() == 1


def test_a_version_that_was_replaced_is_409_and_stays_unconfirmed(
    browse: Browse, session: Session, caseworker: Person
) -> None:
    from mentoring.actions import log_session

    old, content = session.current_id, session.current.content
    log_session(
        mentor_of(session.pairing),
        session.pairing,
        session_id=session.pk,
        version_id=uuid.uuid4(),
        parent_id=old,
        content=content | {"minutes": 45},
        at=session.received_at + timedelta(minutes=1),
    )

    answer = send(browse(caseworker), confirming(session, old))

    assert (answer.status_code, answer.json()) == (409, {"error": "changed"})
    assert not Confirmation.objects.exists()
    assert not Record.objects.exists()


def test_nobody_else_confirms(
    browse: Browse, session: Session, pairing: Pairing, stranger: Person
) -> None:
    for person in (stranger, mentor_of(pairing)):
        answer = send(browse(person), confirming(session))
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
    assert not Confirmation.objects.exists()


def test_an_erased_session_is_410(browse: Browse, session: Session, caseworker: Person) -> None:
    erase_session(session, by=mentor_of(session.pairing), reason="request", at=session.received_at)

    for body in (confirming(session), letter("reflection", session.pk, text="Godt.", seen=0)):
        answer = send(browse(caseworker), body)
        assert (answer.status_code, answer.json()) == (410, {"error": "erased"})
    assert not Record.objects.exists()


# --- Reflections ----------------------------------------------------------------------------------


def test_a_reflection_is_kept_and_a_second_device_sees_the_first(
    browse: Browse, session: Session, caseworker: Person
) -> None:
    device = browse(caseworker)
    first = send(device, letter("reflection", session.pk, text="Skabelonen hjalp.", seen=0))
    assert first.json()["outcome"] == {"number": 1}

    other = send(device, letter("reflection", session.pk, text="Tolken hjalp.", seen=0))

    assert other.status_code == 409
    assert other.json()["kept"] == {"text": "Skabelonen hjalp.", "number": 1}
    assert Reflection.objects.get().text == "Skabelonen hjalp."
    again = send(device, letter("reflection", session.pk, text="Begge hjalp.", seen=1))
    assert again.json()["outcome"] == {"number": 2}


def test_what_may_show_a_citizen_comes_back_until_its_author_stands_by_it(
    browse: Browse, session: Session, caseworker: Person
) -> None:
    device, key = browse(caseworker), uuid.uuid4()
    body = letter("reflection", session.pk, text="Familien i Bakkevej 12 kom.", seen=0)

    refused = send(device, body, key)

    assert (refused.status_code, refused.json()["error"]) == (422, "look_again")
    assert list(refused.json()["warnings"]) == ["text"]
    assert "Bakkevej" not in refused.content.decode()
    assert not Reflection.objects.exists()
    assert send(device, body | {"looked_again": True}, key).status_code == 201


@pytest.mark.parametrize("text", ["a" * 501, f"Nummer {CPR}"])
def test_a_text_that_is_refused_is_kept_nowhere(
    browse: Browse, session: Session, caseworker: Person, text: str
) -> None:
    answer = send(browse(caseworker), letter("reflection", session.pk, text=text, seen=0))

    assert answer.status_code == 422
    assert text not in answer.content.decode()
    assert not Reflection.objects.exists()
    assert not Record.objects.exists()


def test_nobody_else_reflects(browse: Browse, session: Session, stranger: Person) -> None:
    for person in (stranger, mentor_of(session.pairing)):
        answer = send(browse(person), letter("reflection", session.pk, text="Godt.", seen=0))
        assert answer.status_code == 404


# --- Agreements, follow-ups, goals ----------------------------------------------------------------


def test_an_agreement_is_done_and_open_again(
    browse: Browse, pairing: Pairing, sent: Callable[..., Session], stranger: Person
) -> None:
    colleague = caseworker_of(pairing)
    sent(next_step="Brevet", next_owner=str(colleague.pk), next_by=str(today()))
    one = Agreement.objects.get()
    body = letter("agreement", one.pk, done=True)

    assert send(browse(stranger), body).status_code == 404
    assert send(browse(colleague), body).status_code == 201
    one.refresh_from_db()
    assert (one.done_by, one.done_on) == (colleague, today())
    send(browse(colleague), letter("agreement", one.pk, done=False))
    one.refresh_from_db()
    assert one.done_on is None


@pytest.fixture
def follow_up(db: None) -> FollowUp:
    """The first of the three, owned by whoever has taken over."""
    pairing = make_pairing(caseworkers=2)
    pairing.members.filter(side="mentor").update(ends_on=today() + timedelta(days=10))
    receiver = make_person("travelling", scope="municipality", place=pairing.place)
    confirmed(pairing, receiver)
    found = FollowUp.objects.get(months=1)
    found.owner = receiver
    found.save()
    return found


def test_a_follow_up_is_moved_and_then_done_once(
    browse: Browse, follow_up: FollowUp, stranger: Person
) -> None:
    assert follow_up.owner is not None
    device, key = browse(follow_up.owner), uuid.uuid4()
    due = follow_up.due_on
    moving = letter(
        "follow-up",
        follow_up.pk,
        what="move",
        to_on=str(due + timedelta(days=7)),
        seen_on=str(due),
        reason="Vejret.",
    )
    done = letter("follow-up", follow_up.pk, what="finish", note="De skriver selv.")

    assert send(browse(stranger), done).status_code == 404
    assert send(device, moving).status_code == 201
    stale = letter("follow-up", follow_up.pk, **moving["content"] | {"reason": "Sygdom."})
    faster = send(device, stale)
    assert (faster.status_code, faster.json()["error"]) == (409, "changed")
    assert [send(device, done, key).status_code for _ in range(2)] == [201, 200]
    follow_up.refresh_from_db()
    assert (follow_up.note, follow_up.done_on) == ("De skriver selv.", today())


@pytest.mark.parametrize(("answer", "state"), [("accept", "agreed"), ("decline", "dropped")])
def test_a_proposed_goal_is_answered(
    browse: Browse, pairing: Pairing, stranger: Person, answer: str, state: str
) -> None:
    make_framework("receipt")
    colleague, mentor = people_of(pairing, "caseworker")[0], mentor_of(pairing)
    from django.utils import timezone

    goal = propose_goal(mentor, colleague, competence(), terms(), at=timezone.now())
    said = goal.terms.get()
    body = letter("goal-answer", said.pk, answer=answer)

    assert send(browse(stranger), body).status_code == 404
    own = send(browse(mentor), body)
    assert (own.status_code, own.json()["error"]) == (409, "own")
    assert send(browse(colleague), body).status_code == 201
    assert Goal.objects.get().state == state
