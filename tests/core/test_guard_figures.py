"""The figures of the identity guard: what the command prints, and what may never get worse."""

import io
import re
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.identity import Kind, has_cpr_like
from core.identity_samples import NUMBERS, concern_samples, corpus, measure

DOCS = Path(__file__).parents[2] / "docs" / "identity-guard.md"


def printed() -> str:
    out = io.StringIO()
    call_command("guard_figures", stdout=out)
    return out.getvalue()


def test_the_command_prints_what_the_docs_say():
    told = re.search(r"```text\n(refused.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)

    assert told is not None
    assert printed() == told[1]


def test_every_number_is_refused_and_nothing_harmless():
    figures = measure()

    assert figures.spellings >= 24
    assert NUMBERS == 400
    assert figures.refused == (figures.spellings * NUMBERS,) * 2
    assert figures.harmless >= 300
    assert figures.wrongly_refused == 0
    assert figures.keeps_the_promise


def test_most_of_what_may_tell_a_family_is_pointed_out_and_few_notes_are_disturbed():
    figures = measure()

    assert set(figures.pointed_out) == set(Kind)
    assert {kind: recall for kind, recall in figures.pointed_out.items() if recall.of < 10} == {}
    assert min(recall.percent for recall in figures.pointed_out.values()) >= 75
    assert figures.ordinary >= 50
    assert figures.ordinary_disturbed <= figures.ordinary * 0.02


@pytest.mark.parametrize(("name", "answer"), [("has_cpr_like", False), ("find_cpr_like", [(0, 1)])])
def test_the_command_fails_when_the_promise_is_broken(monkeypatch, name, answer):
    monkeypatch.setattr(f"core.identity_samples.{name}", lambda text: answer)

    with pytest.raises(CommandError, match="A number is not refused"):
        printed()


def test_the_repository_holds_no_number():
    concerns = concern_samples()
    sentences = [*chain(*concerns["pointed_out"].values()), *concerns["ordinary"]]

    assert [text for text in sentences if has_cpr_like(text)] == []
    assert [one["name"] for one in corpus()["spellings"] if has_cpr_like(one["template"])] == []
