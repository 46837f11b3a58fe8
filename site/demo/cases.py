"""The demo's invented cases, each below the module it belongs to."""

import tomllib
from datetime import time
from typing import Any

from demo.content import FOLDER, demo_id
from pages.models import CasePage
from rules.models import Rule


def cases() -> list[dict[str, Any]]:
    """Every case of the demo, in its order."""
    files = sorted((FOLDER / "cases").glob("*.toml"))
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]


def case_pages(number: int) -> list[tuple[CasePage, str, str]]:
    """The cases of the module with that number: the page, its key, its slug."""
    return [
        (_page(row), f"case-{row['slug']}", row["slug"])
        for row in cases()
        if row["module"] == number
    ]


def _page(row: dict[str, Any]) -> CasePage:
    rules = {rule.key: str(rule.pk) for rule in Rule.objects.all()}
    return CasePage(
        title=row["title_da"],
        introduction=row["intro_da"],
        minutes=row["minutes"],
        begins_weekday=row["begins_weekday"],
        begins_time=time.fromisoformat(row["begins_time"]),
        body=[
            {"type": "text", "value": row["before_html"]},
            {"type": "helpline", "value": None},
        ],
        deadlines=[_deadline(row, deadline, rules) for deadline in row.get("deadlines", [])],
        steps=[_step(row, step, rules) for step in row["steps"]],
    )


def _deadline(row: dict[str, Any], part: dict[str, Any], rules: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "deadline",
        "id": str(demo_id("case-deadline", f"{row['slug']}:{part['key']}")),
        "value": {
            "key": part["key"],
            "name": part["name"],
            "rule": rules[part["rule"]],
            "length": _span(part["length"]),
            "begins_at": part["begins_at"],
        },
    }


def _step(row: dict[str, Any], part: dict[str, Any], rules: dict[str, str]) -> dict[str, Any]:
    name = f"{row['slug']}:{part['key']}"
    return {
        "type": "step",
        "id": str(demo_id("case-step", name)),
        "value": {
            "key": part["key"],
            "heading": part["heading"],
            "text": part["html"],
            "ending": part.get("ending", ""),
            "closing": part.get("closing", ""),
            "choices": [
                {
                    "type": "item",
                    "id": str(demo_id("case-choice", f"{name}:{choice['key']}")),
                    "value": {
                        "text": choice["text"],
                        "consequence": choice["consequence"],
                        "verdict": choice["verdict"],
                        "takes": _span(choice["takes"]),
                        "rule": rules[choice["rule"]] if "rule" in choice else None,
                        "meets": choice.get("meets", ""),
                        "to": choice["to"],
                    },
                }
                for choice in part.get("choices", [])
            ],
        },
    }


def _span(value: list[Any]) -> dict[str, Any]:
    amount, unit = value
    return {"amount": amount, "unit": unit}
