"""What a device says of an answer or of a case is what the server says: one corpus for both."""

import base64
import gzip
import itertools
import json
import random
from copy import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from courses.actions.cases import content_of
from courses.cases import NotInStory, read, replay
from courses.cases.replay import Run
from courses.kinds import kind_of
from courses.kinds.writing import folded, read_number
from courses.models import QuestionVersion
from pages.travelling.pieces import quiz_piece
from tests.factories.cases import choice, deadline, ending, span, step, told
from tests.factories.courses import (
    current,
    make_of_kind,
    right_answer,
    wrong_answer,
)

pytestmark = [pytest.mark.browser, pytest.mark.once]
SCRIPTS = Path(__file__).resolve().parents[2] / "assets" / "js" / "device"
KINDS = (
    *("single", "multiple", "true_false", "matching", "ordering", "numeric", "short", "cloze"),
)


def run(page: Page, module: str, script: str, given: Any) -> Any:
    """``script`` with the module as ``m`` and ``given`` as ``g``."""
    source = base64.b64encode((SCRIPTS / module).read_bytes()).decode()
    return page.evaluate(
        f"""async (g) => {{
            const m = await import("data:text/javascript;base64,{source}");
            {script}
        }}""",
        given,
    )


# --- Quizzes --------------------------------------------------------------------------------------


def as_device(version: QuestionVersion) -> dict[str, Any]:
    """The question as it travels."""
    made = quiz_piece(version.question_id, "da", [version])
    said: dict[str, Any] = json.loads(gzip.decompress(made.data))["questions"][0]
    return said


def as_json(given: Any) -> Any:
    if isinstance(given, str | dict):
        return given
    return [str(one) for one in given] if isinstance(given, tuple) else sorted(map(str, given))


TYPED = {
    "numeric": [
        *("24", "24,5", "24.5", "24,51", "23,5", "23,49", "24 timer", "−24", "2.400", "48", "0"),
    ],
    "short": [
        *("Qaqortoq", "qaqortoq.", " byen  Qaqortoq ", "ĸaĸortoĸ", "K'aK'ortoK'", "Nuuk", "x"),
    ],
}


def possible(version: QuestionVersion) -> list[Any]:
    """Many answers to one question, right ones among them."""
    rows = version.content["choices"]
    ids = [row["id"] for row in rows]
    match version.kind:
        case "multiple":
            found = [set(some) for n in range(1, 4) for some in itertools.combinations(ids, n)]
        case "ordering":
            found = list(itertools.permutations(ids))
        case "matching":
            solution: Any = kind_of(version).solution(version)
            keys = sorted(set(solution.values()))
            found = [
                dict(zip(solution, some, strict=True)) for some in itertools.product(keys, repeat=3)
            ]
        case "cloze":
            chosen = [row["id"] for row in rows if row["gap"] == 2]
            texts = ("24", "Fireogtyve!", "25")
            found = [{"1": one, "2": other} for one in texts for other in chosen]
        case _:
            found = TYPED.get(version.kind) or [{one} for one in ids]
    return found


def answers() -> list[tuple[QuestionVersion, Any]]:
    """Questions of every kind, as they are and corrected in each way, with many answers to each."""
    found = []
    for kind in KINDS:
        fields = {"right": (True, False, True)} if kind == "multiple" else {}
        made = current(make_of_kind(kind, **fields))
        solution, other = right_answer(made.question), wrong_answer(made.question)
        also = kind_of(made).normalise(made, other)
        for correction in ({}, {"all": True}, {"also": [also]}, {"out": True}):
            version = copy(made)
            version.correction = correction
            found += [(version, given) for given in [solution, other, *possible(version)]]
    return found


def right_in_the_result(version: QuestionVersion, chosen: Any) -> list[bool]:
    """Of each line or part of a result whether it says that it is right."""
    kind = kind_of(version)
    if kind.answered(version, chosen):
        return kind.verdicts(version, chosen)
    right = kind.right_rows(version, chosen)
    return [row["id"] in right for row in version.content["choices"]]


@pytest.mark.django_db
@pytest.mark.usefixtures("base")
def test_an_answer_is_right_on_the_device_exactly_where_it_is_at_the_server(page: Page) -> None:
    corpus, expected = [], []
    for version, given in answers():
        chosen = kind_of(version).normalise(version, given)
        judged = kind_of(version).judge(version, chosen)
        corpus.append([as_device(version), as_json(given)])
        expected.append([judged.right, judged.parts, right_in_the_result(version, chosen)])
    assert len(corpus) > 200
    assert {right == parts for right, parts, _ in expected} == {True, False}

    script = """return g.map(([question, given]) => {
        const shown = m.linesOf(question, given) ?? m.partsOf(question, given, String);
        return [...Object.values(m.judge(question, given)), shown.map((one) => one.isRight)];
    });"""
    found = run(page, "marking.js", script, corpus)

    assert found == expected


