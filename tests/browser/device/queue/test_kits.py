"""What the server gives somebody no more lies no longer on their device."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.device.conftest import ANNA
from tests.browser.device.posting import Post
from tests.browser.device.queueing import renew, run

pytestmark = [pytest.mark.browser, pytest.mark.once]


def kept(page: Page, name: str) -> Any:
    """The kit as it lies here."""
    return run(page, "return q.kitOf(g[0], g[1])", str(ANNA), name)


@pytest.mark.parametrize("name", ["handover", "confirm", "courses"])
def test_what_is_given_no_more_is_gone(page: Page, post: Post, name: str) -> None:
    post.kits[name] = {"dossiers": ["Det hemmelige."]}
    renew(page, name=name)
    del post.kits[name]

    assert renew(page, name=name) is False  # a page that shows it draws anew

    assert kept(page, name) is None
    assert renew(page, name=name) is None


def test_of_the_log_a_draft_still_has_its_words_and_nobodys_name(page: Page, post: Post) -> None:
    general = {"me": "a", "topics": [["receipt", "Kvittering"]], "labels": {}}
    one = {"id": "1", "label": "Upernavik", "people": [["b", "Bo"]]}
    theirs = {"pairings": [one], "plans": {"2": {"pairing": "1"}}, "names": {"b": "Bo"}}
    post.kits["log"] = general | theirs | {"pairing": "1", "beside": [{"session": "3"}]}
    renew(page)
    post.kits.clear()

    renew(page)

    nobody = {"pairing": None, "pairings": [], "plans": {}, "beside": [], "names": {}}
    assert kept(page, "log") == general | nobody


def test_an_empty_answer_of_a_network_takes_nothing_away(page: Page, post: Post) -> None:
    post.kits["handover"] = {"dossiers": []}
    renew(page, name="handover")
    post.kits.clear()
    post.database = ""  # it does not say who answers

    assert renew(page, name="handover") is None

    assert kept(page, "handover") == {"dossiers": []}
