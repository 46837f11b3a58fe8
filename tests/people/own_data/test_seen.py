"""Who saw what: about oneself for everybody, about others for administrators, never any text."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from core import access_log
from core.models import AccessLog
from people.models import Person
from people.own_data.seen import ACTIONS
from tests.factories.mentoring import caseworker_of, make_pairing, make_person, mentor_of, send

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]


def browser(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def test_every_word_of_the_log_has_its_danish():
    written = set()
    for folder in ("site", "courses", "mentoring", "cooperation"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            written |= set(re.findall(r'\b(?:record|_?log)\(\s*[^"()]*?,\s*"([a-z_]+)"', source))
            written |= set(re.findall(r'\brecord\(self\.request\.user, "([a-z_]+)"', source))

    assert {"view", "list", "give_role", "fetch_export"} <= written
    assert written - set(ACTIONS) == set()


def test_one_sees_who_saw_the_own_records_and_nothing_about_others():
    pairing = make_pairing()
    mentor, caseworker = mentor_of(pairing), caseworker_of(pairing)
    session = send(pairing)
    coordinator = make_person("coordinator", name="Koordinator Demo 9")
    now = timezone.now()
    access_log.record(coordinator.user, "view", caseworker, at=now)
    access_log.record(coordinator.user, "read", session, at=now)
    access_log.record(coordinator.user, "view", make_person("caseworker"), at=now)

    page = browser(caseworker).get("/da/personer/mig/data/set/")

    assert [(one.who, one.did, one.what) for one in page.context["lines"]] == [
        ("Koordinator Demo 9", "Læste", "Session"),
        ("Koordinator Demo 9", "Så", "Person"),
    ]
    assert "skabelon" not in page.content.decode()
    of_sessions = browser(mentor).get("/da/personer/mig/data/set/?om=mentoring.session")
    assert [one.did for one in of_sessions.context["lines"]] == ["Læste"]


def test_an_administrator_sees_it_about_anybody_and_that_is_noted():
    person = make_person("caseworker")
    administrator = make_person("administrator", scope="country")
    access_log.record(None, "open_account", person, at=timezone.now())

    page = browser(administrator).get(f"/da/personer/{person.pk}/set/")

    assert [one.did for one in page.context["lines"]] == ["Åbnede kontoen"]
    assert AccessLog.objects.filter(
        actor=administrator.user, action="read_log", record_id=str(person.pk)
    ).exists()


@pytest.mark.parametrize("role", ["caseworker", "mentor", "leader", "coordinator"])
def test_nobody_else_sees_it_about_others(role: str):
    person, other = make_person("caseworker"), make_person(role, scope="country")

    assert browser(other).get(f"/da/personer/{person.pk}/set/").status_code == 403
    assert browser(other).get(f"/da/personer/{person.pk}/set/fil/").status_code == 403


def test_the_table_for_a_spreadsheet_says_the_same():
    person = make_person("caseworker")
    access_log.record(None, "open_account", person, at=timezone.now())

    response = browser(person).get("/da/personer/mig/data/set/fil/")

    rows = b"".join(response.streaming_content).decode("utf-8-sig").split("\r\n")
    assert rows[0] == "Hvornår;Hvem;Hvad;Hvilken oplysning"
    assert rows[1].endswith(";Den, der driver Sidemand;Åbnede kontoen;Person")
