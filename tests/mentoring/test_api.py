"""Sending from a device: every status, and never a page that looks like success."""

import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import confirm_sessions, erase_session
from mentoring.models import Agreement, Pairing, Session, SessionVersion
from people.models import Person, Role
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_competence,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(mentor_of(pairing))


def letter(pairing: Pairing, **changes: Any) -> dict[str, Any]:
    content = content_for(caseworker_of(pairing), held_on="2026-01-05")
    return {
        "pairing": str(pairing.pk),
        "session": str(uuid.uuid4()),
        "version": str(uuid.uuid4()),
        "device_at": "2026-01-05T12:00:00-02:00",
        "content": content | changes.pop("content", {}),
        **changes,
    }


def send(client: Client, body: Any) -> Any:
    """Send a letter under the id it names; what is no letter under any."""
    named = body["session"] if isinstance(body, dict) else uuid.uuid4()
    raw = body if isinstance(body, bytes) else json.dumps(body | {"session": None})
    return client.put(reverse("api:session", args=[named]), raw, content_type="application/json")


def test_first_arrival_is_201_and_the_same_again_200_with_the_same_receipt(
    device: Client, pairing: Pairing
) -> None:
    body = letter(pairing)

    first, again = send(device, body), send(device, body)

    version = SessionVersion.objects.get()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["sha256"] == version.sha256
    assert first.json()["session"] == body["session"]
    assert first.json()["sent_as"] == body["version"]
    assert version.device_at is not None


