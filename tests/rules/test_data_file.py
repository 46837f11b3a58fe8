"""The data file against the tables that the rules were taken from, row by row."""

import re
import tomllib
from datetime import date

import pytest

from rules.management.commands.load_rules import DATA

ROWS = tomllib.loads(DATA.read_text(encoding="utf-8"))
RULES = {row["key"]: row for row in ROWS["rules"]}
ACTS = {row["key"]: row for row in ROWS["acts"]}
NUMBERS = {row["key"]: row["number"] for row in ROWS["acts"]}

MONTHS = [
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
    "oktober", "november", "december",
]  # fmt: skip

#: Every row that is verified or known from the press: paragraph, act or order, limit, state. A row
#: whose paragraph nobody has seen has none here and none in the file.
SEEN = {
    "best-interest": ("§ 2, stk. 1", "11/2024", "", "verified"),
    "child-view": ("§ 2, stk. 2", "11/2024", "", "verified"),
    "early-support": ("§ 3, stk. 1 og 2", "11/2024", "", "verified"),
    "preparedness": ("§ 3, stk. 3", "11/2024", "", "verified"),
    "age": ("", "", "", "verified"),
    "family-centre-supervision": ("§ 8, stk. 4 og 5", "11/2024", "", "verified"),
    "advice": ("§ 14", "11/2024", "", "verified"),
    "duty-general": ("§ 15", "11/2024", "", "verified"),
    "duty-professional": ("§ 16", "11/2024", "straks", "verified"),
    "anonymous": ("", "", "", "verified"),
    "report-form": ("", "", "", "verified"),
    "receipt": ("", "", "1 uge", "verified"),
    "reporter-not-party": ("", "", "", "verified"),
    "section-18-repealed": ("§ 18", "68/2023", "", "verified"),
    "decision-24h": ("§ 19, stk. 1", "11/2024", "24 timer", "verified"),
    "support-measures": ("§ 21, stk. 4, nr. 1 og 2", "11/2024", "", "verified"),
    "placement-report": ("§ 29, stk. 2", "11/2024", "8 dage", "verified"),
    "placement-report-also": ("", "", "", "verified"),
    "placement-return": ("§ 40", "11/2024", "", "verified"),
    "family-centres": ("§ 55 a", "11/2024", "", "verified"),
    "investigation": ("§ 45", "11/2024", "", "verified"),
    "investigation-involves": ("§§ 1–2", "16/2017", "", "verified"),
    "investigation-two-months": ("", "", "2 måneder", "verified"),
    "plan-two-months": ("", "", "2 måneder", "press"),
    "institution-plan-yearly": ("", "", "1 år", "press"),
    "complaint": ("", "", "", "verified"),
    "national-supervision": ("§§ 1–5", "22/2020", "", "verified"),
}


def test_the_file_holds_every_row_and_nothing_else():
    assert set(RULES) == set(SEEN)


@pytest.mark.parametrize("key", SEEN)
def test_a_row_says_what_was_seen(key):
    row = RULES[key]

    found = (
        row["paragraph"],
        NUMBERS.get(row.get("act"), ""),
        row.get("deadline_da", ""),
        row["state"],
    )

    assert found == SEEN[key]


@pytest.mark.parametrize(
    ("key", "dated_on"),
    [
        ("boernestoetteloven", date(2024, 3, 16)),
        ("boernestoetteloven-2017", date(2017, 6, 26)),
        ("aendringslov-2023", date(2023, 11, 20)),
        ("undersoegelsesbekendtgoerelsen", date(2017, 11, 8)),
        ("tilsynsbekendtgoerelsen", None),  # nobody has seen more than its year
    ],
)
def test_an_act_has_the_date_that_its_title_says_and_no_other(key, dated_on):
    act = ACTS[key]
    in_title = re.search(r" af (\d+)\. (\w+) (\d{4})", act["title_da"])

    assert act.get("dated_on") == dated_on
    assert (in_title is not None) == (dated_on is not None)
    if in_title is not None and dated_on is not None:
        day, month, year = in_title.groups()
        assert (int(day), MONTHS.index(month) + 1, int(year)) == (
            dated_on.day,
            dated_on.month,
            dated_on.year,
        )


def test_every_act_of_the_file_is_tried_for_its_date():
    assert len(ACTS) == 5


def test_what_is_known_from_the_press_says_so_in_its_own_words():
    from_press = [row for row in RULES.values() if row["state"] == "press"]

    assert [row["key"] for row in from_press if "presse" not in row["statement_da"]] == []


@pytest.mark.parametrize("unseen", ["§ 46", "§ 4, stk. 2", "17/2017"])
def test_nothing_that_is_not_verified_is_in_the_file(unseen):
    assert unseen not in DATA.read_text(encoding="utf-8")
