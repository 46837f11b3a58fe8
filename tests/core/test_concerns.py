"""Each passage that is pointed out has a name and neutral words to put in its place."""

import pytest
from django.utils import translation

from core.concerns import CONCERNS, WORDINGS, for_scripts
from core.identity import Kind, has_cpr_like, warnings_in


def test_every_kind_has_a_name_and_neutral_words():
    assert set(CONCERNS) == set(WORDINGS) == set(Kind)
    assert all(WORDINGS.values())


@pytest.mark.parametrize("language", ["da", "kl", "en"])
@pytest.mark.parametrize("kind", Kind)
def test_a_neutral_wording_is_not_pointed_out_itself(kind, language):
    with translation.override(language):
        sentences = [f"Vi talte om {words} i dag." for words in WORDINGS[kind]]

    assert [warnings_in(text) for text in sentences] == [[]] * len(sentences)
    assert not any(has_cpr_like(text) for text in sentences)


def test_scripts_are_told_in_the_readers_language():
    with translation.override("da"):
        told = for_scripts()

    assert told["concerns"]["age"] == "en alder"
    assert told["wordings"]["settlement"] == ["bygden", "en bygd i kommunen"]
