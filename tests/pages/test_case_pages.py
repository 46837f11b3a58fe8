"""A case as a page: its record, the check that stops publishing, the picture, the walk-through."""

import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from courses.actions import begin_case, choose
from courses.cases import check
from courses.models import Case, CasePlay
from pages import setup
from pages.cases import Draft
from pages.citations import CaseSource
from pages.models import CasePage
from pages.models.base import PublishingRefused
from people.models import Person
from rules.citations import citing
from rules.models import Rule
from tests.doors.blocks import Blocks
from tests.factories.admin import admin_browser
from tests.factories.cases import (
    blocks_of,
    choice,
    deadline,
    ending,
    make_case_page,
    make_mentor_and_colleague,
    span,
    step,
    told,
)
from tests.factories.courses import AT, make_rule
from tests.factories.pages import block, in_kalaallisut, make_home, make_module_page, translate
from tests.factories.translating import make_staff, publish, write


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    """Signing in is proven elsewhere."""
    settings.SIDEMAND_SECOND_FACTOR = False


def broken(rule: Any) -> dict[str, Any]:
    """A case with a branch that stops."""
    return told(rule, steps=[*told(rule)["steps"], step("blind"), ending("gemt")])


RICH = json.dumps(
    {
        "blocks": [
            {
                "key": "a",
                "text": "Det sker.",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [],
            }
        ],
        "entityMap": {},
    }
)


def form_of(page: CasePage, parts: dict[str, Any]) -> dict[str, str]:
    """The fields of the editor's form for a case that tells ``parts``."""
    fields: dict[str, Any] = {
        "title": page.title,
        "slug": page.slug,
        "introduction": "",
        "minutes": "12",
        "begins_weekday": "4",
        "begins_time": "15:40",
        "search_description": "",
        "weight_reason": "",
        "review_months": "12",
        "go_live_at": "",
        "expire_at": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }

    def put(field: str, kind: str | None, blocks: list[dict[str, Any]]) -> None:
        fields[f"{field}-count"] = str(len(blocks))
        for index, part in enumerate(blocks):
            here = f"{field}-{index}"
            fields.update({f"{here}-deleted": "", f"{here}-order": str(index)})
            fields[f"{here}-id"] = part["id"]
            if kind:
                fields[f"{here}-type"] = kind
            for key, value in part["value"].items():
                place = f"{here}-value-{key}"
                if key == "choices":
                    put(place, None, value)
                elif isinstance(value, dict):
                    fields.update({f"{place}-{name}": str(what) for name, what in value.items()})
                elif key == "text" and kind == "step":
                    fields[place] = RICH
                else:
                    fields[place] = value or ""

    blocks = blocks_of(parts)
    put("steps", "step", blocks["steps"])
    put("deadlines", "deadline", blocks["deadlines"])
    return fields


