"""Tables that open right in a Danish spreadsheet, written row by row in constant memory.

CSV as a Danish Excel reads it: UTF-8 with a byte order mark, semicolons, CRLF, days as 31-12-2026,
fractions with a comma.
No cell begins with a character that a spreadsheet takes for a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, StreamingHttpResponse

Cell = object  # texts, numbers, days; nothing for None
#: Begins of a cell that Excel or LibreOffice may run (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula, also behind blanks."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def _as_text(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return f"{cell.day:02}-{cell.month:02}-{cell.year}"
    return harmless(str(cell))


def csv_lines(header: Sequence[object], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table in pieces: the header at once, then some hundred rows at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(str(name)) for name in header])
    yield ("\ufeff" + buffer.getvalue()).encode()
    left = iter(rows)
    while some := list(islice(left, _ROWS_AT_ONCE)):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows([_as_text(cell) for cell in row] for row in some)
        yield buffer.getvalue().encode()


def csv_response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """The table as a download, sent while it is read."""
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def write_xlsx(file: IO[bytes], header: Sequence[object], rows: Iterable[Sequence[Cell]]) -> None:
    """The table as a workbook of one sheet; days are days, and no text is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"

    def cell(value: Cell, *, is_bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=harmless(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            made.data_type = "s"
        elif isinstance(value, date) and not isinstance(value, datetime):
            made.number_format = "dd-mm-yyyy"
        elif isinstance(value, Decimal):
            made.number_format = "#,##0.0"
        if is_bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(str(name), is_bold=True) for name in header])
    for row in rows:
        sheet.append([cell(value) for value in row])
    book.save(file)


def xlsx_response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[Cell]]
) -> FileResponse:
    """The table as a workbook to download; it is put together in a file, not in memory."""
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    write_xlsx(file, header, rows)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    response["Cache-Control"] = "no-store"
    return response
