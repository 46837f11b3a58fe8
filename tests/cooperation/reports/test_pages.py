"""The pages of half-year reports: what is shown to whom, and in how many queries."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.models import HalfYearReport, ReportComment, ReportFile, ReportWords
from cooperation.reports.actions import (
    ask_for_file,
    comment,
    freeze_report,
    send_round,
    write_words,
)
from cooperation.reports.content import Scope
from cooperation.reports.files import make
from cooperation.reports.paper import contents
from cooperation.reports.showing import show
from core.models import AccessLog
from tests.cooperation.reports.pressing import freeze, press, seen_on_page
from tests.factories.mentoring import make_pairing, make_town
from tests.factories.people import make_person, make_role
from tests.factories.reports import AFTER, HALF, make_coordinator, make_report, make_sessions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _after_the_half_year(settings, monkeypatch):
    settings.SIDEMAND_SECOND_FACTOR = False
    monkeypatch.setattr(timezone, "now", lambda: AFTER)


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


@pytest.fixture
def sisimiut():
    return make_town("Sisimiut", "Qeqqata Kommunia")


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def role(key, where=None):
    return make_person(make_role(key, where), email=f"{uuid.uuid4()}@example.org")


def rows(report, section="sessions", figure="all", column="alle"):
    return reverse("cooperation:report-rows", args=[report.pk, section, figure, column])


# --- Rows: for those who may see them -------------------------------------------------------------


def test_a_number_leads_to_its_rows_for_whoever_coordinates_there(upernavik):
    make_sessions(make_pairing(place=upernavik), [HALF.starts_on] * 3, minutes=45)
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    client = browser(make_coordinator(upernavik.municipality))

    page = client.get(report.get_absolute_url())
    assert rows(report) in page.text

    opened = client.get(rows(report))
    assert opened.context["page"].paginator.count == 3
    assert "45" in opened.text
    assert AccessLog.objects.filter(action="list", kind="mentoring.session").count() == 3
    table = b"".join(client.get(f"{rows(report)}raekker.csv").streaming_content)
    assert table.decode("utf-8-sig").count("\r\n") == 4
    assert AccessLog.objects.filter(action="export", kind="mentoring.session").count() == 3


@pytest.mark.parametrize("who", ["other", "leader", "town"])
def test_rows_are_refused_to_others_and_nothing_leads_to_them(upernavik, sisimiut, who):
    make_sessions(make_pairing(place=upernavik), [HALF.starts_on])
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    client = browser(
        {
            "other": lambda: make_coordinator(sisimiut.municipality),
            "leader": lambda: role("leader", upernavik.municipality),
            "town": lambda: role("coordinator", upernavik),
        }[who]()
    )

    page = client.get(report.get_absolute_url())

    assert page.status_code == 200
    assert "/tal/sessions/" not in page.text
    assert client.get(rows(report)).status_code == 404
    assert client.get(f"{rows(report)}raekker.csv").status_code == 404


def test_a_leader_of_the_municipality_opens_what_must_be_ready(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    client = browser(role("leader", upernavik.municipality))

    assert client.get(rows(report, "readiness", "late")).status_code == 200
    assert client.get(rows(report, "follow-ups", "done")).status_code == 200
    assert client.get(rows(report, "completed", "all")).status_code == 404


def test_in_the_country_a_municipality_opens_its_own_column_alone(upernavik, sisimiut):
    for place in (upernavik, sisimiut):
        make_sessions(make_pairing(place=place), [HALF.starts_on])
        make_report(Scope(municipality=place.municipality), frozen=True)
    report = make_report(Scope(), frozen=True)
    client = browser(make_coordinator(upernavik.municipality))

    own, other = str(upernavik.municipality.pk), str(sisimiut.municipality.pk)
    assert client.get(rows(report, column=own)).status_code == 200
    assert client.get(rows(report, column=other)).status_code == 404
    assert client.get(rows(report)).status_code == 404
    assert client.get(rows(report, "decisions", "open")).status_code == 404
    national = browser(make_coordinator())
    assert national.get(rows(report)).context["page"].paginator.count == 2
    assert national.get(rows(report, "decisions", "open")).status_code == 200


@pytest.mark.parametrize(
    ("section", "figure", "column"),
    [
        ("ratings", "all", "alle"),  # nobody's
        ("nothing", "all", "alle"),
        ("sessions", "nothing", "alle"),
        ("sessions", "all", "nothing"),
        ("rules", "overdue", "alle"),  # not in the report of a municipality
    ],
)
def test_what_nobody_opens(upernavik, section, figure, column):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)

    answer = browser(make_coordinator()).get(rows(report, section, figure, column))

    assert answer.status_code == 404


def test_rows_that_came_later_are_said_to_be_new(upernavik):
    pairing = make_pairing(place=upernavik)
    make_sessions(pairing, [HALF.starts_on] * 2)
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    make_sessions(pairing, [HALF.starts_on])

    page = browser(make_coordinator()).get(rows(report))

    assert "3 rækker." in page.text
    assert "Rapporten siger 2. Rækkerne her er dem, der er i dag" in page.text


# --- Drafts ---------------------------------------------------------------------------------------


def test_the_draft_of_another_municipality_is_not_there(upernavik, sisimiut):
    report = make_report(Scope(municipality=upernavik.municipality))
    client = browser(make_coordinator(sisimiut.municipality))

    for name in ("report", "report-csv", "report-freeze"):
        address = reverse(f"cooperation:{name}", args=[report.pk])
        assert client.get(address).status_code == 404
    words = reverse("cooperation:report-words", args=[report.pk, "alle"])
    assert client.post(words, {"text_da": "Nej", "seen": 0}).status_code == 404
    for name in ("report-freeze", "report-send-round"):
        address = reverse(f"cooperation:{name}", args=[report.pk])
        assert client.post(address).status_code == 404
    report.refresh_from_db()
    assert report.state == "draft"
    assert not ReportWords.objects.exists()


def test_a_leader_comments_on_what_goes_round_and_writes_no_words(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality))
    send_round(report, by=make_coordinator(), at=AFTER)
    client = browser(role("leader", upernavik))

    sent = client.post(
        report.get_absolute_url(), {"section": "modes", "text": "Flot.", "key": uuid.uuid4()}
    )

    assert sent.status_code == 302
    assert ReportComment.objects.get().text == "Flot."
    words = reverse("cooperation:report-words", args=[report.pk, "alle"])
    assert client.post(words, {"text_da": "Nej", "seen": 0}).status_code == 404


def test_comments_stay_with_those_the_report_went_round_to(upernavik, sisimiut):
    report = make_report(Scope(municipality=upernavik.municipality))
    own, author = make_coordinator(upernavik.municipality), role("leader", upernavik)
    send_round(report, by=own, at=AFTER)
    comment(report, "modes", "Vi var for få.", key=uuid.uuid4(), by=author, at=AFTER)
    report = freeze_report(report, by=own, at=AFTER)
    address = report.get_absolute_url()

    for one in (own, author, role("leader", upernavik), make_coordinator()):
        page = browser(one).get(address)
        assert "Vi var for få." in page.text
        assert str(author) in page.text
    for one in (role("leader", sisimiut), make_coordinator(sisimiut.municipality)):
        page = browser(one).get(address)
        assert page.status_code == 200
        assert "Vi var for få." not in page.text
        assert str(author) not in page.text
        assert "kommentarer" not in page.text


def test_no_file_of_a_report_holds_its_comments(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality))
    own, author = make_coordinator(upernavik.municipality), role("leader", upernavik)
    send_round(report, by=own, at=AFTER)
    comment(report, "modes", "Vi var for få.", key=uuid.uuid4(), by=author, at=AFTER)
    report = freeze_report(report, by=own, at=AFTER)

    address = reverse("cooperation:report-csv", args=[report.pk])
    sent = browser(own).get(address)
    shown = show(report.content, None)
    for said in (b"".join(sent.streaming_content).decode("utf-8-sig"), str(contents(shown))):
        assert "Vi var for få." not in said
        assert str(author) not in said


def test_a_refused_comment_stays_in_its_field_and_is_kept_nowhere(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality))
    send_round(report, by=make_coordinator(), at=AFTER)
    client = browser(role("leader", upernavik))

    answer = client.post(report.get_absolute_url(), {"section": "", "text": ""})

    assert answer.status_code == 422
    assert "Skriv din kommentar." in answer.text
    number = "010180" + "1234"
    refused = client.post(report.get_absolute_url(), {"section": "", "text": f"Om {number}."})
    assert refused.status_code == 422
    assert not ReportComment.objects.exists()


def test_where_somebody_was_faster_both_texts_are_shown(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality))
    client = browser(make_coordinator(upernavik.municipality))
    words = reverse("cooperation:report-words", args=[report.pk, "sessions"])
    client.post(words, {"text_da": "Min tekst", "seen": 0})

    answer = client.post(words, {"text_da": "En anden tekst", "seen": 0})

    assert answer.status_code == 422
    assert "Min tekst" in answer.text
    assert "En anden tekst" in answer.text
    assert ReportWords.objects.get().text_da == "Min tekst"
    joined = client.post(
        words, {"text_da": "Begge", "seen": answer.context["form"]["seen"].value()}
    )
    assert joined.status_code == 302
    assert ReportWords.objects.get().text_da == "Begge"


def test_a_report_is_begun_and_delivered_with_three_presses(upernavik):
    client = browser(make_coordinator(upernavik.municipality))
    listed = client.get(reverse("cooperation:reports"))
    assert HALF.key in listed.text

    client.post(
        reverse("cooperation:report-begin"),
        {"halvaar": HALF.key, "om": "municipality", "id": upernavik.municipality.pk},
    )
    report = HalfYearReport.objects.get()
    asked = client.get(reverse("cooperation:report-freeze", args=[report.pk]))
    assert "Ingen kan ændre dem bagefter" in asked.text
    press(client, report)

    report.refresh_from_db()
    assert report.is_frozen
    assert "Afleveret" in client.get(reverse("cooperation:reports")).text


def test_what_has_changed_since_the_look_is_looked_at_once_more(upernavik):
    coordinator = make_coordinator(upernavik.municipality)
    client = browser(coordinator)
    report = make_report(Scope(municipality=upernavik.municipality))
    seen = seen_on_page(client, report)
    write_words(report, "modes", text_da="Nyt.", text_kl="", seen=0, by=coordinator, at=AFTER)

    for sent in (seen, ""):
        refused = freeze(client, report, sent)

        report.refresh_from_db()
        assert not report.is_frozen
        assert refused["Location"] == reverse("cooperation:report-freeze", args=[report.pk])
    assert "Se en gang til." in client.get(refused["Location"]).text
    press(client, report)
    report.refresh_from_db()
    assert report.content["words"] == {"modes": {"da": "Nyt.", "kl": ""}}


@pytest.mark.parametrize(
    "sent",
    [
        {"halvaar": HALF.key, "om": "country"},
        {"halvaar": HALF.key, "om": "municipality", "id": "x"},
        {"halvaar": HALF.key, "om": "municipality", "id": str(uuid.uuid4())},
        {"halvaar": HALF.key, "om": "initiative", "id": str(uuid.uuid4())},
        {"halvaar": "2027-3", "om": "municipality"},
        {},
    ],
)
def test_nobody_begins_what_is_not_theirs(upernavik, sent):
    client = browser(make_coordinator(upernavik.municipality))

    assert client.post(reverse("cooperation:report-begin"), sent).status_code == 404
    assert not HalfYearReport.objects.exists()


@pytest.mark.parametrize("key", ["caseworker", "mentor", "editor", "administrator"])
def test_reports_are_for_those_who_lead_or_coordinate(upernavik, key):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    client = browser(role(key))

    assert client.get(reverse("cooperation:reports")).status_code == 403
    assert client.get(report.get_absolute_url()).status_code == 403


# --- Files ----------------------------------------------------------------------------------------


def test_a_file_is_fetched_by_whoever_asked_for_it_alone(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    person, other = make_coordinator(), make_coordinator()
    file = ask_for_file(report, "xlsx", "da", by=person, at=AFTER)
    page = reverse("cooperation:report-file", args=[report.pk, file.pk])
    address = reverse("cooperation:report-fetch-file", args=[report.pk, file.pk])
    assert browser(person).get(address).status_code == 404  # it is not made yet

    make(file)

    assert "Hent filen" in browser(person).get(page).text
    fetched = browser(person).get(address)
    assert b"".join(fetched.streaming_content)[:2] == b"PK"
    assert fetched["Content-Disposition"].endswith('halvaarsrapport-2027-1-da.xlsx"')
    for one in (page, address):
        assert browser(other).get(one).status_code == 404


def test_what_was_asked_for_twice_is_one_file(upernavik):
    report = make_report(Scope(municipality=upernavik.municipality), frozen=True)
    client = browser(make_coordinator())
    address = reverse("cooperation:report-ask-file", args=[report.pk])

    for _ in range(2):
        assert client.post(address, {"slags": "pdf", "sprog": "da"}).status_code == 302

    assert ReportFile.objects.count() == 1
    assert client.post(address, {"slags": "exe", "sprog": "da"}).status_code == 404


# --- The start page -------------------------------------------------------------------------------


def test_the_start_page_says_what_has_not_been_delivered(upernavik):
    client = browser(make_coordinator(upernavik.municipality))

    assert "Aflever 1. halvår 2027 for Avannaata Kommunia" in client.get(reverse("start")).text

    make_report(Scope(municipality=upernavik.municipality), frozen=True)
    assert "Aflever 1. halvår 2027" not in client.get(reverse("start")).text


# --- Queries --------------------------------------------------------------------------------------


def fill(places, count):
    for place in places:
        pairing = make_pairing(place=place)
        days = [HALF.starts_on + timedelta(days=number % 100) for number in range(count)]
        make_sessions(pairing, days)


def test_a_report_asks_as_much_for_one_session_as_for_many(
    upernavik, sisimiut, django_assert_max_num_queries
):
    report, client = make_report(Scope()), browser(make_coordinator())
    counts = []
    for many in (1, 30):
        fill([upernavik, sisimiut], many)
        for place in (upernavik, sisimiut):
            HalfYearReport.objects.of_half(HALF).about(Scope(place.municipality)).exists() or (
                make_report(Scope(municipality=place.municipality), frozen=True)
            )
        client.get(report.get_absolute_url())  # caches
        with django_assert_max_num_queries(60) as asked:
            assert client.get(report.get_absolute_url()).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_list_asks_as_much_for_one_report_as_for_many(
    upernavik, sisimiut, django_assert_max_num_queries
):
    client, counts = browser(make_coordinator()), []
    for place in (upernavik, sisimiut):
        make_report(Scope(municipality=place.municipality), frozen=True)
        with django_assert_max_num_queries(20) as asked:
            client.get(f"{reverse('cooperation:reports')}?halvaar={HALF.key}")
        counts.append(len(asked))

    assert counts[0] == counts[1]
