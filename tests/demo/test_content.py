"""What the demo says to its readers: complete, plain, and no rule that nobody has checked."""

import re
import statistics
import tomllib
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from core.identity import Kind, has_cpr_like, warnings_in
from mentoring.models import Recommendation

SITE = Path(__file__).parents[2] / "site"
CONTENT = SITE / "demo" / "content"


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


LAW = read(SITE / "rules" / "data" / "rules.toml")
ACTS = {act["key"]: act for act in LAW["acts"]}
RULES = {rule["key"]: rule for rule in LAW["rules"]}
PLACES = read(SITE / "people" / "data" / "places.toml")
MUNICIPALITIES = {row["key"] for row in PLACES["municipalities"]}
TOWNS = {town["key"]: town for town in PLACES["towns"]}
TOPICS = {topic["key"] for topic in read(SITE / "competences" / "data" / "topics.toml")["topics"]}
STAFF = read(CONTENT / "people.toml")
PEOPLE = {person["key"]: person for person in STAFF["people"]}
PAIRINGS = read(CONTENT / "pairings.toml")["pairings"]
OWN = read(CONTENT / "own.toml")
GOALS = read(CONTENT / "goals.toml")
PAGES = [
    page
    for path in (CONTENT / "pages.toml", SITE / "pages" / "data" / "pages.toml")
    for page in read(path)["pages"]
]
MODULES = [read(path) for path in sorted((CONTENT / "modules").glob("*.toml"))]
SESSIONS = [(pairing, log) for pairing in PAIRINGS for log in pairing.get("sessions", [])]

BLOCK_FIELDS = {
    "heading": {"text"},
    "text": {"html"},
    "fact_box": {"title", "html"},
    "checklist": {"title", "items"},
    "rule": {"rule"},
    "press_box": {"title", "html", "source"},
    "practice": {"title", "html"},
    "sources": {"items"},
    "helpline": set(),
    "contact": {"card"},
    "shared_checklist": {"list"},
    "words": {"words"},
    "quiz": set(),
}
OPTIONAL_FIELDS = {"press_box": {"source_url"}, "quiz": {"asks"}}
CODES = {
    "key",
    "slug",
    "type",
    "kind",
    "state",
    "mode",
    "rule",
    "act",
    "url",
    "source_url",
    "email",
    "asks",
    "card",
    "competences",
    "list",
    "words",
    "competence",
    "observed",
    "session",
    "mentor",
    "start",
    "target",
    "answered",
    "ended",
    "by",
} | {
    "topics",
    "time_zone",
    "person",
    "lesson",
    "case",
    "answered_by",
}
TAGS = {"p", "b", "i", "ul", "ol", "li", "a"}
KNOWN_NAMES = ["Ilulissat", "Uummannaq", "Upernavik", "Demo"]
ROLES = {"mentor", "caseworker", "travelling", "leader", "coordinator"} | {
    "editor",
    "translator",
    "reviewer",
    "administrator",
}

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module["slug"])
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page["key"])
each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def blocks_of(module: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for lesson in module["lessons"] for block in lesson["blocks"]]


def plain(html: str) -> str:
    """The words of ``html``; the end of a paragraph or list item ends a sentence."""
    return re.sub(r"<[^>]*>", "", re.sub(r"</(?:p|li)>", "\n", html))


def sentences(text: str) -> Iterator[list[str]]:
    unbroken = re.sub(r"\b(stk|nr|kl|fx)\.", r"\1", plain(text))
    for sentence in re.split(r"[.!?]+[»«)]*(?:\s|$)|\n", unbroken):
        if words := re.findall(r"[\w§-]+", sentence):
            yield words


