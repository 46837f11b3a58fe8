"""The text is erased for a reason, by who may."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from mentoring.actions import (
    erase_session,
)
from mentoring.models import Agreement, Pairing, Session
from tests.factories.mentoring import (
    caseworker_of,
    make_person,
    mentor_of,
    people_of,
)
from tests.mentoring.reading.sending import TEXT, Browse, Sent, newer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["author", "coordinator"])
def test_text_is_erased_for_a_reason(
    pairing: Pairing, session: Session, browse: Browse, who: str
) -> None:
    newer(session, went_well="En anden tekst.")
    person = mentor_of(pairing) if who == "author" else make_person("coordinator", scope="country")
    address = reverse("mentoring:erase", args=[session.pk])
    client = browse(person)
    assert client.post(address, {}).status_code == 422

    client.post(address, {"reason": "identifies"})

    session.refresh_from_db()
    assert (session.erased_by, session.erase_reason) == (person, "identifies")
    assert [version.content["went_well"] for version in session.versions.all()] == [None, None]
    assert session.minutes == 90
    assert AccessLog.objects.filter(action="erase", record_id=str(session.pk)).count() == 1
    page = browse(caseworker_of(pairing)).get(session.get_absolute_url()).content.decode()
    assert TEXT not in page
    assert client.get(address).status_code == 404


def test_nobody_else_erases(pairing: Pairing, session: Session, browse: Browse) -> None:
    address = reverse("mentoring:erase", args=[session.pk])
    for person in (
        caseworker_of(pairing),
        people_of(pairing, "mentor")[1],
        make_person("leader"),
        make_person("administrator", scope="country"),
    ):
        assert browse(person).post(address, {"reason": "identifies"}).status_code == 404


def test_erased_session_waits_for_nobody(pairing: Pairing, session: Session) -> None:
    erase_session(session, by=mentor_of(pairing), reason="mistake", at=timezone.now())
    assert not Session.objects.awaiting(caseworker_of(pairing)).exists()


def test_what_was_logged_by_mistake_leaves_no_promise_behind(
    pairing: Pairing, sent: Sent, browse: Browse
) -> None:
    owner = str(mentor_of(pairing).pk)
    meant, mistaken = [sent(next_step=text, next_owner=owner) for text in ("Ring.", "Skriv.")]

    erase_session(mistaken, by=None, reason="mistake", at=timezone.now())

    assert [one.session for one in Agreement.objects.all()] == [meant]
    held = browse(make_person("coordinator", scope="country")).get(pairing.get_absolute_url())
    assert held.context["held"]["count"] == 1
