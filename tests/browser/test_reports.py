"""The half-year report: the last municipality delivers, and the country is read beside it."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cooperation.models import HalfYearReport, ReportFile
from cooperation.reports.files import make
from cooperation.reports.halves import HalfYear

pytestmark = pytest.mark.browser

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
WORDS = "Vi har ventet på tolk; nu er der en aftale for hele efteråret."
COMMENT = "Tallene for maj ser rigtige ud."


def test_a_municipality_delivers_and_the_frozen_country_stays(visit, watch):
    half = HalfYear.ended(at=timezone.now())
    country = HalfYearReport.objects.of_half(half).get(kind="country")
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


def test_a_file_shows_how_far_it_is_and_is_found_again(visit, watch):
    half = HalfYear.ended(at=timezone.now())
    country = HalfYearReport.objects.of_half(half).get(kind="country")
    page = visit("koordinator1", country.get_absolute_url(), **DESK)

    page.get_by_role("button", name="PDF, Dansk").click()
    expect(page.get_by_role("heading", name="Filen")).to_be_visible()
    file = ReportFile.objects.get()
    if file.is_under_way:  # where no worker runs beside the test
        make(file)
    page.goto(page.url)

    with page.expect_download() as download:
        page.get_by_role("link", name="Hent filen").click()
    assert download.value.suggested_filename.endswith("-da.pdf")
