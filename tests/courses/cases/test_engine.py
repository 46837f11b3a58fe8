"""A case on its clock: what a path leads to, and what the checker finds in a draft."""

from typing import Any

import pytest
from django.utils import translation

from courses.actions.cases import content_of
from courses.cases import MOST_BYTES, NotInStory, Span, Unit, check, read, replay, weigh
from courses.cases.clock import Moment, lasting
from tests.factories.cases import choice, ending, span, step, told


class RuleStub:
    """A rule as far as the content of a case names it."""

    pk = "00000000-0000-0000-0000-000000000001"


RULE: Any = RuleStub()


def story(**fields: Any) -> Any:
    """The small case with its limit, parts of it replaced."""
    return read(content_of({"da": told(RULE, **fields)}))


def with_steps(*steps: dict[str, Any]) -> Any:
    """A case of these steps and no deadline."""
    return read(content_of({"da": told(steps=list(steps), deadlines=[])}))


def codes(of: Any, **options: Any) -> list[str]:
    """The codes of what the checker finds."""
    return [problem.code for problem in check(of, unverified={}, **options)]


# --- The clock -----------------------------------------------------------------------------------


def test_the_clock_goes_over_midnight_and_the_end_of_the_week():
    friday = Moment(weekday=4, minute=15 * 60 + 40)

    assert str(friday) == "Fredag kl. 15.40 · dag 1"
    assert friday.after(8 * 60 + 20).short == "lørdag kl. 0.00"
    assert str(friday.after(3 * 24 * 60)) == "Mandag kl. 15.40 · dag 4"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutter"),
        (1, "1 minut"),
        (59, "59 minutter"),
        (23 * 60 + 50, "23 timer og 50 minutter"),
        (24 * 60, "1 dag"),
        (6 * 24 * 60 + 3 * 60 + 7, "6 dage og 3 timer"),
    ],
)
def test_a_length_of_time_is_said_in_two_parts_at_most(minutes: int, words: str):
    assert lasting(minutes) == words


def test_a_week_is_seven_days_and_a_day_is_not_24_hours():
    assert Span(1, Unit.WEEKS).says_the_same(Span(7, Unit.DAYS))
    assert not Span(1, Unit.DAYS).says_the_same(Span(24, Unit.HOURS))
    assert not Span(60, Unit.DAYS).says_the_same(Span(2, Unit.MONTHS))


# --- Playing a path ------------------------------------------------------------------------------


def test_a_play_begins_at_the_first_step_with_its_limits_running():
    run = replay(story(), [])

    assert (run.step.key, run.is_ended, run.last) == ("opkald", False, None)
    assert [(limit.state, limit.left) for limit in run.limits] == [("running", 24 * 60)]


def test_a_path_leads_to_its_step_and_takes_its_time():
    run = replay(story(), [["opkald", "spoerg"]])

    assert run.step.key == "notat"
    assert run.now.short == "fredag kl. 15.50"
    assert run.limits[0].left_in_words == "23 timer og 50 minutter"


def test_a_limit_is_met_when_what_meets_it_is_done_in_time():
    run = replay(story(), [["opkald", "spoerg"], ["notat", "beslut"]])

    assert (run.ending, run.limits[0].state, run.missed) == ("good", "met", 0)


@pytest.mark.parametrize(("minutes", "state"), [(24 * 60, "met"), (24 * 60 + 1, "late")])
def test_a_limit_holds_to_its_last_minute(minutes: int, state: str):
    steps = [step("opkald", choice("a", "slut", meets="beslut", takes=span(minutes)))]

    run = replay(story(steps=[*steps, ending("slut")]), [["opkald", "a"]])

    assert run.limits[0].state == state


def test_a_limit_that_nothing_met_is_missed_when_it_is_over():
    run = replay(story(), [["opkald", "vent"]])

    assert (run.limits[0].state, run.missed) == ("missed", 1)
    assert run.limits[0].left_in_words == "1 dag"


@pytest.mark.parametrize(("minutes", "result"), [(24 * 60, "good"), (24 * 60 + 1, "fair")])
def test_a_good_ending_takes_that_every_limit_was_held(minutes: int, result: str):
    steps = [step("opkald", choice("a", "slut", meets="beslut", takes=span(minutes)))]

    run = replay(story(steps=[*steps, ending("slut")]), [["opkald", "a"]])

    assert (run.ending, run.is_spoilt) == (result, result == "fair")


def test_a_limit_counts_with_the_length_of_the_rule_and_not_with_what_was_typed():
    content = content_of({"da": told(RULE)})
    content["deadlines"][0] |= {"stated": span(99, "hours"), "length": span(5)}

    run = replay(read(content), [["opkald", "spoerg"]])

    assert run.limits[0].state == "missed"


def test_a_limit_begins_the_first_time_its_step_is_reached():
    steps = [
        step("start", choice("frem", "opkald", takes=span(60))),
        step("opkald", choice("om", "opkald"), choice("a", "slut", meets="beslut")),
        ending("slut"),
    ]

    run = replay(story(steps=steps), [["start", "frem"], ["opkald", "om"], ["opkald", "om"]])

    assert run.limits[0].begun.elapsed == 60
    assert run.limits[0].left == 24 * 60 - 20


@pytest.mark.parametrize(
    "path",
    [
        [["notat", "beslut"]],
        [["opkald", "findes-ikke"]],
        [["opkald", "spoerg"], ["opkald", "spoerg"]],
        [["opkald", "spoerg"], ["notat", "beslut"], ["godt", "mere"]],
    ],
)
def test_a_path_that_leaves_the_story_is_refused(path: list[list[str]]):
    with pytest.raises(NotInStory):
        replay(story(), path)


