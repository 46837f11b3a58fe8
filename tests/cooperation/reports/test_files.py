"""The report as CSV, Excel and PDF, read back cell by cell and page by page."""

import csv
import io
from decimal import Decimal

import numpy as np
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.utils import translation
from openpyxl import load_workbook

from cooperation.models import ReportFile
from cooperation.reports import paper
from cooperation.reports.actions import ask_for_file, write_words
from cooperation.reports.content import Scope
from cooperation.reports.current import before, computed
from cooperation.reports.files import forget_old, make
from cooperation.reports.showing import show, table
from core.spreadsheets import csv_lines, write_xlsx
from tests.factories.mentoring import make_pairing, make_town
from tests.factories.reports import AFTER, HALF, make_coordinator, make_report, make_sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def country():
    """A country of two municipalities, one of which has not delivered; and the half-year before."""
    upernavik = make_town("Upernavik", "Avannaata Kommunia")
    make_town("Sisimiut", "Qeqqata Kommunia")
    pairing = make_pairing(place=upernavik)
    make_sessions(pairing, [HALF.before.starts_on] * 4, minutes=60, mode="in_front")
    make_sessions(pairing, [HALF.starts_on] * 3, minutes=95, mode="behind")
    scope = Scope(municipality=upernavik.municipality)
    make_report(scope, HALF.before, frozen=True)
    make_report(Scope(), HALF.before, frozen=True)
    make_report(scope, frozen=True)
    report = make_report(Scope())
    by = make_coordinator()
    write_words(report, "", text_da="Året gik: æøå – og mere.", text_kl="", seen=0, by=by, at=AFTER)
    return report


def rows_of(shown):
    header, rows = table(shown)
    return header, {(row[0], row[1]): row for row in rows}


def test_csv_opens_right_in_a_danish_spreadsheet(country):
    shown = show(computed(country, on=AFTER.date()), before(country).content)
    raw = b"".join(csv_lines(*table(shown)))

    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [
        "Afsnit", "Tal", "Enhed", "Avannaata Kommunia", "Qeqqata Kommunia", "I alt", "Andel i %",
        "Halvåret før", "Forskel",
    ]  # fmt: skip
    by_name = {(row[0], row[1]): row for row in rows[1:]}
    hours = by_name["Sessioner og timer", "Timer"]
    assert hours[2:] == ["timer", "4,8", "ikke afleveret", "4,8", "", "4,0", "0,8"]
    behind = by_name["Foran, ved siden af, bagved", "Gå bagved"]
    assert behind[3:] == ["3", "ikke afleveret", "3", "100", "0", "3"]
    front = by_name["Foran, ved siden af, bagved", "Gå foran"]
    assert front[3:] == ["0", "ikke afleveret", "0", "0", "4", "-4"]
    assert rows[1][:2] == ["Resumé", "Året gik: æøå – og mere."]
    assert {len(row) for row in rows} == {9}


def test_a_workbook_holds_numbers_as_numbers(country):
    shown = show(computed(country, on=AFTER.date()), before(country).content)
    file = io.BytesIO()
    write_xlsx(file, *table(shown))

    sheet = load_workbook(file).active
    rows = {(row[0].value, row[1].value): row for row in sheet.iter_rows()}
    hours = rows["Sessioner og timer", "Timer"]
    assert [cell.value for cell in hours[2:]] == [
        "timer", 4.8, "ikke afleveret", 4.8, None, 4, 0.8,
    ]  # fmt: skip
    assert hours[3].number_format == "#,##0.0"
    assert hours[4].data_type == "s"
    sessions = rows["Sessioner og timer", "Sessioner"]
    assert [cell.value for cell in sessions[3:]] == [3, "ikke afleveret", 3, None, 4, -1]


def test_words_that_look_like_a_formula_are_none(country):
    by = make_coordinator()
    write_words(country, "modes", text_da="=1+1", text_kl="", seen=0, by=by, at=AFTER)
    raw = b"".join(csv_lines(*table(show(computed(country, on=AFTER.date()), None))))

    assert b"'=1+1" in raw
    assert b";=1+1" not in raw


def test_the_pdf_is_tagged_and_says_what_the_page_says(country):
    shown = show(computed(country, on=AFTER.date()), before(country).content)
    drawn = paper.draw(shown)

    document = pypdfium2.PdfDocument(drawn)
    assert document.is_tagged()
    said = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    for words in (
        "Halvårsrapport, 1. halvår 2027", "Ikke afleveret: Qeqqata Kommunia",
        "Året gik: æøå – og mere.", "Sessioner og timer", "4,8",
    ):  # fmt: skip
        assert words in said.replace("\r\n", "\n"), words
    assert document[0].get_width() > document[0].get_height()  # as wide as its columns


@pytest.mark.parametrize("language", ["da", "kl"])
def test_each_page_of_the_pdf_is_a_picture_with_words_and_white_margins(country, language):
    """Turned to pictures: nothing runs over the edge, and no page is empty."""
    content = computed(country, on=AFTER.date())
    with translation.override(language):
        document = pypdfium2.PdfDocument(paper.draw(show(content, before(country).content)))

    assert len(document) >= 2
    for page in document:
        dots = np.asarray(page.render(scale=1).to_pil().convert("L")) < 200
        edge = 20  # 7 mm
        inside = dots[edge:-edge, edge:-edge]
        assert dots.sum() == inside.sum()
        assert inside.mean() > 0.002


def test_in_kalaallisut_what_nobody_has_translated_is_danish_and_says_so(country):
    content = computed(country, on=AFTER.date())
    with translation.override("kl"):
        shown = show(content, None)

        assert shown.words.language == "da"
        assert shown.words.is_fallback
        assert {part.title.language for part in shown.parts} <= {"da", "kl"}
        assert pypdfium2.PdfDocument(paper.draw(shown)).is_tagged()


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_file_is_made_in_the_background_and_counts_on(country, kind):
    by = make_coordinator()
    file = ask_for_file(country, kind, "da", by=by, at=AFTER)
    again = ask_for_file(country, kind, "da", by=by, at=AFTER)

    make(file)

    assert file == again
    file.refresh_from_db()
    assert (file.done_count, file.total_count) == (3, 3)
    assert file.ready_at is not None
    with file.file.open("rb") as made:
        assert made.read(4) == (b"%PDF" if kind == "pdf" else b"PK\x03\x04")


def test_what_fails_is_said(country, monkeypatch):
    file = ask_for_file(country, "pdf", "da", by=make_coordinator(), at=AFTER)

    def broken(_shown):
        raise OSError

    monkeypatch.setattr(paper, "draw", broken)
    with pytest.raises(OSError):  # noqa: PT011
        make(file)

    file.refresh_from_db()
    assert file.failed_at is not None
    assert not file.is_under_way


def test_an_old_file_goes_with_what_it_says(country, django_capture_on_commit_callbacks):
    file = ask_for_file(country, "xlsx", "da", by=make_coordinator(), at=AFTER)
    make(file)
    file.refresh_from_db()
    name = file.file.name

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old(AFTER, at=AFTER, dry_run=False) == 0
        assert forget_old(AFTER.replace(year=2028), at=AFTER, dry_run=False) == 1

    assert not ReportFile.objects.exists()
    assert not default_storage.exists(name)


def test_hours_are_rounded_once(country):
    _header, rows = rows_of(show(before(country).content, None))

    assert rows["Sessioner og timer", "Timer"][3] == Decimal("4.0")
