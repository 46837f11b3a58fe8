"""Write questions of the bank to a file for another system."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from courses.exchange.bank import export_questions
from courses.models import Question

SUFFIXES = {".gift": "gift", ".xml": "moodle"}


class Command(BaseCommand):
    """Writes GIFT or Moodle XML, by the name of the file."""

    help = "Write the questions in use to a .gift or .xml file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write, and which questions."""
        parser.add_argument("path", type=Path)
        parser.add_argument("keys", nargs="*", help="keys of questions; all when none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and name what it could not hold."""
        path: Path = options["path"]
        with translation.override("da"):
            file_format = SUFFIXES.get(path.suffix.lower())
            if file_format is None:
                raise CommandError(_("The name of the file must end in .gift or .xml."))
            questions = Question.objects.in_use().order_by("key")
            if options["keys"]:
                questions = questions.filter(key__in=options["keys"])
            text, left = export_questions(questions, file_format)
            path.write_text(text, encoding="utf-8")
            for draft, reason in left:
                self.stderr.write(f"{draft.name}: {reason}")
