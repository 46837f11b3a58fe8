"""Load the topics of casework from the data file; repeatable."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from competences.models import Topic

DATA = Path(__file__).resolve().parents[2] / "data" / "topics.toml"


class Command(BaseCommand):
    """Topics are found by key; one that left the file stays until somebody retires it."""

    help = "Load the topics of casework; repeatable."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and correct what differs."""
        topics = tomllib.loads(DATA.read_text(encoding="utf-8"))["topics"]
        for position, row in enumerate(topics, start=1):
            topic = Topic.objects.filter(key=row["key"]).first() or Topic()
            for name, value in {**row, "position": position}.items():
                setattr(topic, name, value)
            topic.full_clean()
            topic.save()
        self.stdout.write(f"{len(topics)} topics.")
