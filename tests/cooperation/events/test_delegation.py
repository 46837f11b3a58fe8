"""One person registers a delegation; the list of participants as a file."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from cooperation.models import Participant
from core.periods import local_day
from tests.cooperation.events.browsing import address, browse, soon
from tests.factories.events import coordinator_of, entries, make_invitation, make_invited, register

pytestmark = pytest.mark.django_db


def delegation_form(invitation, *names, **more):
    data = {"seen": str(invitation.version)}
    for n, entry in enumerate(entries(*names, emails=False), start=1):
        data |= {f"key_{n}": str(entry.key), f"name_{n}": entry.name, f"sector_{n}": "social"}
    return data | more


def test_a_delegation_is_registered_by_one_person_and_twice_is_once():
    invitation = make_invitation(soon())
    client = browse(coordinator_of(invitation.organisation))
    data = delegation_form(invitation, "Anna", "Bo", "Camilla")

    first = client.post(address("register", invitation.event_id, invitation.pk), data)
    again = client.post(address("register", invitation.event_id, invitation.pk), data)

    assert first.status_code == 302
    assert again.status_code == 422  # another version by now: told, and nothing twice
    people = invitation.participants.signed_up().in_order()
    assert [(one.name, one.seated_at is not None) for one in people] == [
        ("Anna", True),
        ("Bo", True),
        ("Camilla", False),
    ]


def test_nobody_is_signed_off_unseen_by_saying_that_nobody_comes():
    invitation = make_invitation(soon())
    client = browse(coordinator_of(invitation.organisation))
    page = address("decline", invitation.event_id, invitation.pk)
    seen = client.get(page).context["form"]["seen"].value()
    register(invitation, "Anna", at=timezone.now())

    for unseen in ({}, {"seen": seen}):
        response = client.post(page, unseen, follow=True)
        assert "En anden har ændret det imens" in response.text
        assert invitation.signed_up().count() == 1
    now = {"seen": client.get(page).context["form"]["seen"].value()}
    for _time in range(2):
        assert "En anden har ændret det imens" not in client.post(page, now, follow=True).text

    assert not invitation.signed_up().exists()


@pytest.mark.parametrize(
    ("days", "said", "unsaid"),
    [
        (0, "2 pladser er jeres", "holdes ikke længere"),
        (-1, "holdes ikke længere", "pladser er jeres"),
    ],
)
def test_the_form_promises_seats_until_the_last_day_for_answers(days, said, unsaid):
    answer_by = local_day(timezone.now()) + timedelta(days=days)
    invitation = make_invitation(soon(answer_by=answer_by), seats=2)
    client = browse(coordinator_of(invitation.organisation))

    text = client.get(address("register", invitation.event_id, invitation.pk)).text

    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize(
    "changes",
    [
        {"name_1": "", "title_1": "Leder"},
        {"sector_1": ""},
        {"email_1": "anna"},
        {"name_1": "Anna 010170-1234"},
        {"name_1": "", "sector_1": ""},
    ],
)
def test_a_line_that_does_not_hold_is_said(changes):
    invitation = make_invitation(soon())
    client = browse(coordinator_of(invitation.organisation))
    data = delegation_form(invitation, "Anna", **changes)

    response = client.post(address("register", invitation.event_id, invitation.pk), data)

    assert response.status_code == 422
    assert not Participant.objects.exists()


def test_the_list_of_participants_opens_right_and_runs_no_formula(host):
    event = soon()
    register(
        make_invitation(event, make_invited("Kommune Æøå")), "=HYPERLINK(1)", at=timezone.now()
    )

    text = b"".join(browse(host).get(address("participants-csv", event.pk))).decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert rows[0][:3] == ["Organisation", "Inviteret som", "Navn"]
    assert rows[1][0] == "Kommune Æøå"
    assert rows[1][2] == "'=HYPERLINK(1)"

    response = browse(host).get(address("participants-xlsx", event.pk))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    assert sheet["C2"].value == "'=HYPERLINK(1)"
    assert sheet["C2"].data_type == "s"