def prose_in(value: object) -> Iterator[str]:
    """Every text that somebody reads on a screen: no keys, addresses and codes."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in CODES:
                yield from prose_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from prose_in(part)
    elif isinstance(value, str):
        yield value


def everything_read() -> list[str]:
    return list(prose_in([LAW, PLACES, STAFF, PAIRINGS, PAGES, MODULES, OWN, GOALS]))


def number_of(paragraph: str) -> list[str]:
    """The section numbers in a text: '§ 55 a, stk. 1' is 55 a, '§§ 1–2' is 1 and 2."""
    found = []
    for start, end in re.findall(r"§§?\s*(\d+(?: [a-h]\b)?)(?:[–-](\d+))?", paragraph):
        found += [start, end] if end else [start]
    return found


# --- The law ------------------------------------------------------------------------------------


@each_rule
def test_a_rule_says_who_says_it_and_when_that_was_checked(rule):
    assert rule["state"] in {"verified", "press"}
    assert rule["source_title"]
    assert rule["source_url"].startswith("https://")
    assert rule["checked_on"] < rule["review_by"]
    assert rule.get("act") is None or rule["act"] in ACTS
    assert bool(rule["paragraph"]) <= ("act" in rule), "a paragraph belongs to an act"


@each_rule
def test_a_rule_known_from_the_press_says_so_and_has_no_paragraph(rule):
    from_press = rule["state"] == "press"

    assert ("presse" in rule["statement_da"]) == from_press
    assert not (from_press and rule["paragraph"])


def test_no_rule_comes_with_a_kalaallisut_text_that_nobody_translated():
    assert not [key for rule in RULES.values() for key in rule if key.endswith("_kl")]


def test_a_text_cites_only_paragraphs_that_the_register_has_verified():
    verified = {
        number
        for rule in RULES.values()
        if rule["state"] == "verified"
        for number in number_of(rule["paragraph"])
    }
    cited = {number for text in everything_read() for number in number_of(plain(text))}

    assert cited <= verified


def test_nothing_unverified_is_shown():
    marks = re.compile(r"\bNV\b|not verified|TODO|lorem", re.IGNORECASE)

    assert [text for text in everything_read() if marks.search(text)] == []


# --- Plain Danish, and nobody's identity --------------------------------------------------------


def test_no_sentence_is_longer_than_a_tired_reader_can_hold():
    too_long = [
        " ".join(words)
        for text in everything_read()
        for words in sentences(text)
        if len(words) > 28
    ]

    assert too_long == []


@each_module
def test_most_sentences_are_short(module):
    lengths = [len(words) for text in prose_in(module) for words in sentences(text)]

    assert 3 <= statistics.median(lengths) <= 12


def test_no_text_holds_digits_like_a_cpr_number():
    assert [text for text in everything_read() if has_cpr_like(text)] == []


def test_no_text_names_a_settlement():
    named = [
        text
        for text in everything_read()
        if any(concern.kind is Kind.SETTLEMENT for concern in warnings_in(text))
    ]

    assert named == []


@pytest.mark.parametrize("log", [log for _, log in SESSIONS], ids=lambda log: str(log["date"]))
def test_a_session_is_about_the_work_and_never_about_a_family(log):
    for text in (log["went_well"], log["next_step"]):
        assert 0 < len(text) <= 500
        assert warnings_in(text, known_names=KNOWN_NAMES) == []


@each_module
def test_an_invented_situation_has_neither_age_nor_name_nor_place(module):
    situations = [question["situation_da"] for question in module["quiz"]]
    situations += [
        plain(block["html"]) for block in blocks_of(module) if block["type"] == "practice"
    ]

    assert [text for text in situations if warnings_in(text)] == []


# --- Modules ------------------------------------------------------------------------------------


def test_there_are_sixteen_modules():
    assert [module["number"] for module in MODULES] == list(range(1, 17))
    slugs = [module["slug"] for module in MODULES]
    assert all(re.fullmatch(r"[a-z0-9-]+", slug) for slug in slugs)
    assert len(set(slugs)) == 16


class _Tags(HTMLParser):
    """Checks that only allowed tags are used and that each one is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _assert_blocks_are_whole(blocks: list[dict[str, Any]]) -> None:
    for block in blocks:
        kind = block["type"]
        needed, given = BLOCK_FIELDS[kind], set(block) - {"type"}
        assert needed <= given <= needed | OPTIONAL_FIELDS.get(kind, set())
        if kind == "rule":
            assert block["rule"] in RULES
        if kind == "sources":
            assert all(row["url"].startswith("https://") and row["title"] for row in block["items"])
        if kind == "checklist":
            assert all(block["items"])
        if "html" in block:
            parser = _Tags()
            parser.feed(block["html"])
            assert parser.open == []


@each_module
def test_a_module_is_whole(module):
    assert module["title_da"]
    assert module["summary_da"]
    assert len(module["outcomes_da"]) == 3
    slugs = [lesson["slug"] for lesson in module["lessons"]]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9-]+", slug) for slug in slugs)
    assert all(lesson["title_da"] and lesson["intro_da"] for lesson in module["lessons"])
    _assert_blocks_are_whole(blocks_of(module))


@each_module
def test_a_module_ends_by_sending_real_doubt_to_a_person_or_the_act(module):
    last = [block.get("html", "") for block in module["lessons"][-1]["blocks"]]

    assert any(
        all(word in html for word in ("teamleder", "Socialstyrelsen (§ 14)", "loven"))
        for html in last
    )


@each_module
def test_the_press_speaks_only_in_its_box_and_by_its_name(module):
    for block in blocks_of(module):
        by_the_press = "sermitsiaq" in block.get("source_url", "")
        assert not by_the_press or "resse" in block["html"]
        if block["type"] != "press_box":
            assert "presse" not in plain(block.get("html", "")).casefold()


