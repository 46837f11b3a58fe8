"""No mail says what must not be in one: no text of a session, nothing about a citizen."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.base import VariableNode

from core import telling
from mentoring.models import TEXTS

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    path
    for folder in ("site", "courses", "mentoring", "cooperation")
    for path in (ROOT / folder).rglob("templates/**/mail/*")
    if path.suffix in {".txt", ".html"}
)
#: Everything a mail may say: facts, addresses, and the one who reads it or who asked them.
MAY_SAY = {
    "about", "base_url", "changed", "choose", "count", "day", "due", "expires_at",
    "invited", "kind", "late", "link", "more", "name", "overdue", "pages_link", "reason",
    "renewing", "sender", "soon", "stop", "title", "titles", "town", "waiting",
    # of a seminar: what its host has written on its page
    "begins", "event", "host", "organisation", "travel", "where",
}  # fmt: skip


def variables_of(path: Path) -> set[str]:
    source = path.read_text(encoding="utf-8")
    nodes = engines["django"].from_string(source).template.nodelist.get_nodes_by_type(VariableNode)
    named = {str(node.filter_expression.var) for node in nodes}
    return {name.split(".")[0] for name in named | set(re.findall(r"{{\s*(\w+)", source))}


def test_the_templates_are_found():
    assert len(TEMPLATES) >= 20
    assert {path.suffix for path in TEMPLATES} == {".txt", ".html"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_mail_says_nothing_but_what_is_listed(path: Path):
    assert variables_of(path) - MAY_SAY == set()


def test_a_text_of_a_session_would_be_found(tmp_path: Path):
    assert not set(TEXTS) & MAY_SAY
    leaking = tmp_path / "leaking.txt"
    leaking.write_text("{{ version.content.went_well }} {{ purpose }}")

    assert variables_of(leaking) - MAY_SAY == {"version", "purpose"}


def test_what_is_told_names_facts_alone():
    allowed = {"when", "was", "town", "minutes", "count", "title", "day", "begins", "late", "soon"}
    allowed |= {"due", "half", "body", "answer", "seats", "workshop"}
    allowed |= {"organisation", "last", "received"}  # of an agreement, of a file taken in
    allowed |= {"sent"}  # of a handover: the day
    for kind in telling.kinds():
        named = set(re.findall(r"%\((\w+)\)s", f"{kind.title} {kind.more} {kind.about}"))
        assert named <= allowed, kind.key
