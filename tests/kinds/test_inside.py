"""Pages in every state: the start of each role, mentoring, people."""

import pytest

from tests.kinds.catalogue import INSIDE
from tests.kinds.checks import (
    axe_finds_nothing_elsewhere,
    in_both_languages,
    is_light_and_our_own,
    serves_everybody,
)

pytestmark = [pytest.mark.browser, pytest.mark.once]


@in_both_languages(INSIDE)
def test_page_serves_everybody(visitors, kind, language):
    serves_everybody(visitors(kind.who), kind, language)


@pytest.mark.full
@in_both_languages(INSIDE)
def test_axe_finds_nothing_elsewhere(visitors, kind, language):
    axe_finds_nothing_elsewhere(visitors(kind.who), kind, language)


@pytest.mark.parametrize(
    "kind", [kind for kind in INSIDE if kind.send is None], ids=lambda kind: kind.name
)
def test_first_view_is_light_and_our_own(site, visitors, kind):
    is_light_and_our_own(site, visitors(kind.who), kind)
