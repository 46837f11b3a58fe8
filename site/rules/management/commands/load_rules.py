"""Load acts and rules from the data file; repeatable."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from rules.actions import save_act, save_rule
from rules.models import Act, Rule

DATA = Path(__file__).resolve().parents[2] / "data" / "rules.toml"


class Command(BaseCommand):
    """Rows are found by key. Running it again changes nothing and adds no version.

    A rule that a reviewer has checked since, in the admin, is left as it is: people know better
    than the file they started from.
    """

    help = "Load acts, orders and rules with their sources; repeatable."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and correct what no person has touched."""
        data = tomllib.loads(DATA.read_text(encoding="utf-8"))
        now = timezone.now()
        for model in (Act, Rule):  # before the stamp of the register, as whoever edits one does
            list(model.objects.select_for_update(no_key=True).order_by("key").values("pk"))
        acts = {row["key"]: self._act(row) for row in data["acts"]}
        for row in data["rules"]:
            rule = Rule.objects.filter(key=row["key"]).first() or Rule()
            if rule.versions.filter(is_from_file=False).exists():
                continue
            for name, value in row.items():
                setattr(rule, name, acts[value] if name == "act" else value)
            save_rule(rule, at=now, is_from_file=True)
        self.stdout.write(f"{len(acts)} acts, {len(data['rules'])} rules.")

    def _act(self, row: dict[str, Any]) -> Act:
        act = Act.objects.filter(key=row["key"]).first() or Act()
        before = {name: getattr(act, name) for name in row}
        for name, value in row.items():
            setattr(act, name, value)
        return act if before == row else save_act(act)
