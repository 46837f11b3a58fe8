"""The file of a report, made step by step so that whoever waits sees how far it is."""

from collections.abc import Callable
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from django.core.files import File
from django.utils import timezone
from django.utils.translation import override

from cooperation.models import ReportFile
from cooperation.reports import paper
from cooperation.reports.current import before, content_of
from cooperation.reports.showing import ShownReport, show, table
from core.periods import local_day
from core.spreadsheets import write_xlsx

STEPS = 3  # the figures, the file, and that it is there


def make(file: ReportFile) -> None:
    """Write the file, counting on as it goes; running again writes it anew.

    A failure is kept in the record, so that whoever asked is told instead of waiting.
    """
    now = timezone.now()
    report = file.report
    _progress(file, 0)
    try:
        with override(file.language), TemporaryFile() as made:
            content = content_of(report, on=local_day(now))
            shown = show(content, before(report).content)
            _progress(file, 1)
            _WRITERS[file.kind](made, shown)
            made.seek(0)
            _progress(file, 2)
            file.file.save("report", File(made), save=False)
    except Exception:
        ReportFile.objects.filter(pk=file.pk).update(failed_at=timezone.now())
        raise
    kept = ReportFile.objects.filter(pk=file.pk).update(
        file=file.file.name, ready_at=timezone.now(), failed_at=None, done_count=STEPS
    )
    if not kept and file.file.name:  # whoever asked has asked anew, or was erased
        file.file.storage.delete(file.file.name)


def _progress(file: ReportFile, done: int) -> None:
    ReportFile.objects.filter(pk=file.pk).update(done_count=done, total_count=STEPS)


def _as_pdf(made: IO[bytes], shown: ShownReport) -> None:
    made.write(paper.draw(shown))


def _as_xlsx(made: IO[bytes], shown: ShownReport) -> None:
    write_xlsx(made, *table(shown))


_WRITERS: dict[str, Callable[[IO[bytes], ShownReport], None]] = {
    ReportFile.Kind.PDF: _as_pdf,
    ReportFile.Kind.XLSX: _as_xlsx,
}


def forget_old(before: datetime, *, at: datetime, dry_run: bool) -> int:
    """Delete files that can no longer be fetched, and what never came to an end."""
    from cooperation.reports.actions import forget_file

    old = list(ReportFile.objects.filter(asked_at__lt=before))
    if not dry_run:
        for file in old:
            forget_file(file)
    return len(old)
