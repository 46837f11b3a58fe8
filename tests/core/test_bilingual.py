"""A text knows its language, and whether its Danish is newer."""

import pytest
from django.utils import translation

from core.bilingual import Text
from pages.models import GlossaryTerm


@pytest.fixture
def word():
    """A word whose meaning was translated from the Danish that it has."""
    word = GlossaryTerm(term_da="frist", meaning_da="Den sidste dag.", meaning_kl="[kl]")
    word.remember_danish("meaning", "kl")
    return word


def meaning(word, language="kl"):
    with translation.override(language):
        return word.meaning


def test_a_translation_of_the_danish_of_today_is_not_older(word):
    assert (meaning(word), meaning(word).is_older) == ("[kl]", False)


def test_a_translation_is_older_while_its_danish_says_something_else(word):
    word.meaning_da = "Dagen efter."
    assert meaning(word).is_older
    assert not meaning(word, "da").is_older

    word.meaning_da = "Den sidste dag."
    assert not meaning(word).is_older


def test_what_is_read_in_danish_is_not_older(word):
    word.meaning_da, word.meaning_kl = "Dagen efter.", ""

    assert (meaning(word).language, meaning(word).is_older) == ("da", False)


def test_of_a_translation_from_before_nothing_is_said():
    word = GlossaryTerm(meaning_da="Dagen efter.", meaning_kl="[kl]")

    assert not meaning(word).is_older


def test_remembering_says_whether_that_is_new(word):
    assert not word.remember_danish("meaning", "kl")
    word.meaning_da = "Dagen efter."
    assert word.remember_danish("meaning", "kl")
    word.meaning_kl = ""
    assert word.remember_danish("meaning", "kl")
    assert word.made_from is None


def test_a_text_that_was_chosen_by_hand_is_not_older():
    assert not Text.choose({"da": "Frist"}).is_older
    assert not Text("Frist").is_older
