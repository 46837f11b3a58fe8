"""Messages: kept for their reader, mailed as the reader chose, stopped by one press."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core import telling
from notices import stopping
from notices.actions import choose_mail, read_notice
from notices.models import MailChoice, Notice
from notices.tasks import send_digests, send_notice
from people.models import Person
from tests.factories.mentoring import make_person

pytestmark = pytest.mark.django_db
NUUK = ZoneInfo("America/Nuuk")
KIND = "tests.moved"
TOWN = {"when_at": "2027-06-16T11:30:00Z", "zone": "America/Nuuk", "town": "Upernavik"}


@pytest.fixture(autouse=True)
def _kind() -> None:
    telling.register(telling.Kind(KIND, "Prøve", "Flyttet til %(when)s", "Se den nye tid."))


@pytest.fixture
def person() -> Person:
    person = make_person("caseworker")
    person.email = "laeser@example.org"
    person.save()
    return person


def browser(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


@pytest.fixture
def tell(person: Person, django_capture_on_commit_callbacks):
    def telling_now(kind: str = KIND, **more) -> Notice:
        with django_capture_on_commit_callbacks(execute=True):
            telling.tell(person, kind, TOWN, url="people:me", **more)
        return Notice.objects.latest("made_at")

    return telling_now


def test_what_is_told_stands_in_the_inbox_and_is_mailed_at_once(person: Person, tell):
    tell()

    page = browser(person).get("/da/beskeder/").content.decode()
    assert "Flyttet til onsdag den 16. juni 2027 kl. 10.30 (Upernavik)" in page
    (sent,) = mail.outbox
    assert sent.to == ["laeser@example.org"]
    assert sent.subject == "Flyttet til onsdag den 16. juni 2027 kl. 10.30 (Upernavik)"
    assert "/da/personer/mig/" in sent.body


def test_a_mail_speaks_the_readers_language(person: Person, tell):
    person.language = "kl"
    person.save()

    tell()

    assert "/kl/personer/mig/" in mail.outbox[0].body
    assert "/kl/beskeder/stop/" in mail.outbox[0].extra_headers["List-Unsubscribe"]


def test_a_task_that_runs_twice_sends_once(person: Person, tell):
    notice = tell()

    send_notice.call(str(notice.pk), [])

    assert len(mail.outbox) == 1


def test_nothing_leaves_to_a_closed_account(person: Person, tell):
    assert person.user is not None
    person.user.is_active = False
    person.user.save()

    tell()

    assert mail.outbox == []


@pytest.mark.parametrize(("often", "weekday"), [("daily", 2), ("weekly", 0)])
def test_gathered_mail_leaves_once_in_the_morning_of_its_day(
    person: Person, tell, django_capture_on_commit_callbacks, often: str, weekday: int
):
    choose_mail(person, often, at=timezone.now())
    tell()
    tell()
    assert mail.outbox == []
    day = datetime(2030, 1, 7 + weekday, tzinfo=NUUK)  # the 7th is a Monday

    def run(at: datetime) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return send_digests(at)

    assert run(day + timedelta(hours=7, minutes=59)) == 0
    if often == "weekly":
        assert run(day + timedelta(days=1, hours=8)) == 0
    assert run(day + timedelta(hours=8)) == 1
    assert run(day + timedelta(hours=9)) == 0
    (sent,) = mail.outbox
    assert sent.subject == "2 beskeder fra Sidemand"
    assert sent.body.count("Flyttet til") == 2


def test_what_was_read_meanwhile_is_not_gathered(
    person: Person, tell, django_capture_on_commit_callbacks
):
    choose_mail(person, "daily", at=timezone.now())
    notice = tell()

    read_notice(person, notice.pk, at=timezone.now())

    with django_capture_on_commit_callbacks(execute=True):
        assert send_digests(datetime(2030, 1, 9, 12, tzinfo=NUUK)) == 0
    assert mail.outbox == []


def test_what_concerns_the_account_is_mailed_whatever_was_chosen(person: Person, tell):
    choose_mail(person, "never", at=timezone.now())

    tell()
    assert mail.outbox == []
    tell("people.export_ready")

    (sent,) = mail.outbox
    assert sent.subject == "Kopien af dine data er klar"
    assert "List-Unsubscribe" not in sent.extra_headers


def test_one_press_stops_the_mail_without_sign_in(person: Person, tell):
    tell()
    headers = mail.outbox[0].extra_headers
    address = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)

    looked = strict.get(address)
    assert looked.status_code == 200
    assert person.name not in looked.content.decode()
    assert not MailChoice.objects.exists()  # a program that looks at links stops nothing
    pressed = strict.post(address, {"List-Unsubscribe": "One-Click"})

    assert pressed.status_code == 200
    assert MailChoice.objects.get().often == "never"
    tell()
    assert len(mail.outbox) == 1
    assert Notice.objects.count() == 2


def test_an_address_stops_the_mail_of_its_reader_alone(person: Person):
    other = make_person("caseworker")
    token = stopping.token_of(person, "beskeder")
    forged = stopping.token_of(other, "beskeder")[:32] + token[32:]

    for bad in (forged, token[:-1], token + "a", stopping.token_of(person, "laering")):
        assert Client().post(f"/da/beskeder/stop/beskeder/{bad}/").status_code == 404
    assert not MailChoice.objects.exists()
    assert set(token) <= set("abcdefghijklmnop")


def test_messages_of_others_are_not_there(person: Person, tell):
    notice = tell()
    other = browser(make_person("administrator", scope="country"))

    assert other.post(f"/da/beskeder/{notice.pk}/").status_code == 404
    assert other.post(f"/da/beskeder/{notice.pk}/arkiv/").status_code == 404
    assert "Flyttet" not in other.get("/da/beskeder/").content.decode()
    notice.refresh_from_db()
    assert (notice.read_at, notice.archived_at) == (None, None)


def test_reading_archiving_and_bringing_back(person: Person, tell):
    notice = tell()
    client = browser(person)

    assert client.get(f"/da/beskeder/{notice.pk}/").status_code == 405
    assert client.post(f"/da/beskeder/{notice.pk}/")["Location"] == "/da/personer/mig/"
    assert Notice.objects.unread().count() == 0
    client.post(f"/da/beskeder/{notice.pk}/arkiv/")
    assert client.get("/da/beskeder/").context["notices"] == []
    assert len(client.get("/da/beskeder/?vis=arkiv").context["notices"]) == 1
    client.post(f"/da/beskeder/{notice.pk}/arkiv/", {"tilbage": ""})
    assert len(client.get("/da/beskeder/").context["notices"]) == 1


def test_the_inbox_takes_as_many_queries_for_one_as_for_many(
    person: Person, tell, django_assert_num_queries
):
    client = browser(person)
    tell()
    client.get("/da/beskeder/")

    def ask(count: int) -> None:
        with django_assert_num_queries(5):  # session, account, how many, the page, unread
            assert len(client.get("/da/beskeder/").context["notices"]) == count

    ask(1)
    Notice.objects.bulk_create(
        Notice(person=person, kind=KIND, facts=TOWN, made_at=timezone.now()) for _ in range(60)
    )
    ask(25)


def test_a_choice_that_is_not_offered_changes_nothing(person: Person):
    client = browser(person)

    client.post("/da/beskeder/mail/", {"mail": "hourly"})
    assert not MailChoice.objects.exists()
    client.post("/da/beskeder/mail/", {"mail": "weekly"})
    assert MailChoice.objects.get().often == "weekly"
    assert 'value="weekly" checked' in client.get("/da/personer/mig/").content.decode()


def test_a_kind_that_a_release_has_dropped_harms_nobody(person: Person):
    Notice.objects.create(
        person=person, kind="gone.for.good", url="gone:page", made_at=timezone.now()
    )

    page = browser(person).get("/da/beskeder/").content.decode()

    assert "En besked fra Sidemand" in page
