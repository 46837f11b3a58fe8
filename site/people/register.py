"""The municipalities, towns and national bodies that come with each release."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

PLACES = Path(__file__).parent / "data" / "places.toml"


@cache
def read() -> dict[str, Any]:
    """What the file says."""
    return tomllib.loads(PLACES.read_text(encoding="utf-8"))


@cache
def organisation_keys() -> frozenset[str]:
    """The keys of the organisations in it: ``load_places`` writes these, nobody else."""
    data = read()
    return frozenset(row["key"] for row in [*data["municipalities"], *data["organisations"]])