def test_words_follow_the_language_and_a_missing_one_is_danish():
    kl = told(RULE)
    kl["steps"][0] |= {"heading": "[kl] sianerneq"}
    played = read(content_of({"da": told(RULE), "kl": kl}))

    with translation.override("kl"):
        assert played.steps[0].heading == "[kl] sianerneq"
        assert (played.steps[1].heading, played.steps[1].heading.language) == ("Trin notat", "da")


def test_a_translation_that_lags_behind_changes_words_only():
    kl = told(RULE, steps=[step("opkald", choice("spoerg", "et-andet-sted", text="[kl] apeqqut"))])

    content = content_of({"da": told(RULE), "kl": kl})

    first = content["steps"][0]["choices"][0]
    assert (first["to"], first["text"]["kl"]) == ("notat", "[kl] apeqqut")
    assert len(content["steps"]) == 6


# --- The checker ---------------------------------------------------------------------------------


def test_a_good_case_has_no_problem():
    assert codes(story()) == []


def test_a_case_without_steps_is_one_problem():
    assert codes(with_steps()) == ["no_steps"]


def test_a_branch_without_an_end_is_found():
    found = check(
        with_steps(step("a", choice("x", "b"), choice("y", "slut")), step("b"), ending("slut")),
        unverified={},
    )

    assert [(problem.code, problem.step) for problem in found] == [("no_end", "b")]
    assert "Grenen stopper ved" in str(found[0])


def test_a_circle_without_a_way_out_is_found_and_one_with_a_way_out_is_not():
    lost = with_steps(
        step("a", choice("x", "b"), choice("y", "slut")),
        step("b", choice("z", "c")),
        step("c", choice("w", "b")),
        ending("slut"),
    )
    fine = with_steps(step("a", choice("x", "a"), choice("y", "slut")), ending("slut"))

    assert [(p.code, p.step) for p in check(lost, unverified={})] == [
        ("no_end", "b"),
        ("no_end", "c"),
    ]
    assert codes(fine) == []


def test_an_unreachable_step_is_found():
    found = check(
        with_steps(step("a", choice("x", "slut")), ending("slut"), ending("gemt")), unverified={}
    )

    assert [(problem.code, problem.step) for problem in found] == [("unreachable", "gemt")]


def test_an_unknown_target_is_found():
    assert codes(with_steps(step("a", choice("x", "b"), choice("y", "slut")), ending("slut"))) == [
        "unknown_target"
    ]


def test_a_key_that_is_used_twice_is_found():
    found = with_steps(step("a", choice("x", "slut")), ending("slut"), ending("slut", "bad"))

    assert codes(found) == ["duplicate_key", "duplicate_key"]


def test_an_ending_with_choices_is_found():
    assert codes(with_steps(step("a", choice("x", "slut"), ending="good"), ending("slut"))) == [
        "ending_with_choices"
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"stated": span(48, "hours")}, "wrong_deadline"),
        ({"stated": span(1, "days")}, "wrong_deadline"),
        ({"stated": None}, "wrong_deadline"),
        ({"length": None}, "no_length"),
        ({"rule": None, "length": None}, "no_rule"),
        ({"begins_at": "findes-ikke"}, "unknown_step"),
        ({"begins_at": "godt"}, "never_met"),
    ],
)
def test_a_wrong_deadline_is_found(fields: dict[str, Any], code: str):
    told_wrong = told(RULE)
    told_wrong["deadlines"][0] |= fields

    assert codes(read(content_of({"da": told_wrong}))) == [code]


def test_a_deadline_that_no_way_can_meet_in_time_is_found():
    slow = step("opkald", choice("a", "slut", meets="beslut", takes=span(25, "hours")))

    found = check(story(steps=[slow, ending("slut")]), unverified={})

    assert [problem.code for problem in found] == ["never_met"]
    assert "1 dag og 1 time" in str(found[0])


def test_a_choice_that_meets_no_deadline_of_the_case_is_found():
    steps = [
        step("opkald", choice("a", "slut", meets="beslut"), choice("b", "slut", meets="andet")),
        ending("slut"),
    ]

    assert codes(story(steps=steps)) == ["unknown_deadline"]


def test_a_rule_that_is_not_verified_is_found_at_the_deadline_and_at_the_choice():
    found = check(story(), unverified={RULE.pk: "§ 46: …"})

    assert [(problem.code, problem.field) for problem in found] == [
        ("unverified", "steps"),
        ("unverified", "deadlines"),
    ]


def test_a_case_that_is_too_heavy_is_found():
    assert codes(story(), weight=MOST_BYTES) == []
    assert codes(story(), weight=MOST_BYTES + 1) == ["heavy"]


def test_the_weight_is_that_of_the_heavier_language():
    kl = told(RULE)
    kl["steps"][0] |= {"text": "".join(chr(97 + i * i % 26) for i in range(3000))}

    assert weigh(content_of({"da": told(RULE), "kl": kl})) > weigh(content_of({"da": told(RULE)}))


def test_a_draft_with_every_gap_is_judged_and_does_not_fail():
    gaps = {"id": "x", "key": "", "heading": "", "text": "", "ending": "", "closing": ""}
    draft = {
        "begins": {"weekday": 0, "minute": 0},
        "steps": [gaps | {"choices": [choice("", "", text="", takes=None)]}],
        "deadlines": [
            {"id": "d", "key": "", "name": "", "rule": None, "stated": None, "length": None,
             "begins_at": ""}
        ],
    }  # fmt: skip

    assert "unknown_target" in codes(read(content_of({"da": draft})))
