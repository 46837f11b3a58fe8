"""Take questions of another system into the bank."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.exchange.bank import READERS, Report, ReportLine, examine, import_questions
from courses.exchange.draft import FileRefused, decode

SUFFIXES = {".gift": "gift", ".txt": "aiken", ".xml": "moodle"}


class Command(BaseCommand):
    """Reads GIFT, Aiken and Moodle XML; says of each question what became of it, and why."""

    help = "Take the questions of a GIFT, Aiken or Moodle XML file into the bank, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, its format where its name does not say it, and how far to go."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--format", choices=list(READERS))
        parser.add_argument("--take-the-good", action="store_true", help="also if some are refused")
        parser.add_argument("--look", action="store_true", help="only report, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report every question; fail when something was refused that was not allowed to be."""
        path: Path = options["path"]
        with translation.override("da"):
            file_format = options["format"] or SUFFIXES.get(path.suffix.lower())
            if file_format is None:
                raise CommandError(_("Say which format it is: --format gift, aiken or moodle."))
            try:
                text = decode(path.read_bytes())
            except OSError as error:
                raise CommandError(str(error)) from error
            except FileRefused as refusal:
                place = _("line %(line)d: ") % {"line": refusal.line} if refusal.line else ""
                raise CommandError(place + refusal.reason) from refusal
            if options["look"]:
                self._tell(examine(text, file_format))
                return
            take_the_good = options["take_the_good"]
            report = import_questions(
                text, file_format, at=timezone.now(), take_the_good=take_the_good
            )
            self._tell(report)
            if report.refused and not report.created:
                raise CommandError(_("Nothing was taken: something was refused."))

    def _tell(self, report: Report) -> None:
        for line in report.lines:
            stream = self.stderr if line.state == "refused" else self.stdout
            stream.write(said_of(line))
        count = len(report.created)
        self.stdout.write(
            ngettext(
                "%(count)d question was taken.", "%(count)d questions were taken.", count
            ) % {"count": count}
        )  # fmt: skip


def said_of(line: ReportLine) -> str:
    """One line of the report."""
    states = {"new": _("taken"), "known": _("known already"), "refused": _("refused")}
    place = _("line %(line)d") % {"line": line.line} if line.line else "–"
    reasons = f": {' '.join(line.reasons)}" if line.reasons else ""
    return f"{place} · {states[line.state]} · {line.title}{reasons}"
