"""The half-year report: the last municipality delivers, and the country is read beside it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cooperation.models import HalfYearReport, ReportFile
from cooperation.reports.files import make
from cooperation.reports.halves import HalfYear
from people.models import DataExport
from people.own_data.exporting import make_export
from tests.browser.steps import DESK, PHONE

pytestmark = pytest.mark.browser

WORDS = "Vi har ventet på tolk; nu er der en aftale for hele efteråret."
COMMENT = "Tallene for maj ser rigtige ud."


def country_report() -> HalfYearReport:
    half = HalfYear.ended(at=timezone.now())
    return HalfYearReport.objects.of_half(half).get(kind="country")


def test_a_municipality_delivers_and_the_frozen_country_stays(visit, watch):
    country = country_report()
    page = visit("koordinator1", "/da/samarbejde/rapporter/", **DESK)
    expect(page.get_by_text("4 af 5 har afleveret.")).to_be_visible()

    page.get_by_role("link", name="Hele landet").click()
    expect(page.get_by_role("heading", name="Ikke afleveret")).to_be_visible()
    expect(page.get_by_text("Halvåret før").first).to_be_visible()
    row = page.locator("#sessions tbody tr").first
    expect(row.get_by_text("Ikke afleveret")).to_have_count(1)
    said = page.locator("#sessions table").inner_text()

    # A number opens its rows, and they are as many.
    number = row.get_by_role("link").last
    count = number.inner_text()
    number.click()
    expect(page.get_by_text(f"{count} rækker.")).to_be_visible()

    # The last municipality: begun, written, sent round, delivered.
    page.goto(f"{page.url.split('/da/')[0]}/da/samarbejde/rapporter/")
    page.get_by_role("button", name=re.compile("Begynd.*Kujalleq")).click()
    page.get_by_role("link", name="Skriv et resumé").click()
    page.get_by_label("På dansk").fill(WORDS)
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Send rundt til kommentar").click()
    expect(page.get_by_text("Sendt rundt").first).to_be_visible()
    page.get_by_role("link", name="Aflever og lås").click()
    page.get_by_role("button", name="Aflever og lås").click()
    expect(page.get_by_text("Låst").first).to_be_visible()
    expect(page.get_by_role("link", name="Ret resuméet")).to_have_count(0)

    # What was frozen before does not know of it.
    page.goto(f"{page.url.split('/da/')[0]}{country.get_absolute_url()}")
    expect(page.get_by_role("heading", name="Ikke afleveret")).to_be_visible()
    assert page.locator("#sessions table").inner_text() == said


def test_a_leader_comments_on_a_phone(visit, watch):
    report = HalfYearReport.objects.get(state="round")
    page = visit("teamleder1", report.get_absolute_url(), **PHONE)

    page.locator("select[name=section]").select_option("sessions")
    page.get_by_label("Din kommentar").fill(COMMENT)
    page.get_by_role("button", name="Send kommentar").click()

    expect(page.get_by_text("Din kommentar er sendt.")).to_be_visible()
    expect(page.get_by_text(COMMENT)).to_be_visible()
    assert report.comments.filter(text=COMMENT, section="sessions").count() == 1


def test_a_file_is_asked_for_with_one_press(visit, watch):
    page = visit("koordinator1", country_report().get_absolute_url(), **DESK)

    page.get_by_role("button", name="PDF, Dansk").click()

    # In the tests a task is done at once.
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent filen").click()
    assert download.value.suggested_filename.endswith("-da.pdf")


def test_the_page_of_a_file_looks_again_by_itself(visit, watch, people):
    file = ReportFile.objects.create(
        report=country_report(),
        kind=ReportFile.Kind.PDF,
        language="da",
        person=people("koordinator1"),
        asked_at=timezone.now(),
    )
    page = visit(
        "koordinator1", reverse("cooperation:report-file", args=[file.report_id, file.pk]), **PHONE
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Filen laves")
    page.get_by_role("link", name="Se igen").focus()

    make(file)

    expect(page.get_by_role("heading", level=1)).to_have_text("Filen er klar")
    expect(page).to_have_title(re.compile("^Filen er klar"))
    told = page.get_by_role("status").filter(has_text="Filen er klar")
    expect(told).to_be_focused()  # where the focus was, there it stays
    expect(told.get_by_role("link", name="Hent filen")).to_be_visible()


def test_a_file_that_fails_while_the_net_is_away_is_told_when_it_is_back(visit, watch, people):
    file = ReportFile.objects.create(
        report=country_report(),
        kind=ReportFile.Kind.PDF,
        language="da",
        person=people("koordinator1"),
        asked_at=timezone.now(),
    )
    page = visit("koordinator1", reverse("cooperation:report-file", args=[file.report_id, file.pk]))
    watch.expect_no_net()
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        ReportFile.objects.filter(pk=file.pk).update(failed_at=timezone.now())
    expect(page.get_by_role("heading", level=1)).to_have_text("Filen laves")

    page.context.set_offline(False)

    told = page.get_by_role("status").filter(has_text="Filen kunne ikke laves")
    expect(told).to_be_visible(timeout=15_000)
    expect(page).to_have_title(re.compile("^Filen kunne ikke laves"))
    page.get_by_role("button", name="Lav filen igen").click()
    expect(page.get_by_role("link", name="Hent filen")).to_be_visible()


def test_the_page_of_a_copy_of_everything_looks_again_by_itself(visit, watch, people):
    export = DataExport.objects.create(person=people("mentor1"), asked_at=timezone.now())
    page = visit("mentor1", reverse("people:own-data"), **PHONE)
    expect(page.get_by_text("Din kopi bliver lavet")).to_be_visible()

    make_export(export)

    expect(page.get_by_role("link", name=re.compile("^Hent kopien"))).to_be_visible()
    expect(page.get_by_role("button", name="Lav en ny kopi")).to_be_visible()
