"""Tables for a Danish spreadsheet: right bytes, no formula, constant memory."""

import csv
import io
import itertools
import tracemalloc
from datetime import date

import pytest
from openpyxl import load_workbook

from core.spreadsheets import csv_lines, harmless, write_xlsx

DANGEROUS = ["=1+1", "+45", "-2", "@SUM(A1)", "\t=1", "  =1", "\u00a0@x", "＝1"]


def test_csv_is_as_a_danish_excel_reads_it():
    raw = b"".join(csv_lines(["Navn", "Frist"], [["Ærø; Å", date(2027, 6, 5)], ["Nivi", None]]))

    assert raw.startswith(b"\xef\xbb\xbfNavn;Frist\r\n")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["Navn", "Frist"], ["Ærø; Å", "05-06-2027"], ["Nivi", ""]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text):
    raw = b"".join(csv_lines([text], [[text]])).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(raw), delimiter=";"):
        assert row == [f"'{text}"]

    file = io.BytesIO()
    write_xlsx(file, [text], [[text]])
    sheet = load_workbook(file).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert sheet["A2"].value == f"'{text}"


@pytest.mark.parametrize("text", ["", "Nivi", "24 timer", "a=b", "København - Nuuk"])
def test_harmless_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_a_workbook_holds_days_and_numbers_as_such():
    file = io.BytesIO()
    write_xlsx(file, ["Navn", "Frist", "Trin"], [["Nivi", date(2027, 6, 5), 3], ["Aka", None, 0]])

    sheet = load_workbook(file).active
    assert [cell.value for cell in sheet[1]] == ["Navn", "Frist", "Trin"]
    assert sheet["B2"].value.date() == date(2027, 6, 5)
    assert sheet["B2"].number_format == "dd-mm-yyyy"
    assert (sheet["C2"].value, sheet["B3"].value) == (3, None)


def test_the_header_is_sent_before_a_row_is_read():
    def rows():
        raise AssertionError("read too early")
        yield []

    assert next(iter(csv_lines(["Navn"], rows()))) == b"\xef\xbb\xbfNavn\r\n"


def test_a_long_table_takes_no_more_memory_than_a_short_one():
    def peak(count):
        tracemalloc.start()
        for _piece in csv_lines(["a"] * 20, itertools.repeat(["Et ganske langt navn"] * 20, count)):
            pass
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    assert peak(20_000) <= 1.2 * peak(1_000)
