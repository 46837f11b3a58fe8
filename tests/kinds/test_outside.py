"""Pages in every state: what is open to all, signing in, one's own account, learning."""

import pytest

from tests.kinds.catalogue import OUTSIDE
from tests.kinds.catalogue.kind import FIRST_HTML
from tests.kinds.checks import (
    axe_finds_nothing_elsewhere,
    in_both_languages,
    is_light_and_our_own,
    serves_everybody,
)
from tests.kinds.site import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.once]


@in_both_languages(OUTSIDE)
def test_page_serves_everybody(visitors, kind, language):
    serves_everybody(visitors(kind.who), kind, language)


@pytest.mark.full
@in_both_languages(OUTSIDE)
def test_axe_finds_nothing_elsewhere(visitors, kind, language):
    axe_finds_nothing_elsewhere(visitors(kind.who), kind, language)


@pytest.mark.parametrize(
    "kind", [kind for kind in OUTSIDE if kind.send is None], ids=lambda kind: kind.name
)
def test_first_view_is_light_and_our_own(site, visitors, kind):
    is_light_and_our_own(site, visitors(kind.who), kind)


@pytest.mark.parametrize("who", ["", "caseworker"])
def test_lesson_with_five_questions_keeps_its_budget(site, browser, who):
    visitor = Visitor(site, browser, who)
    visitor.go("{quiz}", wait_until="networkidle")
    first = visitor.traffic
    visitor.go("{quiz}", wait_until="networkidle")
    again = visitor.traffic
    shown = visitor.page.locator("#quiz h3").count()
    visitor.context.close()

    assert shown == 5
    assert first.count(but="Image") <= 4
    assert first.size(but="Image") <= 25_000
    assert first.size("Document") <= FIRST_HTML
    assert again.count() <= 1
    assert again.size() <= 5_000