def test_texts_and_numbers_are_read_alike(page: Page) -> None:
    texts = [
        *("Qaqortoq", "ĸâĸortoĸ", "K'aanaaq", "  To   ord. ", "ÆBLE", "Ærø!", "é", "Straße", "ﬁn"),
        *("Å", "å", "ÂÎÛ", "Ørsted?", "", "..", "12", "½", "Ä ö"),
    ]
    numbers = [
        *("24", "24,5", "1.000", "1.000,5", "1,5", "-3", "−3", "+7", ".5", "5.", "1.00", "1 000"),
        *("24 timer", "24timer", "TIMER", "", "x", "1,2,3", "1e3", "１２", "12.345.678", "0,000"),
    ]

    def number(text: str) -> str | None:
        try:
            return str(int(read_number(text, ["timer"]).scaleb(24)))
        except ValueError:
            return None

    found = run(page, "marking.js", "return g.map(m.folded);", texts)
    assert found == [folded(text) for text in texts]
    script = 'return g.map((one) => m.readNumber(one, ["timer"])?.toString() ?? null);'
    assert run(page, "marking.js", script, numbers) == [number(text) for text in numbers]
    assert number("1,5") == str(int(Decimal("1.5").scaleb(24)))


# --- Cases ----------------------------------------------------------------------------------------


class RuleStub:
    """A rule as far as the content of a case names it."""

    pk = "00000000-0000-0000-0000-000000000001"


RULE: Any = RuleStub()


def stories() -> list[dict[str, Any]]:
    """The small case, one that turns in a circle with several limits, and one without any."""
    small = content_of({"da": told(RULE)})
    round_about = content_of(
        {
            "da": told(
                begins={"weekday": 6, "minute": 23 * 60 + 59},
                deadlines=[
                    deadline(RULE, key="en", length=span(1, "days"), begins_at="a"),
                    deadline(RULE, key="to", length=span(20), begins_at="b"),
                    deadline(RULE, key="tre", length=span(1, "months"), begins_at="a"),
                    deadline(RULE, key="fire", length=None, begins_at="a"),
                ],
                steps=[
                    step(
                        "a",
                        choice("frem", "b", takes=span(3, "hours")),
                        choice("uge", "b", takes=span(1, "weeks")),
                    ),
                    step(
                        "b",
                        choice("tilbage", "a", takes=None),
                        choice("moed-en", "b", takes=span(21), meets="en"),
                        choice("moed-to", "b", takes=span(20), meets="to"),
                        choice("slut", "c", meets="tre"),
                    ),
                    ending("c"),
                ],
            )
        }
    )
    return [small, round_about, content_of({"da": told()})]


def ways(content: dict[str, Any], many: int, dice: random.Random) -> list[list[list[str]]]:
    """Ways through a case: along its choices, and some that it does not have."""
    story, found = read(content), []
    for _ in range(many):
        path: list[list[str]] = []
        for _step in range(dice.randrange(9)):
            run_so_far = replay(story, path)
            if run_so_far.is_ended:
                break
            path.append([run_so_far.step.key, dice.choice(run_so_far.step.choices).id])
        found.append(path)
    return [*found, [["findes-ikke", "x"]], [[story.first.key, "x"]]]


def in_short(run: Run) -> dict[str, Any]:
    return {
        "step": run.step.key,
        "now": run.now.elapsed,
        "weekday": (run.now.weekday + run.now.day - 1) % 7,
        "day": run.now.day,
        "ended": run.is_ended,
        "ending": run.ending,
        "spoilt": run.is_spoilt,
        "missed": run.missed,
        "moves": [[move.step.key, move.choice.id, move.at.elapsed] for move in run.moves],
        "limits": [
            [one.deadline.key, one.state, one.left, one.met.elapsed if one.met else None]
            for one in run.limits
        ],
    }


IN_SHORT = """
return g.map(([content, path]) => {
  let run;
  try { run = m.replay(content, path); } catch (e) { return e.name; }
  const now = m.momentAt(content, run.now);
  return {
    step: run.step.key, now: run.now, weekday: now.weekday, day: now.day, ended: run.isEnded,
    ending: run.ending, spoilt: run.isEnded && run.isSpoilt, missed: run.missed,
    moves: run.moves.map(({ step, choice, at }) => [step.key, choice.id, at]),
    limits: run.limits.map(({ deadline, state, left, met }) => [deadline.key, state, left, met]),
  };
});
"""


def test_a_case_goes_the_same_way_on_the_device_and_at_the_server(page: Page) -> None:
    dice = random.Random(7)
    corpus = [(content, path) for content in stories() for path in ways(content, 120, dice)]
    expected = []
    for content, path in corpus:
        try:
            expected.append(in_short(replay(read(content), path)))
        except NotInStory:
            expected.append("NotInStory")
    assert {"NotInStory"} < {one if isinstance(one, str) else one["ending"] for one in expected}

    found = run(page, "cases.js", IN_SHORT, [list(one) for one in corpus])

    for one in expected:
        if not isinstance(one, str):
            one["spoilt"] = one["ended"] and one["spoilt"]
    assert found == expected