#: Where nobody has noted which page of the site says it.
KNOWN_BY_SITE = {
    "https://boernogunge.dk",
    "https://regelrytter.dk",
    "https://socialstyrelsen.gl",
    "https://vidensportal.dk",
}


def test_a_source_leads_to_the_page_that_says_it():
    cited = {rule["source_url"] for rule in RULES.values()}
    for module in MODULES:
        for block in blocks_of(module):
            cited |= {block[name] for name in ("source_url",) if name in block}
            if block["type"] == "sources":
                cited |= {item["url"] for item in block["items"]}

    assert {url for url in cited if not urlsplit(url).path.strip("/")} == KNOWN_BY_SITE


@pytest.mark.parametrize(
    "nowhere_said", ["det, du oplever på dit arbejde", "stærkt kritisabel", "er siden vedtaget"]
)
def test_nothing_is_said_of_the_law_that_no_source_says(nowhere_said):
    assert [
        module["slug"]
        for module in MODULES
        for block in blocks_of(module)
        if nowhere_said in block.get("html", "")
    ] == []


@each_module
def test_a_module_has_lessons_of_a_few_minutes_with_rules_and_sources(module):
    assert len(module["lessons"]) in {3, 4}
    for lesson in module["lessons"]:
        kinds = {block["type"] for block in lesson["blocks"]}
        taught = [block for block in lesson["blocks"] if block["type"] != "sources"]
        taught += [RULES[block["rule"]] for block in taught if block["type"] == "rule"]
        words = sum(len(part) for text in prose_in(taught) for part in sentences(text))
        assert 5 <= lesson["minutes"] <= 8
        assert 300 <= words <= 600
        assert {"rule", "heading", "text"} <= kinds
    assert {"sources", "practice", "fact_box", "checklist"} <= {
        b["type"] for b in blocks_of(module)
    }


@each_module
def test_the_quiz_stands_at_the_end_of_the_last_lesson_only(module):
    where = [
        (number, position - len(lesson["blocks"]))
        for number, lesson in enumerate(module["lessons"], start=1)
        for position, block in enumerate(lesson["blocks"])
        if block["type"] == "quiz" and "asks" not in block
    ]

    assert where == [(len(module["lessons"]), -1)]


@each_module
def test_a_quiz_has_five_questions_that_can_be_answered(module):
    questions = module["quiz"]
    number = module["number"]
    assert [question["key"] for question in questions] == [f"m{number}-q{n}" for n in range(1, 6)]
    assert sum("rule" in question for question in questions) >= 4
    for question in questions:
        choices = question["choices"]
        right = sum(choice["correct"] for choice in choices)
        assert question.get("rule", "duty-general") in RULES
        assert [choice["key"] for choice in choices] == list("abcd")[: len(choices)]
        assert len(choices) >= 3
        assert all(choice["text_da"] and choice["feedback_da"] for choice in choices)
        assert right == 1 if question["kind"] == "single" else 1 < right < len(choices)
        assert question["kind"] in {"single", "multiple"}


def test_a_lesson_on_the_way_asks_one_question_of_each_of_the_other_kinds():
    [module] = [module for module in MODULES if "practice_quiz" in module]
    [lesson] = [
        lesson
        for lesson in module["lessons"]
        if {"type": "quiz", "asks": "practice_quiz"} in lesson["blocks"]
    ]
    questions = module["practice_quiz"]

    assert lesson is not module["lessons"][-1]
    assert {question["kind"] for question in questions} == {
        "true_false", "ordering", "matching", "numeric", "short", "cloze",
    }  # fmt: skip
    assert all(question["rule"] in RULES for question in questions if "rule" in question)
    assert all(question["feedback_da"] for question in questions)


def test_the_right_answer_does_not_always_stand_in_the_same_place():
    single = [q for module in MODULES for q in module["quiz"] if q["kind"] == "single"]
    places = [next(c["key"] for c in question["choices"] if c["correct"]) for question in single]

    assert set(places) == {"a", "b", "c"}
    assert max(places.count(place) for place in "abc") <= len(places) * 0.6


# --- Pages, places, people and pairings ---------------------------------------------------------


@each_page
def test_a_page_is_whole(page):
    assert page["kind"] in {"home", "information", "privacy"}
    assert page["title_da"]
    assert page["intro_da"]
    _assert_blocks_are_whole(page["blocks"])


def test_seventeen_towns_lie_in_the_five_municipalities_of_today():
    today = {row["key"] for row in PLACES["municipalities"] if "ends_on" not in row}

    assert len(TOWNS) == 17
    assert len(today) == 5
    assert {town["municipality"] for town in TOWNS.values()} == today


