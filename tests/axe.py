"""axe-core on a page of Playwright; the file is committed, so tests need no Node."""

from functools import cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "vendor" / "axe.min.js"  # axe-core 4.14.1, MPL 2.0
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Any, *, inside: str = "") -> list[str]:
    """What axe finds on ``page`` as it stands: "rule: element", nothing if all is well.

    Args:
        inside: A selector, where only a part of the page is ours.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())  # not a script tag: the page's own policy forbids those
    results = page.evaluate(
        "([inside, rules]) => axe.run(inside || document,"
        " {runOnly: rules, resultTypes: ['violations']})",
        [inside, RULES],
    )
    return [
        f"{violation['id']}: {node['target'][0]} {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
