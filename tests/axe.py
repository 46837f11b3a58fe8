"""axe-core on a page of Playwright; the file is committed, so tests need no Node."""

from functools import cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "vendor" / "axe.min.js"  # axe-core 4.14.1, MPL 2.0
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Told in the browser: the whole of what axe says of a page takes as long to come over as to find.
FIND = """async ([inside, rules]) => {
    const said = await axe.run(inside || document, {runOnly: rules, resultTypes: ['violations']});
    return said.violations.flatMap(violation => violation.nodes.map(
        node => `${violation.id}: ${node.target[0]} ${node.failureSummary}`));
}"""


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
    found: list[str] = page.evaluate(FIND, [inside, RULES])
    return found