def test_the_same_again_in_the_same_microsecond_is_200(
    device: Client, pairing: Pairing, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    body = letter(pairing)
    edit = letter(
        pairing, session=body["session"], parent=body["version"], content={"next_step": "Nyt."}
    )

    assert [send(device, one).status_code for one in (body, body, edit, edit)] == [
        *(201, 200),
        *(201, 200),
    ]


def test_one_log_is_small(device: Client, pairing: Pairing) -> None:
    body = letter(pairing, content={"went_well": "æ" * 500, "next_step": "ø" * 500})
    assert len(json.dumps(body, ensure_ascii=False).encode()) <= 4096
    assert len(send(device, body).content) <= 1024


def test_other_content_is_409_with_both_versions(device: Client, pairing: Pairing) -> None:
    body = letter(pairing)
    send(device, body)

    response = send(device, body | {"content": body["content"] | {"minutes": 15}})

    assert response.status_code == 409
    told = response.json()
    assert told["error"] == "conflict"
    assert (told["current"]["content"]["minutes"], told["kept"]["content"]["minutes"]) == (90, 15)
    # It has arrived all the same: the device may let it go once somebody has chosen.
    assert told["receipt"]["version"] == told["kept"]["version"]
    assert told["receipt"]["sha256"] == told["kept"]["sha256"]


def test_nothing_is_taken_for_the_work_of_whoever_else_is_signed_in(
    device: Client, pairing: Pairing
) -> None:
    body = letter(pairing)
    address = reverse("api:session", args=[body["session"]])

    def sent_for(owner: str) -> Any:
        return device.put(
            address, body, content_type="application/json", headers={"X-Sidemand-Owner": owner}
        )

    other = sent_for(str(caseworker_of(pairing).pk))
    assert (other.status_code, other.json()) == (403, {"error": "other_owner"})
    assert not Session.objects.exists()
    assert sent_for(str(mentor_of(pairing).pk)).status_code == 201


def test_the_same_edit_from_two_devices_is_one_version_that_answers_both(
    device: Client, pairing: Pairing
) -> None:
    body = letter(pairing)
    send(device, body)
    change = {"session": body["session"], "parent": body["version"], "content": {"minutes": 15}}
    one, other = letter(pairing, **change), letter(pairing, **change)

    first, second = send(device, one).json(), send(device, other).json()

    assert (first["version"], first["sent_as"]) == (one["version"], one["version"])
    assert (second["version"], second["sent_as"]) == (one["version"], other["version"])
    assert first["sha256"] == second["sha256"]


def test_all_that_may_be_said_is_received_and_what_is_done_marked(
    device: Client, pairing: Pairing
) -> None:
    colleague = str(caseworker_of(pairing).pk)
    promise = {"next_owner": colleague, "next_by": "2026-01-12"}
    assert send(device, letter(pairing, content=promise)).status_code == 201
    agreement = Agreement.objects.get()
    more = {
        "competences": [{"competence": str(make_competence().pk), "observed": "fully"}],
        "text_languages": {"went_well": "da"},
    }

    answer = send(device, letter(pairing, content=more, done=[str(agreement.pk)]))

    assert answer.status_code == 201
    version = SessionVersion.objects.get(pk=answer.json()["version"])
    assert {key: version.content[key] for key in more} == more
    agreement.refresh_from_db()
    assert (agreement.done_on, agreement.done_by) == (date(2026, 1, 5), mentor_of(pairing))


@pytest.mark.parametrize("done", ["all", ["x"], [1], {}, [str(uuid.uuid4())] * 101])
def test_what_is_done_is_a_list_of_ids(device: Client, pairing: Pairing, done: Any) -> None:
    assert send(device, letter(pairing, done=done)).status_code == 400
    assert not Session.objects.exists()


def test_right_parent_makes_a_new_version(device: Client, pairing: Pairing) -> None:
    body = letter(pairing)
    send(device, body)
    edit = letter(pairing, session=body["session"], parent=body["version"], content={"minutes": 15})

    assert send(device, edit).status_code == 201
    assert Session.objects.get().minutes == 15


def test_locked_is_409_and_erased_410(device: Client, pairing: Pairing) -> None:
    body = letter(pairing)
    send(device, body)
    session = Session.objects.get()
    edit = letter(pairing, session=body["session"], parent=body["version"], content={"minutes": 15})
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    assert (send(device, edit).status_code, send(device, edit).json()) == (
        409,
        {"error": "locked"},
    )

    erase_session(session, by=mentor_of(pairing), reason="mistake", at=timezone.now())
    assert send(device, edit).status_code == 410
    assert send(device, body).status_code == 200  # what was sent was received


def test_invalid_is_422_with_fields_and_never_the_text(device: Client, pairing: Pairing) -> None:
    number = "-".join(["010190", "1234"])
    response = send(device, letter(pairing, content={"minutes": 0, "went_well": number}))

    assert response.status_code == 422
    assert set(response.json()["fields"]) == {"minutes", "went_well"}
    assert number not in response.content.decode()
    assert not Session.objects.exists()


def test_warnings_are_422_until_the_author_has_looked(device: Client, pairing: Pairing) -> None:
    body = letter(pairing, content={"went_well": "Barnet er 7 år."})
    response = send(device, body)
    assert response.status_code == 422
    assert response.json()["warnings"] == {"went_well": [["age", 10, 14]]}
    assert send(device, body | {"looked_again": True}).status_code == 201


def test_signed_out_is_401_in_json(client: Client, pairing: Pairing) -> None:
    response = send(client, letter(pairing))
    assert (response.status_code, response.json()) == (401, {"error": "sign_in"})


def test_pairing_of_others_is_404(pairing: Pairing, browse: Callable[[Person], Client]) -> None:
    stranger = browse(mentor_of(make_pairing(place=make_town("Uummannaq"))))
    assert send(stranger, letter(pairing)).status_code == 404
    assert send(browse(make_person("caseworker")), letter(pairing)).status_code == 404
    assert send(browse(caseworker_of(pairing)), letter(pairing)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'"text"',
        b"[" * 3000,
        b'{"content": {}}',
        b'{"content": [], "pairing": 1}',
        b'{"minutes": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_letter_is_400(device: Client, body: bytes) -> None:
    assert send(device, body).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 5},
        {"parent": ["x"]},
        {"device_at": "yesterday"},
        {"device_at": "2026-01-05T12:00:00"},
        {"content": {"went_well": "\ud800"}},
        {"content": {"participants": {"a": 1}}},
        {"content": {"minutes": float("nan")}},
        {"content": {"held_on": "9999-99-99"}},
        {"content": {"topics": [[]]}},
        {"content": {"place": {"x": 1}}},
        {"content": {"schema": "1"}},
    ],
)
def test_strange_values_are_refused(
    device: Client, pairing: Pairing, changes: dict[str, Any]
) -> None:
    assert send(device, letter(pairing, **changes)).status_code in {400, 422}
    assert not Session.objects.exists()


def test_too_large_is_413(device: Client, pairing: Pairing) -> None:
    assert send(device, letter(pairing, content={"tools": "x" * 20_000})).status_code == 413


# --- After the stay -------------------------------------------------------------------------------


def today() -> date:
    """Midnight may have passed since the file was read."""
    return local_day(timezone.now())


def end_stay(pairing: Pairing, *, days_ago: int) -> None:
    """Let the stay and the role of the mentor end on that day, from which they hold no more."""
    ends_on = today() - timedelta(days=days_ago)
    pairing.members.filter(side="mentor").update(ends_on=ends_on)
    mentor_of(pairing).roles.update(ends_on=ends_on)


