"""Load the frameworks of competences that belong to the product; repeatable."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from competences.imports import import_framework
from competences.models import FrameworkVersion

DATA = Path(__file__).resolve().parents[2] / "data" / "frameworks"


class Command(BaseCommand):
    """A version that is there is left as it is: it is frozen, and translators have filled it in."""

    help = "Load the frameworks of competences; repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish each version of the files that is missing.

        Raises:
            CommandError: For a file that is refused; nothing of it was taken in.
        """
        count = 0
        for path in sorted(DATA.glob("*.toml")):
            content = path.read_bytes()
            head = tomllib.loads(content.decode("utf-8"))
            there = FrameworkVersion.objects.filter(
                framework__key=head["framework"]["key"], number=head["version"]["number"]
            )
            if there.exists():
                continue
            report = import_framework(path.name, content, at=timezone.now(), publish=True)
            if report.is_refused:
                lines = "\n".join(f"{one.place}: {one.text}" for one in report.problems)
                raise CommandError(f"{path.name}\n{lines}")
            count += 1
        self.stdout.write(f"{count} frameworks.")