def test_the_municipality_that_was_split_ends_when_its_successors_begin():
    rows = {row["key"]: row for row in PLACES["municipalities"]}
    old = rows["qaasuitsup"]

    assert old["successors"] == ["avannaata", "qeqertalik"]
    assert {rows[key]["starts_on"] for key in old["successors"]} == {old["ends_on"]}


def test_a_guessed_link_quality_says_that_it_is_a_guess():
    guessed = [town for town in TOWNS.values() if town["link"] in {"good", "medium"}]

    assert all("antagelse" in town["link_note_da"] for town in guessed)


def test_everybody_is_invented_and_belongs_somewhere():
    organisations = MUNICIPALITIES | {
        row["key"] for row in [*PLACES["organisations"], *STAFF["organisations"]]
    }

    for person in PEOPLE.values():
        assert " Demo " in person["name"]
        assert person["email"].endswith("@example.org")
        assert person["organisation"] in organisations
        assert person["town"] in TOWNS
        assert all(
            0 <= skill[side] <= 3 for skill in person["languages"] for side in ("spoken", "written")
        )
        assert person["roles"]
        for role in person["roles"]:
            scope, _, key = role["scope"].partition(":")
            assert key in {"country": {""}, "municipality": MUNICIPALITIES, "town": TOWNS}[scope]
    assert {role["key"] for person in PEOPLE.values() for role in person["roles"]} == ROLES


def test_a_pairing_has_both_sides_and_only_members_take_part():
    for pairing in PAIRINGS:
        members = {member["person"]: member for member in pairing["members"]}
        assert pairing["town"] in TOWNS
        assert set(members) <= set(PEOPLE)
        assert {member["side"] for member in members.values()} == {"mentor", "caseworker"}
        logs = pairing.get("sessions", [])
        assert logs == [] if pairing["state"] == "planned" else 3 <= len(logs) <= 8
        assert [log["date"] for log in logs] == sorted(log["date"] for log in logs)
        for log in logs:
            assert members[log["author"]]["side"] == "mentor"
            assert log["author"] in log["participants"]
            assert set(log["topics"]) <= TOPICS
            for key in log["participants"]:
                assert members[key]["starts_on"] <= log["date"] < members[key]["ends_on"]


def test_every_field_of_a_pairing_is_loaded_into_a_field_of_the_product():
    keys = {key for pairing in PAIRINGS for key in pairing}
    member_keys = {key for pairing in PAIRINGS for member in pairing["members"] for key in member}
    session_keys = {key for _pairing, log in SESSIONS for key in log}

    assert keys <= {"key", "town", "kind", "state", "starts_on", "ends_on", "language_note_da"} | {
        "tags",
        "members",
        "sessions",
        "handovers",
        "followed_up",
    }
    assert member_keys == {"person", "side", "starts_on", "ends_on"}
    assert session_keys <= {"date", "minutes", "topics", "mode", "author", "participants"} | {
        "observed",
        "went_well",
        "next_step",
        "languages",
        "interpreter",
        "confirmed",
        *("next_owner", "next_by", "done", "text_languages", "amended"),
    }
    assert {number for pairing in PAIRINGS for number in pairing["tags"]} <= set(
        Recommendation.values
    )


def test_goals_are_of_members_and_every_field_is_loaded():
    sides = {
        (member["person"], member["side"]) for pairing in PAIRINGS for member in pairing["members"]
    }
    sessions = {
        f"{pairing['key']}-{number}"
        for pairing in PAIRINGS
        for number, _log in enumerate(pairing.get("sessions", []))
    }
    for goal in GOALS["goals"]:
        assert (goal["person"], "caseworker") in sides
        assert (goal["mentor"], "mentor") in sides
        assert goal["by"] in {goal["person"], goal["mentor"]}
        assert goal["on"] < goal["due_on"]
        assert set(goal) <= {"person", "mentor", "competence", "by", "on", "start", "target"} | {
            "due_on",
            "why",
            "answered",
            "planned",
            "ended",
            "ended_on",
            "change",
        }
        assert len(goal["why"]) <= 500
    for reflection in GOALS["reflections"]:
        assert reflection["session"] in sessions
        assert set(reflection) == {"person", "session", "text"}


def test_the_training_moves_from_in_front_to_behind():
    order = ["in_front", "beside", "behind"]

    for pairing in PAIRINGS:
        modes = [order.index(log["mode"]) for log in pairing.get("sessions", [])]
        assert modes == sorted(modes)


def test_two_sessions_under_way_wait_for_the_trainee_and_all_others_are_confirmed():
    waiting = [log for pairing, log in SESSIONS if not log["confirmed"]]

    assert [pairing["town"] for pairing, log in SESSIONS if not log["confirmed"]] == [
        "sisimiut"
    ] * 2
    assert all("sagsbehandler1" in log["participants"] for log in waiting)
    assert max(log["date"] for _, log in SESSIONS) <= date(2026, 11, 18)
