"""Reading the demo's own files: invented people, pairings, pages and modules.

The story is told as of :data:`TOLD_ON`. Every day in it is moved by whole weeks, so that a
demo loaded next year still has a mentor whose stay is under way.
"""

import tomllib
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"
TOLD_ON = date(2026, 11, 22)
_NAMES = uuid.UUID("6f4e4f1c-8a4a-4c35-9a65-3a4f7d8f3c11")


def demo_id(kind: str, key: str) -> uuid.UUID:
    """The id that the record ``key`` of this kind has in every demo."""
    return uuid.uuid5(_NAMES, f"{kind}:{key}")


def read(name: str, *, today: date) -> dict[str, Any]:
    """The file ``name`` of the content folder, with its days moved to ``today``'s weeks."""
    raw = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    weeks = (today - TOLD_ON).days // 7
    moved: dict[str, Any] = _move(raw, timedelta(weeks=weeks))
    return moved


def modules() -> list[dict[str, Any]]:
    """Every module in its order; what they teach has no days that move."""
    files = sorted((FOLDER / "modules").glob("*.toml"))
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]


def _move(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _move(item, by) for name, item in value.items()}
    if isinstance(value, list):
        return [_move(item, by) for item in value]
    return value + by if isinstance(value, date) else value
