"""The demo's contact cards and checklists: what pages show and keep in one place."""

import tomllib
from datetime import datetime
from typing import Any

from core.periods import local_day
from demo.content import FOLDER, demo_id
from pages.models import Checklist, ChecklistPoint, ContactCard, GlossaryTerm
from people.models import Place


def load_shared(*, at: datetime) -> None:
    """Create what is missing; what an editor changed since is kept."""
    rows = tomllib.loads((FOLDER / "shared.toml").read_text(encoding="utf-8"))
    for row in rows["contacts"]:
        ContactCard.objects.get_or_create(
            pk=demo_id("contact", row["key"]),
            defaults={
                "place": Place.objects.get(key=row["place"]),
                "name_da": row["name_da"],
                "phone": row["phone"],
                "email": row["email"],
                "hours_da": row["hours_da"],
                "checked_on": local_day(at),
            },
        )
    for row in rows["checklists"]:
        checklist, is_new = Checklist.objects.get_or_create(
            pk=demo_id("checklist", row["key"]), defaults={"title_da": row["title_da"]}
        )
        if is_new:
            for position, text in enumerate(row["points_da"]):
                ChecklistPoint.objects.create(
                    checklist=checklist, sort_order=position, text_da=text
                )


def chosen_in(row: dict[str, Any]) -> Any:
    """What a block of the demo's files that shows shared records chooses.

    Raises:
        ValueError: For a kind of block that the demo does not know.
    """
    match row["type"]:
        case "contact":
            return str(demo_id("contact", row["card"]))
        case "shared_checklist":
            return str(demo_id("checklist", row["list"]))
        case "words":
            terms = GlossaryTerm.objects.in_bulk(row["words"], field_name="key")
            return {"words": [str(terms[key].pk) for key in row["words"]]}
        case kind:
            raise ValueError(f"The demo knows no block {kind!r}.")
