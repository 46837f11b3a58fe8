"""The CPR rule, held to its corpus; numbers are put together here and stand nowhere."""

import time
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identity import (
    PATTERN,
    REDACTED,
    Kind,
    find_cpr_like,
    has_cpr_like,
    redact,
    refuse_cpr_like,
    texts_in,
    warnings_in,
)
from core.identity_samples import corpus, fill, numbers, texts_with

CORPUS = corpus()


def number(template: str = "{dd}{mm}{yy}-{nnnn}") -> str:
    return fill(template, (1, 2, 1990, 1234))


@pytest.mark.parametrize("spelling", CORPUS["spellings"], ids=lambda spelling: spelling["name"])
def test_every_spelling_of_every_number_is_found(spelling):
    for at, text in enumerate(texts_with(spelling)):
        assert has_cpr_like(text), f"number {at}"


@pytest.mark.parametrize("template", CORPUS["harmless"])
def test_what_is_harmless_passes(template):
    for each in numbers() if "{" in template else numbers(16)[:1]:
        assert find_cpr_like(fill(template, each)) == []


def test_the_corpus_is_as_large_as_promised():
    assert len(CORPUS["spellings"]) >= 24
    assert len(set(CORPUS["harmless"])) >= 300


def test_the_browser_is_held_to_the_same_pattern():
    assert CORPUS["pattern"] == PATTERN


@pytest.mark.parametrize(
    ("day", "month", "found"),
    [
        (0, 1, False), (1, 1, True), (31, 1, True), (32, 1, False), (60, 1, False),
        (61, 1, True), (91, 1, True), (92, 1, False), (99, 1, False),
        (1, 0, False), (1, 12, True), (1, 13, False),
    ],
)  # fmt: skip
def test_the_edges_of_day_and_month(day, month, found):
    assert has_cpr_like(fill("{dd}{mm}{yy}-{nnnn}", (day, month, 1990, 1234))) is found


@pytest.mark.parametrize(("year", "found"), [(1799, False), (1800, True), (2099, True)])
def test_the_edges_of_a_four_digit_year(year, found):
    assert has_cpr_like(fill("{dd}.{mm}.{yyyy}-{nnnn}", (1, 1, year, 1234))) is found


@pytest.mark.parametrize("template", ["9{dd}{mm}{yy}{nnnn}", "{dd}{mm}{yy}{nnnn}9"])
def test_digits_inside_a_longer_number_are_no_cpr_number(template):
    assert not has_cpr_like(number(template))


def test_a_date_before_bare_digits_is_refused_because_no_eye_can_tell_it_apart():
    assert has_cpr_like(number("{dd}.{mm}.{yyyy} 1430"))


def test_positions_are_those_of_the_text_as_written():
    text = f"før {number('<b>{dd}</b>&nbsp;{mm}{yy}-{nnnn}')} efter"

    assert [text[start:end] for start, end in find_cpr_like(text)] == [
        number("{dd}</b>&nbsp;{mm}{yy}-{nnnn}")
    ]


def test_redact_takes_every_number_and_nothing_else():
    text = f"a {number()}, b {number('{dd} {mm} {yy} {nnnn}')} c 12.03.2026"

    assert redact(text) == f"a {REDACTED}, b {REDACTED} c 12.03.2026"


def test_the_validator_accepts_what_is_harmless():
    refuse_cpr_like("Aftalt 12.03.2026 kl. 14.30")
    refuse_cpr_like(None)


@pytest.mark.parametrize(
    "value",
    [
        number(),
        [1, {"a": ["x", number()]}],
        {number(): 1},
        {"a": int(number("{dd}{mm}{yy}{nnnn}").lstrip("0").rjust(10, "1"))},
    ],
)
def test_the_validator_refuses_and_does_not_repeat(value):
    with pytest.raises(ValidationError) as refusal:
        refuse_cpr_like(value)

    assert refusal.value.code == "cpr_like"
    assert not any(digit.isdigit() for digit in str(refusal.value))


def test_the_validator_names_the_line():
    with pytest.raises(ValidationError) as refusal:
        refuse_cpr_like(f"første\nanden\ntredje {number()}")

    assert refusal.value.params == {"line": 3}


def test_texts_in_walks_whatever_json_can_hold():
    assert sorted(texts_in({"a": ["b", {"c": 1, "d": None}], "e": (True, "f")})) == list("1abcdef")


def test_a_megabyte_takes_half_a_second():
    text = ("Gennemgik underretninger den 12.03.2026 kl. 14.30, tlf. 32 10 12. " * 20_000)[: 10**6]

    started = time.process_time()

    assert not has_cpr_like(text)
    assert time.process_time() - started < 0.5 * SLACK


