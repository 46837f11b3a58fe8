"""What an editor sends who writes a case, and a case that is broken."""

import json
from typing import Any

from django.urls import reverse
from wagtail.models import Page

from pages.models import CasePage
from tests.factories.cases import (
    blocks_of,
    ending,
    step,
    told,
)


def broken(rule: Any) -> dict[str, Any]:
    """A case with a branch that stops."""
    return told(rule, steps=[*told(rule)["steps"], step("blind"), ending("gemt")])


RICH = json.dumps(
    {
        "blocks": [
            {
                "key": "a",
                "text": "Det sker.",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [],
            }
        ],
        "entityMap": {},
    }
)


def form_of(page: CasePage, parts: dict[str, Any]) -> dict[str, str]:
    """The fields of the editor's form for a case that tells ``parts``."""
    fields: dict[str, Any] = {
        "title": page.title,
        "slug": page.slug,
        "introduction": "",
        "minutes": "12",
        "begins_weekday": "4",
        "begins_time": "15:40",
        "search_description": "",
        "weight_reason": "",
        "review_months": "12",
        "go_live_at": "",
        "expire_at": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }

    def put(field: str, kind: str | None, blocks: list[dict[str, Any]]) -> None:
        fields[f"{field}-count"] = str(len(blocks))
        for index, part in enumerate(blocks):
            here = f"{field}-{index}"
            fields.update({f"{here}-deleted": "", f"{here}-order": str(index)})
            fields[f"{here}-id"] = part["id"]
            if kind:
                fields[f"{here}-type"] = kind
            for key, value in part["value"].items():
                place = f"{here}-value-{key}"
                if key == "choices":
                    put(place, None, value)
                elif isinstance(value, dict):
                    fields.update({f"{place}-{name}": str(what) for name, what in value.items()})
                elif key == "text" and kind == "step":
                    fields[place] = RICH
                else:
                    fields[place] = value or ""

    blocks = blocks_of(parts)
    put("steps", "step", blocks["steps"])
    put("deadlines", "deadline", blocks["deadlines"])
    return fields


def edit_address(page: Page) -> str:
    """Where ``page`` is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
