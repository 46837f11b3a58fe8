"""The identity rule on the device, held to the corpus of the server's."""

import re
from pathlib import Path

import pytest

from core.identity_samples import corpus, fill, numbers, texts_with

CORPUS = corpus()
IDENTITY = Path(__file__).parents[2] / "assets" / "js" / "identity.js"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def evaluate(browser):
    """Runs a piece of JavaScript that sees ``hasCprLike`` and ``PATTERN``."""
    source = re.sub("^export ", "", IDENTITY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    page = browser.new_page()
    yield lambda code, argument=None: page.evaluate(f"given => {{ {source}\n{code} }}", argument)
    page.close()


def passed(evaluate, texts):
    """Those of ``texts`` in which the device finds nothing."""
    found = evaluate("return given.map(hasCprLike);", texts)
    return [text for text, is_found in zip(texts, found, strict=True) if not is_found]


def test_device_and_server_have_one_pattern(evaluate):
    assert evaluate("return PATTERN;") == CORPUS["pattern"]


@pytest.mark.parametrize("spelling", CORPUS["spellings"], ids=lambda spelling: spelling["name"])
def test_every_spelling_of_every_number_is_found(evaluate, spelling):
    texts = list(texts_with(spelling))

    assert passed(evaluate, texts) == []


def test_what_is_harmless_passes(evaluate):
    texts = [fill(template, number) for template in CORPUS["harmless"] for number in numbers(16)]

    assert passed(evaluate, texts) == texts