@pytest.mark.parametrize(
    "piece",
    [
        *["1 ", "1", "11 ", "1. ", "1\u200b", "1<b>", "<!--", "<a ", "&amp;", "1&nbsp;", "\0"],
        *["a1", "1111 ", "12.12.", "DK50 0040 ", "12121212-1212-", "\n ", "1 - ", "1.1111 "],
    ],
)
def test_hostile_text_takes_time_in_proportion_to_its_length(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.process_time()
        has_cpr_like(text)
        return time.process_time() - started

    assert seconds(300_000) < max(4 * seconds(100_000), 0.2) * SLACK


SLACK = 2  # the machine may be busy with something else


@settings(deadline=None)
@given(st.text(), st.text(), st.sampled_from(CORPUS["spellings"]), st.sampled_from(numbers()))
def test_found_between_any_texts_that_are_no_digits_themselves(before, after, spelling, each):
    before = "".join(character for character in before if not character.isdecimal())
    after = "".join(character for character in after if not character.isdecimal())
    text = f"{before},{fill(spelling['template'], each, spelling['zero'])},{after}"

    assert has_cpr_like(text) or "<" in before  # an open comment


@settings(deadline=None)
@given(st.text(alphabet="0123456789 -./\u200b<b>&#;\n") | st.text())
def test_spans_lie_in_the_text_in_order_and_what_is_redacted_is_gone(text):
    spans = find_cpr_like(text)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert bool(spans) == has_cpr_like(text)


# --- Warnings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mødt 12.03.2026", [(Kind.FULL_DATE, "12.03.2026")]),
        ("Mødt den 5. maj 2019", [(Kind.FULL_DATE, "5. maj 2019")]),
        ("Mødt 2026-03-12", [(Kind.FULL_DATE, "2026-03-12")]),
        ("Barnet er 5 år", [(Kind.AGE, "5 år")]),
        ("en femårig", [(Kind.AGE, "femårig")]),
        ("meeraq 7-inik ukiulik", [(Kind.AGE, "7-inik ukiulik")]),
        ("ukiulik 12", [(Kind.AGE, "ukiulik 12")]),
        ("bor på Skolevej 3", [(Kind.ADDRESS, "Skolevej 3")]),
        ("bor i Storgade", [(Kind.ADDRESS, "Storgade")]),
        ("Aqqusinersuaq 12", [(Kind.ADDRESS, "Aqqusinersuaq 12")]),
        ("bor i B-1234", [(Kind.ADDRESS, "B-1234")]),
        ("talte med Anna Petersen", [(Kind.NAME, "Anna Petersen")]),
        ("talte med Anna P.", [(Kind.NAME, "Anna P.")]),
        ("rejste til Ilimanaq", [(Kind.SETTLEMENT, "Ilimanaq")]),
        ("fra Kulusuk", [(Kind.SETTLEMENT, "Kulusuk")]),
        ("se sag nr. 5", [(Kind.CASE_NUMBER, "sag nr. 5")]),
        ("se j.nr. 5", [(Kind.CASE_NUMBER, "j.nr. 5")]),
        ("se j.nr. 12-2026/7.", [(Kind.CASE_NUMBER, "j.nr. 12-2026/7")]),
        ("hvad er et sagsnr?", [(Kind.CASE_NUMBER, "sagsnr")]),
    ],
)  # fmt: skip
def test_what_may_tell_a_family_is_pointed_out(text, expected):
    assert [(kind, text[start:end]) for kind, start, end in warnings_in(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Gennemgik modtagelse af underretning med skabelon. Kollegaen førte ordet anden gang.",
        "Øvede 24-timers beslutning på opdigtet eksempel. Næste gang: kvitteringsbrev.",
        "Tolk var bestilt, men kom ikke. Brugte kollega. Bør bestilles ugen før.",
        "Undervejs fandt vi en genvej. Udvejen var ny.",
        "",
    ],
)
def test_ordinary_notes_are_left_alone(text):
    assert warnings_in(text) == []


def test_staff_and_places_are_no_concern():
    text = "Mentor Demo 1 og Anna Petersen mødtes i Ilimanaq"

    known = ["Mentor Demo 1", "Anna Petersen", "Ilimanaq"]

    assert warnings_in(text, known_names=known) == []
    assert [warning.kind for warning in warnings_in(text)] == [
        Kind.NAME, Kind.NAME, Kind.SETTLEMENT,
    ]  # fmt: skip
