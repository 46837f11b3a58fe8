"""The initiatives of the programme that come with each release."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from cooperation.models import Initiative

DATA = Path(__file__).resolve().parents[1] / "data" / "initiatives.toml"


@cache
def read() -> dict[str, Any]:
    """What the file says."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


@transaction.atomic
def load_initiatives(*, at: datetime) -> int:
    """Create those that are missing and correct the titles of the others; how many there are.

    Number and Danish title follow the release. What people have entered (owner, period, who takes
    part, the title in Kalaallisut) is theirs.
    """
    data = read()
    for row in data["initiatives"]:
        initiative, is_new = Initiative.objects.get_or_create(
            number=row["number"],
            defaults={
                "title_da": row["title_da"],
                "starts_on": data["starts_on"],
                "created_at": at,
            },
        )
        if not is_new and initiative.title_da != row["title_da"]:
            initiative.title_da = row["title_da"]
            initiative.save(update_fields=["title_da"])
    return len(data["initiatives"])
