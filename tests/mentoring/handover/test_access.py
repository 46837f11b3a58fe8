"""Who sees what of a handover, on the page, on paper and on the start page."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from mentoring.handover.actions import ask, close_from_log
from mentoring.handover.dossier import dossier_of
from mentoring.models import Pairing, Session
from people.contacts import Contact
from people.models import Person, Role
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.handover.doing import (
    OLD,
    SECRET,
    confirmed,
    do,
    page,
    sent,
    today,
    write,
    writing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]
Browse = Callable[[Person], Client]


def test_receiver_reads_the_last_three_sessions_and_no_other_text(
    pairing: Pairing, receiver: Person, logged: list[Session], browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    client = browse(receiver)

    said = client.get(page(handover)).content.decode()

    assert SECRET in said
    assert "Den tredje session." in said
    assert OLD not in said
    for session in logged:
        assert client.get(session.get_absolute_url()).status_code == 404
    assert SECRET not in client.get(reverse("mentoring:sessions")).content.decode()


def test_what_the_receiver_read_stands_in_the_access_log(
    pairing: Pairing, receiver: Person, logged: list[Session], browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    browse(receiver).get(page(handover))

    seen = AccessLog.objects.filter(actor=receiver.user, action="view")
    assert set(seen.values_list("kind", "record_id")) == {
        ("mentoring.handover", str(handover.pk)),
        *(("mentoring.session", str(session.pk)) for session in logged[:3]),
        *(("people.person", str(one.pk)) for one in people_of(pairing, "caseworker")),
    }


def audience(pairing: Pairing) -> dict[str, Person]:
    place = pairing.place
    return {
        "another mentor": make_person("mentor", place=place),
        "another travelling": make_person("travelling", scope="country"),
        "a caseworker elsewhere": make_person("caseworker", place=place),
        "leader": make_person("leader", place=place),
        "coordinator": make_person("coordinator", place=place),
        "editor": make_person("editor", scope="country"),
        "administrator": make_person("administrator", scope="country"),
        "superuser": make_person(is_superuser=True),
    }


@pytest.mark.parametrize("state", ["sent", "confirmed"])
def test_nobody_else_finds_it(
    pairing: Pairing, receiver: Person, browse: Browse, state: str
) -> None:
    handover = (sent if state == "sent" else confirmed)(pairing, receiver)
    question = uuid.uuid4()

    for name, person in audience(pairing).items():
        client = browse(person)
        for address in (page(handover), do("handover-file", handover)):
            assert client.get(address).status_code == 404, name
        for address in (
            do("send-handover", handover),
            do("ask-mentor", handover),
            do("confirm-handover", handover),
            do("answer-receiver", handover, question),
        ):
            assert client.post(address, {"text": "Hej.", "seen": ""}).status_code == 404, name
        assert SECRET not in client.get(reverse("mentoring:handed-over")).content.decode()


def test_a_handover_that_is_prepared_is_the_mentors_alone(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    handover = write(pairing, receiver)

    assert browse(receiver).get(page(handover)).status_code == 404
    assert browse(caseworker_of(pairing)).get(page(handover)).status_code == 404
    assert browse(mentor_of(pairing)).get(page(handover)).status_code == 200


def test_a_caseworker_reads_the_own_part_and_what_is_said_of_the_team(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    first, second = people_of(pairing, "caseworker")
    handover = sent(
        pairing,
        receiver,
        notes={
            "team": "Hold fast i listen.",
            str(first.pk): "Øv afgørelsen.",
            str(second.pk): "Øv kvitteringen.",
        },
    )
    ask(handover, by=receiver, key=uuid.uuid4(), text="Hvad nu?", at=timezone.now())

    said = browse(first).get(page(handover)).content.decode()

    assert "Hold fast i listen." in said
    assert "Øv afgørelsen." in said
    for other in ("Øv kvitteringen.", "Hvad nu?", SECRET):
        assert other not in said
    paper = _text_of(browse(first).get(do("handover-file", handover)).content)
    assert "Øv afgørelsen." in paper
    assert "Øv kvitteringen." not in paper


@pytest.mark.parametrize("how", ["role", "place"])
def test_a_receiver_whose_role_has_ended_sees_nothing(
    pairing: Pairing, receiver: Person, browse: Browse, how: str
) -> None:
    handover = confirmed(pairing, receiver)
    client = browse(receiver)
    assert client.get(page(handover)).status_code == 200

    if how == "role":
        Role.objects.filter(person=receiver).update(ends_on=today())
    else:
        away = make_town("Sisimiut", "Qeqqata Kommunia")
        Role.objects.filter(person=receiver).update(municipality=away.municipality)

    assert client.get(page(handover)).status_code == 404
    assert client.get(do("handover-file", handover)).status_code == 404


@pytest.mark.parametrize("scope", ["town", "municipality", "country"])
def test_a_receiver_reads_it_by_a_role_of_any_scope_from_its_first_day(
    pairing: Pairing, browse: Browse, scope: str
) -> None:
    receiver = make_person("mentor", scope=scope, starts_on=today() + timedelta(days=1))
    handover = sent(pairing, receiver)
    assert browse(receiver).get(page(handover)).status_code == 404

    Role.objects.filter(person=receiver).update(starts_on=today())
    assert browse(receiver).get(page(handover)).status_code == 200


def test_a_mentor_whose_stay_has_ended_in_the_towns_time_zone_sees_nothing(
    pairing: Pairing,
    receiver: Person,
    logged: list[Session],
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handover = sent(pairing, receiver)
    last = today()
    pairing.members.filter(side="mentor").update(ends_on=last + timedelta(days=1))
    mentor, record = browse(mentor_of(pairing)), set(Session.objects.values_list("pk", flat=True))
    addresses = [
        page(handover),
        do("handover-file", handover),
        logged[0].get_absolute_url(),
        writing(pairing),
    ]
    # Midnight of the town's last day is two or three o'clock by UTC.
    before = datetime(last.year, last.month, last.day, 23, 30, tzinfo=_zone())
    for moment, found in ((before, True), (before + timedelta(hours=1), False)):
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        for address in addresses:
            status = mentor.get(address).status_code
            assert (status != 404) is found, (address, moment.astimezone(UTC))
        said = mentor.get(reverse("start")).content.decode()
        said += mentor.get(reverse("mentoring:handed-over")).content.decode()
        assert ("Upernavik" in said) is found

    assert browse(receiver).get(page(handover)).status_code == 200
    assert SECRET in browse(receiver).get(page(handover)).content.decode()
    assert set(Session.objects.values_list("pk", flat=True)) == record


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("America/Nuuk")


def test_after_confirming_the_mentor_sees_nothing_and_the_receiver_all(
    pairing: Pairing, receiver: Person, logged: list[Session], browse: Browse
) -> None:
    handover = confirmed(pairing, receiver)

    mentor = browse(mentor_of(pairing))
    for address in (page(handover), writing(pairing), logged[0].get_absolute_url()):
        assert mentor.get(address).status_code == 404
    assert SECRET in browse(receiver).get(page(handover)).content.decode()
    assert browse(caseworker_of(pairing)).get(logged[0].get_absolute_url()).status_code == 200


def _text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


@pytest.mark.parametrize("language", ["da", "kl"])
def test_the_file_says_what_the_page_says_in_the_readers_language(
    pairing: Pairing,
    receiver: Person,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    card = Contact(
        name={"da": "Familieafdelingen", "kl": "[kl] Familieafdelingen"},
        phone="+299 12 34 56",
        email="familie@example.org",
        hours={"da": "Hverdage kl. 9–15", "kl": ""},
        checked_on=today(),
    )
    monkeypatch.setattr("mentoring.handover.dossier.contacts_of", lambda _place: [card])
    handover = confirmed(pairing, receiver)
    address = do("handover-file", handover).replace("/da/", f"/{language}/")

    response = browse(receiver).get(address)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="overdragelse-upernavik.pdf"'
    assert "no-store" in response["Cache-Control"]
    text = _text_of(response.content)
    for said in (SECRET, "Hold fast i den ugentlige gennemgang.", "+299 12 34 56"):
        assert said in text
    assert OLD not in text
    assert ("[kl] Familieafdelingen" in text) is (language == "kl")
    assert pypdfium2.PdfDocument(response.content).is_tagged()
    assert f"({language})".encode() in response.content
    assert AccessLog.objects.filter(
        actor=receiver.user, kind="mentoring.handover", record_id=str(handover.pk)
    ).exists()


def test_start_asks_for_a_handover_in_time_and_shows_what_waits(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    start = reverse("start")
    mentor = browse(mentor_of(pairing))
    link = writing(pairing)
    pairing.members.filter(side="mentor").update(ends_on=today() + timedelta(days=43))
    assert link not in mentor.get(start).content.decode()
    pairing.members.filter(side="mentor").update(ends_on=today() + timedelta(days=42))
    assert link in mentor.get(start).content.decode()

    handover = sent(pairing, receiver)

    assert link not in mentor.get(start).content.decode()
    assert page(handover) in browse(receiver).get(start).content.decode()
    ask(handover, by=receiver, key=uuid.uuid4(), text="Hvad nu?", at=timezone.now())
    assert page(handover) in mentor.get(start).content.decode()


def test_pages_take_the_same_queries_for_one_and_for_many(
    pairing: Pairing, receiver: Person, count_queries: Callable[[Person, str], int]
) -> None:
    handover = sent(pairing, receiver)
    addresses = [reverse("mentoring:handed-over"), page(handover), reverse("start")]
    confirmed(make_pairing(place=pairing.place), receiver)
    for_one = [count_queries(receiver, address) for address in addresses]

    for number in range(5):
        ask(handover, by=receiver, key=uuid.uuid4(), text=f"Nr. {number}?", at=timezone.now())
        other = make_pairing(place=pairing.place)
        send(other, at=timezone.now(), held_on=str(today()))
        confirmed(other, receiver)
        sent(make_pairing(place=pairing.place), receiver)

    assert [count_queries(receiver, address) for address in addresses] == for_one
    assert max(for_one) <= 30


def test_dossier_of_one_that_is_sent_is_built_anew(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    before = dossier_of(handover).sha256
    send(pairing, at=timezone.now(), held_on=str(today()))
    assert dossier_of(handover).sha256 != before


def test_a_caseworker_sees_the_gap_and_not_why_it_was_closed(
    pairing: Pairing, browse: Browse
) -> None:
    pairing.members.filter(side="mentor").update(ends_on=today())
    coordinator = make_person("coordinator", place=pairing.place)
    told = {"receiver": None, "reason": "Rejst før tid.", "by": coordinator}
    (handover,) = close_from_log(pairing, **told, at=timezone.now())

    client = browse(caseworker_of(pairing))
    said = client.get(page(handover)).content.decode()

    assert "Et hul" in said
    assert "Rejst før tid." not in said