def edit_address(page: Page) -> str:
    """Where ``page`` is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


# --- The record ----------------------------------------------------------------------------------


def test_publishing_a_case_freezes_what_its_page_tells():
    rule = make_rule()
    page = make_case_page(told_da=told(rule), minutes=9, introduction="En opringning.")

    case = Case.objects.get(pk=page.translation_key)

    assert (case.minutes, case.number, case.titles["da"]) == (9, 1, "Fredag kl. 15.40")
    assert case.paths["da"] == page.url
    version = case.versions.get(is_current=True)
    assert version.content["begins"] == {"weekday": 4, "minute": 940}
    assert version.content["deadlines"][0]["length"] == span(24, "hours")
    assert version.content["steps"][0]["choices"][0] == {
        **choice("spoerg", "notat"),
        "text": {"da": "Vælg spoerg"},
        "consequence": {"da": "Følgen af spoerg"},
    }
    assert list(version.rules.all()) == [rule]


def test_the_length_of_a_limit_is_the_rules_whatever_was_typed():
    parts = told(make_rule(deadline_hours=None, deadline_days=7, deadline_da="1 uge"))
    parts["deadlines"][0]["stated"] = span(1, "weeks")

    page = make_case_page(told_da=parts)

    kept = Case.objects.get(pk=page.translation_key).versions.get().content["deadlines"][0]
    assert (kept["stated"], kept["length"]) == (span(1, "weeks"), span(7, "days"))


def test_moving_and_withdrawing_a_case_keeps_what_was_played(learner: Person):
    module = make_module_page()
    page = make_case_page(module)
    case = Case.objects.get(pk=page.translation_key)
    play = begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)
    other = make_module_page(module.get_parent().specific)

    Page.objects.get(pk=page.pk).move(other, pos="last-child")
    case.refresh_from_db()
    assert (case.module_id, case.number) == (other.translation_key, 1)

    Page.objects.get(pk=page.pk).specific.unpublish()
    case.refresh_from_db()
    assert (case.number, case.paths) == (None, {})
    in_kalaallisut(page).delete()
    Page.objects.get(pk=page.pk).delete()
    assert choose(play, turn=0, step="opkald", choice="spoerg", at=AT).turn == 1
    assert case.versions.count() == 1


def test_a_translation_gives_words_by_block_and_nothing_else():
    rule = make_rule()
    page = make_case_page(told_da=told(rule))
    words = told(rule)
    words["steps"][0] |= {"heading": "[kl] sianerneq", "key": "noget-andet"}
    words["steps"][0]["choices"][0]["text"] = "[kl] aperi"

    translate(in_kalaallisut(page), **blocks_of(words))

    first = (
        Case.objects.get(pk=page.translation_key).versions.get(is_current=True).content["steps"][0]
    )
    assert first["heading"] == {"da": "Trin opkald", "kl": "[kl] sianerneq"}
    assert (first["key"], first["choices"][0]["text"]["kl"]) == ("opkald", "[kl] aperi")
    assert set(first["text"]) == {"da"}


def test_wagtail_localize_offers_the_words_and_leaves_keys_numbers_and_rules():
    from wagtail_localize.models import StringSegment, TranslationSource

    page = make_case_page()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    source.update_from_db()

    texts = set(StringSegment.objects.filter(source=source).values_list("string__data", flat=True))

    assert {"Trin opkald", "Det sker i opkald.", "Vælg spoerg", "Følgen af spoerg"} <= texts
    assert {"Beslutning", "Husk godt."} <= texts
    assert not texts & {"opkald", "spoerg", "notat", "beslut", "good", "hours", "minutes", "24"}


def test_a_translated_page_keeps_the_ids_keys_and_rules_of_the_danish_one(
    django_capture_on_commit_callbacks: Any,
):
    page = make_case_page()
    with django_capture_on_commit_callbacks(execute=True):
        write(page, {"Trin opkald": "[kl] sianerneq"}, None)
    with django_capture_on_commit_callbacks(execute=True):
        publish(page, make_staff("reviewer"))

    case = Case.objects.get(pk=page.translation_key)
    current = case.versions.get(is_current=True).content
    assert current["steps"][0]["heading"] == {"da": "Trin opkald", "kl": "[kl] sianerneq"}
    danish, translated = (Draft.of(one).told for one in (page, in_kalaallisut(page)))
    for left, right in zip(danish["steps"], translated["steps"], strict=True):
        assert [left["id"], left["key"]] == [right["id"], right["key"]]
        assert [(c["id"], c["to"], c["rule"], c["takes"]) for c in left["choices"]] == [
            (c["id"], c["to"], c["rule"], c["takes"]) for c in right["choices"]
        ]


# --- The check -----------------------------------------------------------------------------------


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


# --- The page of a case --------------------------------------------------------------------------


def test_a_stranger_reads_what_the_case_is_about_and_is_led_to_the_sign_in(client: Client):
    page = make_case_page(introduction="En opdigtet opringning.")

    html = client.get(page.url).content.decode()

    assert "En opdigtet opringning." in html
    assert "begynder fredag kl. 15.40" in html
    assert "Log ind for at spille sagen" in html
    assert "Begynd sagen" not in html
    assert "Det sker i opkald" not in html


def test_a_learner_finds_how_to_begin_and_to_go_on(as_learner: Client, learner: Person):
    page = make_case_page()
    assert "Begynd sagen" in as_learner.get(page.url).content.decode()

    case = Case.objects.get(pk=page.translation_key)
    play = begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)

    html = as_learner.get(page.url).content.decode()
    assert "Gå videre med sagen" in html
    assert reverse("courses:case_play", args=[play.pk]) in html
    assert "Hvem spiller?" not in html


def test_a_mentor_is_offered_to_play_with_the_own_colleague_only(client: Client):
    page = make_case_page()
    mentor, colleague = make_mentor_and_colleague()
    client.force_login(mentor.user)

    html = client.get(page.url).content.decode()

    assert re.findall(r'name="partner" value="([^"]*)"', html) == ["", str(colleague.pk)]


def test_a_page_that_has_not_changed_is_not_sent_again(as_learner: Client, learner: Person):
    page = make_case_page()
    tag = as_learner.get(page.url)["ETag"]
    assert as_learner.get(page.url, headers={"if-none-match": tag}).status_code == 304

    case = Case.objects.get(pk=page.translation_key)
    begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)

    assert as_learner.get(page.url, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("count", [1, 10])
def test_the_pages_of_a_case_and_of_a_module_take_as_many_queries_for_one_as_for_many(
    as_learner: Client, learner: Person, count: int, django_assert_max_num_queries: Any
):
    module = make_module_page()
    pages = [make_case_page(module, told_da=told(make_rule())) for _ in range(count)]
    case = Case.objects.get(pk=pages[0].translation_key)
    for page in pages:
        begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)
    as_learner.get(pages[0].url)

    with django_assert_max_num_queries(8):
        html = as_learner.get(pages[0].url).content.decode()
    assert html.count("sagsspil/") == count + 1

    for listing in (module.url, module.get_parent().url):
        as_learner.get(listing)
        with django_assert_max_num_queries(9):
            html = as_learner.get(listing).content.decode()
        assert html.count("15 min") == count


def test_a_module_lists_its_cases_with_how_far_the_reader_is(as_learner: Client, learner: Person):
    module = make_module_page()
    page = make_case_page(module)
    case = Case.objects.get(pk=page.translation_key)
    assert "Ikke begyndt" in as_learner.get(module.url).content.decode()

    play = begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)
    assert "I gang" in as_learner.get(module.url).content.decode()
    for turn, (key, chosen) in enumerate([("opkald", "spoerg"), ("notat", "beslut")]):
        play = choose(play, turn=turn, step=key, choice=chosen, at=AT)

    html = as_learner.get(module.url).content.decode()
    assert "din bedste: En god slutning" in html
    assert "Færdig" in html


def test_the_checker_of_the_engine_and_of_the_page_agree():
    page = make_case_page(live=False, told_da=broken(make_rule()))
    draft = Draft.of(page)

    assert draft.problems == check(draft.story, unverified={}, weight=draft.weight)


def test_a_case_behind_a_restriction_cannot_be_begun(as_learner: Client):
    page = make_case_page()
    url = reverse("courses:case_begin", args=[page.translation_key])
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="luk"
    )

    assert as_learner.post(url, {"play": str(uuid.uuid4())}).status_code == 404
    assert not CasePlay.objects.exists()


def test_a_case_that_rests_on_a_rule_is_named_once_when_the_rule_changes():
    rule, other = make_rule(), make_rule()
    page = make_case_page(told_da=told(rule), title="Sag A")
    make_case_page(told_da=told(other), title="Sag B", body=[block("rule", str(rule.pk))])
    make_case_page(told_da=told(other), live=False)

    def cited_by(one: Rule) -> list[tuple[str, str, str]]:
        return sorted(
            (source.kind, citation.title, citation.language) for source, citation in citing(one)
        )

    assert cited_by(rule) == [("case", "Sag A", "da"), ("case", "Sag B", "da")]
    assert cited_by(other) == [("case", "Sag B", "da")]
    addresses = CaseSource().edit_addresses({(page.translation_key, "da")})
    assert list(addresses.values()) == [edit_address(page)]


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
