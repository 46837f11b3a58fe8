"""The editor of a case: the check that stops publishing, the picture, the walk-through."""

import re
from typing import Any

import pytest
from django.urls import reverse

from courses.cases import check
from courses.models import Case, CasePlay
from pages import setup
from pages.cases import Draft
from pages.models import CasePage
from pages.models.base import PublishingRefused
from rules.models import Rule
from tests.doors.blocks import Blocks
from tests.factories.admin import admin_browser
from tests.factories.cases import (
    choice,
    deadline,
    make_case_page,
    span,
    step,
    told,
)
from tests.factories.courses import make_rule
from tests.factories.pages import make_home
from tests.pages.case_forms import broken, edit_address, form_of


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    """Signing in is proven elsewhere."""
    settings.SIDEMAND_SECOND_FACTOR = False


def test_a_case_with_problems_can_be_drafted():
    page = make_case_page(live=False)

    answer = admin_browser("editor").post(edit_address(page), form_of(page, broken(make_rule())))

    assert answer.status_code == 302
    draft = CasePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [problem.code for problem in Draft.of(draft).problems].count("no_end") == 1


@pytest.mark.parametrize(
    ("role", "action"), [("reviewer", "action-publish"), ("editor", "action-submit")]
)
def test_a_case_with_problems_is_neither_published_nor_sent_to_review(role: str, action: str):
    setup.create_workflow(make_home())
    page = make_case_page(live=False)

    form = {**form_of(page, broken(make_rule())), action: "1"}
    answer = admin_browser(role).post(edit_address(page), form)

    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Grenen stopper ved" in html
    assert "Intet valg f\\u00f8rer til trinnet" in html.replace("\\\\u", "\\u")
    assert not CasePage.objects.get(pk=page.pk).live


def test_a_good_case_is_published_from_the_editor():
    page = make_case_page(live=False)
    form = {**form_of(page, told(make_rule())), "action-publish": "1"}

    admin_browser("reviewer").post(edit_address(page), form)

    assert CasePage.objects.get(pk=page.pk).live
    assert Case.objects.get(pk=page.translation_key).is_offered


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stated": span(48, "hours")}, "Reglen siger 24 timer"),
        ({"begins_at": "nowhere"}, "som ikke findes"),
    ],
)
def test_no_other_door_publishes_a_case_with_a_problem(fields: dict[str, Any], words: str):
    rule = make_rule()
    page = make_case_page(live=False, told_da=told(rule, deadlines=[deadline(rule, **fields)]))

    with pytest.raises(PublishingRefused, match=words):
        page.save_revision().publish()

    assert not CasePage.objects.get(pk=page.pk).live


def test_a_rule_that_is_not_verified_keeps_a_case_from_being_published():
    rule = make_rule()
    page = make_case_page(live=False, told_da=told(rule))
    Rule.objects.update(state="unverified")

    with pytest.raises(PublishingRefused, match="ikke kontrolleret"):
        page.save_revision().publish()


def test_the_editor_shows_the_check_and_the_picture():
    page = make_case_page(live=False, told_da=broken(make_rule()))
    page.save_revision()

    html = admin_browser("editor").get(edit_address(page)).content.decode()

    assert "Tjek af sagen" in html
    assert "Grenen stopper ved “Trin blind”" in html
    picture = html[html.index('class="case-map"') :]
    picture = picture[: picture.index("</svg>")]
    assert picture.count("<rect") == 8
    assert "⚠ 2 problemer" in picture
    assert picture.count("marker-end") == 5


def test_the_picture_of_a_draft_full_of_gaps_is_drawn():
    gaps = told(
        None, steps=[step("a", choice("x", "a"), choice("y", "")), {**step("b"), "key": ""}]
    )
    page = make_case_page(live=False, told_da=gaps)

    picture = Draft.of(page).picture

    assert len(picture.boxes) == 2
    assert [line.number for line in picture.lines] == [1]
    assert picture.told[0][1][1].to is None


def test_the_preview_walks_every_branch_and_keeps_nothing():
    page = make_case_page(live=False)
    browser = admin_browser("editor")
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    waiting, seen, endings = [""], set(), set()

    while waiting:
        way = waiting.pop()
        html = browser.get(address, {"vej": way}).content.decode()
        assert "Gå sagen igennem (intet gemmes)" in html
        walked = html[html.index('id="walk"') :]
        endings |= set(re.findall(r"Husk (\w+)", walked))
        seen.add(way)
        waiting += [
            found for found in re.findall(r"\?vej=([\d.]+)#walk", walked) if found not in seen
        ]

    assert endings == {"godt", "midt", "skidt"}
    assert not CasePlay.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize("way", ["9", "x", "0.0.0.0", "-1", "..", "²"])
def test_a_way_that_the_draft_has_not_is_walked_as_far_as_it_goes(way: str):
    page = make_case_page(live=False)
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])

    answer = admin_browser("editor").get(address, {"vej": way})

    assert answer.status_code == 200


def test_the_checker_of_the_engine_and_of_the_page_agree():
    page = make_case_page(live=False, told_da=broken(make_rule()))
    draft = Draft.of(page)

    assert draft.problems == check(draft.story, unverified={}, weight=draft.weight)


def texts_of_a_case() -> list[tuple[str, Any]]:
    """Every field of the editor's form in which somebody can write a case."""
    return [
        (name, send)
        for field in ("steps", "deadlines")
        for blocks in [Blocks(getattr(CasePage, field).field.stream_block, field)]
        for name, send in blocks.texts.items()
        if name not in blocks.keys
    ]


@pytest.mark.parametrize(
    ("name", "send"), texts_of_a_case(), ids=[name for name, _send in texts_of_a_case()]
)
def test_no_field_of_a_case_takes_a_number_like_a_citizens(name: str, send: Any):
    page = make_case_page(live=False)
    form = form_of(page, told(make_rule()))
    assert name in form
    number = f"{1:02}{1:02}{90:02}-{1234}"

    answer = admin_browser("editor").post(edit_address(page), form | {name: send(f"Om {number}")})

    assert answer.status_code == 200
    assert "CPR-nummer" in answer.content.decode().replace("\\u002D", "-")
    assert CasePage.objects.get(pk=page.pk).revisions.count() == 1
