"""The three cases of the demo: no problem, light, in plain words, with every kind of ending."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.dates import WEEKDAYS

from core.identity import find_cpr_like, warnings_in
from courses.cases import MOST_BYTES, Ending, Run, Story, replay
from courses.models import Case
from demo.cases import case_pages, cases
from pages.cases import Draft
from pages.models import CasePage
from rules.models import Rule
from tests.factories.pages import make_module_page, put

pytestmark = pytest.mark.once

CASES = cases()
#: Who may be named.
AUTHORITIES = ["Socialstyrelsen", "Naalakkersuisut"]
NAMES = [case["slug"] for case in CASES]


@pytest.fixture
def _rules(base: None) -> None:
    """The register as it is delivered."""
    from django.core.management import call_command

    call_command("load_rules", verbosity=0)


def page_of(row: dict[str, Any]) -> CasePage:
    """The page of a case, published as the demo does."""
    ((page, _key, slug),) = case_pages(row["module"])
    page.slug = slug
    return put(make_module_page(), page)


def texts(row: dict[str, Any]) -> list[str]:
    """Everything that a reader sees of a case."""
    found = [row["title_da"], row["intro_da"], row["before_html"]]
    for step in row["steps"]:
        found += [step["heading"], step["html"], step.get("closing", "")]
        for choice in step.get("choices", []):
            found += [choice["text"], choice["consequence"]]
    return [re.sub(r"<[^>]+>", " ", text) for text in found]


def ways(story: Story, *, most: int = 1) -> Iterator[Run]:
    """Where one stands on every way that goes to no step more often than ``most``."""
    waiting: list[list[list[str]]] = [[]]
    while waiting:
        path = waiting.pop()
        run = replay(story, path)
        yield run
        seen = Counter([key for key, _choice in path] + [run.step.key])
        waiting += [
            [*path, [run.step.key, choice.id]]
            for choice in run.step.choices
            if seen[choice.to] < most
        ]


def endings_of(story: Story) -> Counter[str]:
    """How every way ends that goes to no step twice."""
    return Counter(run.ending for run in ways(story) if run.is_ended)


def test_there_are_three_below_the_modules_they_belong_to():
    assert [case["module"] for case in CASES] == [3, 6, 9]


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("row", CASES, ids=NAMES)
def test_a_case_has_no_problem_and_is_light(row: dict[str, Any]):
    draft = Draft.of(page_of(row))

    assert [str(problem) for problem in draft.problems] == []
    assert draft.weight < MOST_BYTES
    assert Case.objects.get().is_offered


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("row", CASES, ids=NAMES)
def test_a_case_is_as_long_as_a_coffee_and_ends_in_every_way(row: dict[str, Any]):
    story = Draft.of(page_of(row)).story

    assert 8 <= len(story.steps) <= 14
    assert sum(bool(step.ending) for step in story.steps) >= 4
    found = endings_of(story)
    assert set(found) == set(Ending.values)
    assert {limit.deadline.key for limit in replay(story, []).limits} <= {
        deadline.key for deadline in story.deadlines
    }


#: A step that begins with one of them takes place on its morning.
DAYS = [str(day) for day in WEEKDAYS.values()]
IN_TIME = re.compile(r"til tiden|i tide|fristen holder", re.IGNORECASE)


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("row", CASES, ids=NAMES)
def test_the_words_say_what_the_clock_says_also_on_a_second_round(row: dict[str, Any]):
    for run in ways(Draft.of(page_of(row)).story, most=2):
        heading = run.step.heading.lower()
        for day in DAYS:
            if heading.startswith(day):
                assert run.now.short.startswith(day), (run.path, run.now.short)
                assert int(run.now.short.split("kl. ")[1].split(".")[0]) < 12, run.now.short
        told = [heading, run.step.text]
        if run.last:
            told += [run.last.choice.text, run.last.choice.consequence]
        assert not (run.missed and any(map(IN_TIME.search, told))), (run.path, told)


def test_only_a_placement_has_eight_days_and_a_return_is_reported_too():
    row = next(case for case in CASES if case["slug"] == "sag-efter-besoeget")
    good = {step["key"] for step in row["steps"] if step.get("ending") == "good"}
    choices = [choice for step in row["steps"] for choice in step.get("choices", [])]

    leading = [choice["rule"] for choice in choices if choice["to"] in good]
    assert leading == ["placement-report-also"] * len(good)
    assert "placement-report" not in {choice.get("rule") for choice in choices}
    assert not row.get("deadlines")
    assert "8 dage" not in " ".join(texts(row))


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("row", CASES, ids=NAMES)
def test_a_case_cites_verified_rules_only(row: dict[str, Any]):
    version = (page_of(row), Case.objects.get().versions.get())[1]

    assert set(version.rules.values_list("state", flat=True)) == {Rule.State.VERIFIED}


@pytest.mark.parametrize("row", CASES, ids=NAMES)
def test_each_choice_says_what_comes_of_it_and_no_step_has_only_good_ones(row: dict[str, Any]):
    for step in row["steps"]:
        verdicts = {choice["verdict"] for choice in step.get("choices", [])}
        assert len(verdicts) != 1 or verdicts != {"good"} or step["key"] == "oplyst", step["key"]
        assert step.get("closing") or step["choices"]


@pytest.mark.parametrize("row", CASES, ids=NAMES)
def test_a_case_names_nobody_and_no_age_and_keeps_its_sentences_short(row: dict[str, Any]):
    for text in texts(row):
        assert warnings_in(text, known_names=AUTHORITIES) == [], text
        assert not find_cpr_like(text)
        for sentence in re.split(r"[.!?:]\s", text):
            assert len(sentence.split()) <= 28, sentence
