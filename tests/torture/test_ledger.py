"""The ledger finds what it is there to find."""

import random

import pytest

from mentoring.models.session import MOST_CHARACTERS
from tests.torture.ledger import PIECES, Ledger, spelt


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(random.Random(3))


def test_a_sure_text_that_is_nowhere_is_lost(ledger: Ledger) -> None:
    sure, unsure = ledger.write(), ledger.write()
    sure.is_sure = True

    assert ledger.lost([]) == [sure.text]
    assert ledger.lost([unsure.text]) == [sure.text]
    assert ledger.lost([sure.text]) == []
    assert ledger.lost([sure.text[:-1]]) == [sure.text]


def test_a_text_lives_on_in_what_was_made_from_it(ledger: Ledger) -> None:
    first = ledger.write()
    first.is_sure = True
    second = ledger.go_on(first.text)
    third = ledger.go_on(spelt(second.text))  # as a form gives it back

    assert third.text.startswith(spelt(first.text))
    assert ledger.lost([third.text]) == []
    assert ledger.lost([second.text]) == []
    assert ledger.lost([]) == [first.text]


def test_where_a_field_is_full_the_next_text_takes_its_place(ledger: Ledger) -> None:
    first = ledger.write()
    first.is_sure = True
    entry = first
    while entry.text.startswith(first.text):
        entry = ledger.go_on(entry.text)

    assert all(len(spelt(one.text)) <= MOST_CHARACTERS for one in ledger.entries)
    assert ledger.lost([entry.text]) == []


def test_one_other_letter_is_altered(ledger: Ledger) -> None:
    entry = ledger.write()

    assert ledger.altered([spelt(entry.text)]) == []
    assert ledger.altered([spelt(entry.text) + " "]) == [spelt(entry.text) + " "]


def test_twice_is_doubled(ledger: Ledger) -> None:
    entry = ledger.write()

    assert ledger.doubled([entry.text]) == []
    assert ledger.doubled([entry.text, "another", entry.text]) == [entry.text]


def test_no_two_texts_are_the_same_and_all_pieces_are_used(ledger: Ledger) -> None:
    texts = [ledger.write().text for _ in range(200)]

    assert len(set(texts)) == 200
    assert all(any(piece in text for text in texts) for piece in PIECES)