@pytest.mark.parametrize(("days_ago", "status"), [(0, 201), (1, 201), (89, 201), (90, 422)])
def test_what_was_written_during_a_stay_is_received_for_ninety_days_after(
    device: Client, pairing: Pairing, days_ago: int, status: int
) -> None:
    end_stay(pairing, days_ago=days_ago)

    answer = send(device, letter(pairing))

    assert answer.status_code == status
    assert status == 201 or answer.json() == {"error": "stay_ended"}
    assert Session.objects.count() == (status == 201)


def test_the_last_day_of_a_stay_is_received_and_the_day_after_is_not(
    device: Client, pairing: Pairing
) -> None:
    """A stay that ends with its pairing ends the day before."""
    end_stay(pairing, days_ago=1)
    Pairing.objects.update(ends_on=today() - timedelta(days=1))

    assert sent_of(device, pairing, days_ago=2).status_code == 201
    late = sent_of(device, pairing, days_ago=1)
    assert (late.status_code, late.json()) == (422, {"error": "stay_ended"})
    assert sent_of(device, pairing, days_ago=0).json() == {"error": "stay_ended"}


@pytest.mark.parametrize("days_ago", [0, 1])
def test_the_day_on_which_somebody_ends_a_stay_is_received(
    device: Client, pairing: Pairing, days_ago: int
) -> None:
    """Whoever hands over at noon has worked in the morning."""
    end_stay(pairing, days_ago=days_ago)

    assert sent_of(device, pairing, days_ago=days_ago).status_code == 201
    assert sent_of(device, pairing, days_ago=days_ago - 1).status_code == 422


def sent_of(device: Client, pairing: Pairing, *, days_ago: int) -> Any:
    """The answer to a session of that day."""
    day = today() - timedelta(days=days_ago)
    return send(device, letter(pairing, content={"held_on": day.isoformat()}))


def test_who_left_sends_again_and_reads_nothing_of_the_pairing(
    device: Client, pairing: Pairing
) -> None:
    body = letter(pairing)
    send(device, body)
    end_stay(pairing, days_ago=1)

    again = send(device, body)
    other = send(device, body | {"content": body["content"] | {"minutes": 15}})

    assert again.status_code == 200
    assert (other.status_code, set(other.json())) == (409, {"error", "kept", "receipt"})
    assert device.get(reverse("mentoring:session", args=[body["session"]])).status_code in {
        403,
        404,
    }


def test_who_is_a_mentor_in_another_municipality_now_is_told_that_they_moved(
    device: Client, pairing: Pairing
) -> None:
    end_stay(pairing, days_ago=90)
    elsewhere = make_town("Tasiilaq", "Kommuneqarfik Sermersooq")
    Role.objects.create(
        person=mentor_of(pairing),
        key="mentor",
        scope="town",
        place=elsewhere,
        starts_on=today() - timedelta(days=89),
    )

    answer = send(device, letter(pairing))

    assert (answer.status_code, answer.json()) == (422, {"error": "moved"})
    assert not Session.objects.exists()


def test_who_moved_is_received_for_ninety_days_all_the_same(
    device: Client, pairing: Pairing
) -> None:
    end_stay(pairing, days_ago=89)
    elsewhere = make_town("Tasiilaq", "Kommuneqarfik Sermersooq")
    Role.objects.create(
        person=mentor_of(pairing), key="mentor", scope="town", place=elsewhere, starts_on=today()
    )

    assert send(device, letter(pairing)).status_code == 201


def test_the_stay_of_somebody_else_is_404_whatever_the_day(
    pairing: Pairing, browse: Callable[[Person], Client]
) -> None:
    other = make_pairing(place=make_town("Uummannaq"))
    stranger = browse(mentor_of(other))
    end_stay(other, days_ago=1)

    assert send(stranger, letter(pairing)).status_code == 404


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_sessions_are_sent_and_nothing_else(device: Client, method: str) -> None:
    answer = getattr(device, method)(reverse("api:session", args=[uuid.uuid4()]))

    assert answer.status_code == 405


def test_without_the_token_nothing_is_received_and_the_answer_is_json(pairing: Pairing) -> None:
    account = mentor_of(pairing).user
    assert account is not None
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(account)

    answer = send(forged, letter(pairing))

    assert (answer.status_code, answer.json()) == (403, {"error": "forbidden"})
    assert not Session.objects.exists()
