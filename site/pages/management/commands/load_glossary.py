"""Load the words of the field from the data file; repeatable."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from pages.models import GlossaryTerm
from pages.translating.proposing import keep_what_is_live

DATA = Path(__file__).resolve().parents[2] / "data" / "glossary.toml"


class Command(BaseCommand):
    """Words are found by key. One that is there keeps what editors and translators made of it."""

    help = "Load the words of the field that are missing; repeatable."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing."""
        rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["words"]
        there = set(GlossaryTerm.objects.values_list("key", flat=True))
        for row in rows:
            if row["key"] in there:
                continue
            term = GlossaryTerm(**row)
            if term.term_kl:
                term.kl_state = GlossaryTerm.KlState.SEEN
            term.full_clean()
            term.save()
        keep_what_is_live(at=timezone.now())
        self.stdout.write(f"{len(rows)} words.")
