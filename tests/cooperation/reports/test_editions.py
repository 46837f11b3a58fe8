"""A delivered report is corrected by a newer edition; what was delivered stays as it was."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.models import HalfYearReport
from cooperation.reports.actions import (
    ReportRefused,
    begin_report,
    comment,
    correct_report,
    drop_correction,
    freeze_report,
    send_round,
    write_words,
)
from cooperation.reports.content import Scope, figure_in
from cooperation.reports.current import before, computed, corrected_since, deliveries
from cooperation.reports.reminders import remind
from cooperation.reports.showing import show, table
from core.models import AccessLog
from notices.models import Notice
from tests.cooperation.reports.pressing import press
from tests.factories.mentoring import make_pairing, make_town
from tests.factories.people import make_person, make_role
from tests.factories.reports import AFTER, HALF, make_coordinator, make_report, make_sessions

pytestmark = pytest.mark.django_db
REASON = "To sessioner i maj var talt med to gange."
LATER = AFTER + timedelta(days=20)


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


@pytest.fixture
def scope(upernavik):
    return Scope(municipality=upernavik.municipality)


@pytest.fixture
def by(upernavik):
    return make_coordinator(upernavik.municipality)


@pytest.fixture
def pairing(upernavik):
    return make_pairing(place=upernavik)


@pytest.fixture
def delivered(scope, pairing):
    """A report that was delivered with three sessions."""
    make_sessions(pairing, [HALF.starts_on] * 3)
    return make_report(scope, frozen=True)


def correct(report, by, reason=REASON, at=LATER):
    return correct_report(report, reason=reason, by=by, at=at)


def sessions(report):
    return figure_in(report.content, "sessions", "all")["total"]


# --- A newer edition ------------------------------------------------------------------------------


def test_the_newer_names_the_older_and_a_reason_and_the_older_stays(delivered, pairing, by):
    make_sessions(pairing, [HALF.starts_on])
    newer = correct(delivered, by)

    frozen = freeze_report(newer, by=by, at=LATER)

    delivered.refresh_from_db()
    assert (delivered.edition, delivered.corrects, sessions(delivered)) == (1, None, 3)
    assert (frozen.edition, frozen.corrects, frozen.reason) == (2, delivered, REASON)
    assert sessions(frozen) == 4
    assert frozen.content["edition"] == {
        "number": 2, "corrects": AFTER.date().isoformat(), "reason": REASON,
    }  # fmt: skip
    assert "edition" not in delivered.content


def test_it_begins_with_the_words_of_the_older(scope, by):
    report = begin_report(scope, HALF, by=by, at=AFTER)
    write_words(report, "modes", text_da="Som før.", text_kl="", seen=0, by=by, at=AFTER)
    freeze_report(report, by=by, at=AFTER)

    newer = correct(report, by)
    write_words(newer, "modes", text_da="Rettet.", text_kl="", seen=1, by=by, at=LATER)

    report.refresh_from_db()
    assert report.content["words"] == {"modes": {"da": "Som før.", "kl": ""}}
    assert computed(newer, on=LATER.date())["words"] == {"modes": {"da": "Rettet.", "kl": ""}}


def test_begun_twice_it_is_begun_once(delivered, by):
    first = correct(delivered, by)
    again = correct(delivered, by, reason="En anden grund.")

    assert first == again
    assert HalfYearReport.objects.get(corrects=delivered).reason == REASON
    assert AccessLog.objects.filter(action="correct", record_id=str(first.pk)).count() == 1


def test_what_is_not_frozen_is_changed_as_it_is(scope, by):
    with pytest.raises(ReportRefused) as refusal:
        correct(make_report(scope), by)

    assert refusal.value.code == "open"
    assert HalfYearReport.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_is_corrected(delivered, by, reason):
    with pytest.raises(ReportRefused) as refusal:
        correct(delivered, by, reason=reason)

    assert refusal.value.code == "empty"


def test_a_reason_names_no_citizen(delivered, by):
    number = "010180" + "1234"

    with pytest.raises(ValidationError):
        correct(delivered, by, reason=f"Sagen {number} var med.")

    assert not HalfYearReport.objects.filter(edition=2).exists()


def test_a_newer_edition_can_be_corrected_in_its_turn(delivered, by):
    second = freeze_report(correct(delivered, by), by=by, at=LATER)
    third = freeze_report(correct(second, by, "Endnu en fejl."), by=by, at=LATER)

    assert (third.edition, third.corrects) == (3, second)
    assert list(HalfYearReport.objects.delivered()) == [third]
    assert correct(delivered, by) == second  # the first was corrected by the second, for ever


def test_the_database_keeps_every_edition(delivered, by):
    newer = freeze_report(correct(delivered, by), by=by, at=LATER)

    for report in (delivered, newer):
        with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
            HalfYearReport.objects.filter(pk=report.pk).update(reason="Noget andet")


def test_the_database_refuses_two_of_one_edition_and_one_without_a_reason(delivered, by):
    facts = {
        "kind": "municipality", "municipality": delivered.municipality, "year": HALF.year,
        "half": HALF.half, "begun_at": LATER,
    }  # fmt: skip
    for more in (
        {},
        {"edition": 2},
        {"edition": 2, "corrects": delivered},
        {"edition": 1, "corrects": delivered, "reason": REASON},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HalfYearReport.objects.create(**facts, **more)


# --- Thrown away ----------------------------------------------------------------------------------


def test_what_was_begun_in_vain_goes_and_the_older_counts_on(delivered, by):
    newer = correct(delivered, by)
    write_words(newer, "modes", text_da="Ny.", text_kl="", seen=0, by=by, at=LATER)
    send_round(newer, by=by, at=LATER)
    comment(newer, "", "Det gamle var rigtigt.", key=uuid.uuid4(), by=by, at=LATER)

    older = drop_correction(newer, by=by, at=LATER)

    assert older == delivered
    assert list(HalfYearReport.objects.all()) == [delivered]
    assert list(HalfYearReport.objects.delivered()) == [delivered]
    assert AccessLog.objects.filter(action="drop", record_id=str(newer.pk)).count() == 1
    assert correct(delivered, by).edition == 2  # it can be corrected again


def test_what_was_delivered_is_never_thrown_away(delivered, by):
    newer = freeze_report(correct(delivered, by), by=by, at=LATER)

    for report in (delivered, newer):
        with pytest.raises(ReportRefused) as refusal:
            drop_correction(report, by=by, at=LATER)
        assert refusal.value.code == "frozen"
    assert HalfYearReport.objects.count() == 2


def test_a_first_edition_is_never_thrown_away(scope, by):
    with pytest.raises(ReportRefused) as refusal:
        drop_correction(make_report(scope), by=by, at=LATER)

    assert refusal.value.code == "first"


# --- Which edition counts -------------------------------------------------------------------------


def test_until_it_is_frozen_the_older_one_counts_and_then_the_newer(delivered, by):
    newer = correct(delivered, by)
    country = make_report(Scope())
    half, key = country.period, str(delivered.municipality_id)

    assert list(HalfYearReport.objects.delivered()) == [delivered]
    assert deliveries(half, Scope())[key].content == delivered.content
    frozen = freeze_report(newer, by=by, at=LATER)
    assert list(HalfYearReport.objects.delivered()) == [newer]
    assert deliveries(half, Scope())[key].content == frozen.content
    states = [one["state"] for one in computed(country, on=LATER.date())["columns"]]
    assert states == ["delivered"]


def test_the_next_half_year_is_compared_with_the_newest(scope, delivered, pairing, by):
    make_sessions(pairing, [HALF.starts_on] * 2)
    freeze_report(correct(delivered, by), by=by, at=LATER)
    make_sessions(pairing, [HALF.after.starts_on])
    report = make_report(scope, HALF.after, frozen=True, at=HALF.after.ends_at)

    shown = show(report.content, before(report).content)

    assert [cell.text for cell in shown.parts[1].lines[0].cells] == ["1", "5", "−4"]


def test_a_report_that_was_frozen_before_says_what_was_corrected_since(delivered, by):
    country = make_report(Scope(), frozen=True)
    assert corrected_since(country) == []
    newer = correct(delivered, by)
    assert corrected_since(country) == []

    freeze_report(newer, by=by, at=LATER)

    assert corrected_since(country) == [newer]
    kept = HalfYearReport.objects.get(pk=country.pk)
    assert (kept.content, kept.sha256) == (country.content, country.sha256)


def test_whoever_corrects_has_delivered_and_is_not_reminded(delivered, by):
    correct(delivered, by)

    assert remind(HALF.ends_at + timedelta(days=61, hours=12)) == 0


def test_the_country_is_told_that_it_was_corrected(
    delivered, by, django_capture_on_commit_callbacks
):
    national = make_coordinator()

    with django_capture_on_commit_callbacks(execute=True):
        freeze_report(correct(delivered, by), by=by, at=LATER)

    told = Notice.objects.filter(person=national).values_list("kind", flat=True)
    assert list(told) == ["cooperation.report_corrected"]


def test_files_say_what_is_corrected_and_why(delivered, by):
    newer = freeze_report(correct(delivered, by), by=by, at=LATER)

    _header, rows = table(show(newer.content, None))

    assert rows[0][:2] == ["Udgave", f"Udgave 2. Den retter den fra 20. juli 2027: {REASON}"]


# --- The pages ------------------------------------------------------------------------------------


@pytest.fixture
def _later(settings, monkeypatch):
    settings.SIDEMAND_SECOND_FACTOR = False
    monkeypatch.setattr(timezone, "now", lambda: LATER)


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def address(report) -> str:
    return reverse("cooperation:report-correct", args=[report.pk])


@pytest.mark.usefixtures("_later")
def test_a_report_is_corrected_from_its_page(delivered, by):
    client = browser(by)
    assert address(delivered) in client.get(delivered.get_absolute_url()).text
    assert "bliver" in client.get(address(delivered)).text

    sent = client.post(address(delivered), {"reason": REASON})

    newer = HalfYearReport.objects.get(corrects=delivered)
    assert sent["Location"] == newer.get_absolute_url()
    assert client.get(address(delivered))["Location"] == newer.get_absolute_url()
    assert REASON in client.get(newer.get_absolute_url()).text
    listed = client.get(f"{reverse('cooperation:reports')}?halvaar={HALF.key}").text
    assert newer.get_absolute_url() in listed
    assert delivered.get_absolute_url() in listed
    press(client, newer)
    older = client.get(delivered.get_absolute_url()).text
    assert "En nyere udgave gælder" in older
    assert address(delivered) not in older
    listed = client.get(f"{reverse('cooperation:reports')}?halvaar={HALF.key}").text
    assert "Udgave 2" in listed
    assert delivered.get_absolute_url() not in listed


@pytest.mark.usefixtures("_later")
def test_a_correction_is_thrown_away_from_its_page_once_it_was_looked_at(delivered, by):
    client = browser(by)
    newer = correct(delivered, by)
    drop = reverse("cooperation:report-drop", args=[newer.pk])
    assert drop in client.get(newer.get_absolute_url()).text
    assert "tæller fortsat" in client.get(drop).text
    assert HalfYearReport.objects.count() == 2

    gone = client.post(drop, follow=True)

    assert gone.redirect_chain == [(delivered.get_absolute_url(), 302)]
    assert "Den nye udgave er kasseret." in gone.text
    assert list(HalfYearReport.objects.all()) == [delivered]
    assert client.post(drop).status_code == 404


@pytest.mark.usefixtures("_later")
def test_what_is_delivered_meanwhile_stays(delivered, by):
    client = browser(by)
    newer = freeze_report(correct(delivered, by), by=by, at=LATER)
    drop = reverse("cooperation:report-drop", args=[newer.pk])

    assert drop not in client.get(newer.get_absolute_url()).text
    assert client.get(drop)["Location"] == newer.get_absolute_url()
    assert client.post(drop)["Location"] == newer.get_absolute_url()
    assert HalfYearReport.objects.count() == 2


@pytest.mark.usefixtures("_later")
def test_a_refused_reason_stays_in_its_field(delivered, by):
    client = browser(by)

    empty = client.post(address(delivered), {"reason": ""})
    number = "010180" + "1234"
    refused = client.post(address(delivered), {"reason": f"Om {number}."})

    assert (empty.status_code, refused.status_code) == (422, 422)
    assert "Skriv, hvorfor den rettes." in empty.text
    assert not HalfYearReport.objects.filter(edition=2).exists()


@pytest.mark.usefixtures("_later")
@pytest.mark.parametrize("who", ["other", "leader", "town"])
def test_nobody_else_corrects_it_or_reads_the_draft(delivered, upernavik, by, who):
    newer = correct(delivered, by)
    sisimiut = make_town("Sisimiut", "Qeqqata Kommunia")
    where = {
        "other": ("coordinator", sisimiut.municipality),
        "leader": ("leader", upernavik.municipality),
        "town": ("coordinator", upernavik),
    }
    client = browser(make_person(make_role(*where[who]), email=f"{uuid.uuid4()}@example.org"))

    page = client.get(delivered.get_absolute_url())

    assert page.status_code == 200
    assert str(newer.pk) not in page.text
    assert address(delivered) not in page.text
    assert client.get(address(delivered)).status_code == 404
    assert client.post(address(delivered), {"reason": REASON}).status_code == 404
    assert client.get(newer.get_absolute_url()).status_code == 404
    drop = reverse("cooperation:report-drop", args=[newer.pk])
    assert (client.get(drop).status_code, client.post(drop).status_code) == (404, 404)
    assert HalfYearReport.objects.filter(pk=newer.pk).exists()


@pytest.mark.usefixtures("_later")
def test_a_draft_has_nothing_to_correct(scope, by):
    assert browser(by).get(address(make_report(scope))).status_code == 404
