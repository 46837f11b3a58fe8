"""On which day a moment falls: on the clock of Nuuk or of a town, never on that of Greenwich."""

import ast
from collections.abc import Iterator
from pathlib import Path

TRUNCATING = {"Trunc", *(f"Trunc{part}" for part in ("Date", "Week", "Month", "Quarter", "Year"))}
ROOT = Path(__file__).resolve().parents[2]


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Each file of ours, read."""
    for package in ("site", "courses", "mentoring", "cooperation"):
        for file in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in file.parts:
                yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def is_call_of(node: ast.AST | None, *methods: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in methods
    )


def local_names(scope: ast.AST) -> set[str]:
    """What ``scope`` calls a moment that it has put on a clock."""
    return {
        target.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and is_call_of(node.value, "astimezone")
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def test_the_day_of_a_moment_is_asked_on_a_clock_that_was_named():
    """A moment comes from the database in UTC, whose evening is tomorrow for two hours or three.

    Nuuk is asked with ``core.periods.local_day``, a town with ``.astimezone(…).date()``. What was
    read from a text has no clock.
    """
    found, loose = 0, []
    for file, tree in trees():
        named = {}
        for scope in ast.walk(tree):
            if isinstance(scope, ast.FunctionDef):
                named |= dict.fromkeys(ast.walk(scope), local_names(scope))
        for node in ast.walk(tree):
            if not is_call_of(node, "date") or node.args:
                continue
            found += 1
            moment = node.func.value
            if is_call_of(moment, "astimezone", "strptime"):
                continue
            if isinstance(moment, ast.Name) and moment.id in named.get(node, ()):
                continue
            loose.append(f"{file}:{node.lineno}")

    assert found > 5
    assert loose == []


def test_the_database_is_asked_for_days_on_a_clock_that_was_named():
    """``__date`` and ``TruncDate`` take the clock that holds just then: in Wagtail's admin that of
    whoever asks. Compare with ``core.periods.midnight``, or give ``tzinfo``.
    """
    loose = []
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and "date" in (node.arg or "").split("__")[1:]:
                loose.append(f"{file}:{node.value.lineno}")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in TRUNCATING
                and "tzinfo" not in {one.arg for one in node.keywords}
            ):
                loose.append(f"{file}:{node.lineno}")

    assert loose == []
