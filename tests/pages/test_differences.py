"""What is different in Denmark and here: each side with its source, and what is known of it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from courses.models import LessonRule
from pages.blocks import DifferenceBlock
from pages.models import InformationPage
from people.actions import sync_groups
from rules.models import ReviewItem
from tests.factories.courses import AT, make_rule
from tests.factories.law import decide_on, new_version
from tests.factories.pages import (
    block,
    in_kalaallisut,
    make_home,
    make_lesson_page,
    put,
    translate,
)
from tests.factories.people import make_person, make_role


def pair(rule: Any = None, **fields: Any) -> dict[str, Any]:
    defaults = {
        "topic": "Kvittering",
        "here": "Inden for en uge.",
        "rule": str(rule.pk) if rule else None,
        "here_source": "" if rule else "qeqqata.gl",
        "here_url": "",
        "here_state": "verified",
        "there": "Inden for seks hverdage.",
        "there_source": "regionsyddanmark.dk",
        "there_url": "https://regionsyddanmark.dk/",
        "there_state": "verified",
    }
    return block("difference", defaults | fields)


def card(*pairs: dict[str, Any]) -> InformationPage:
    return put(make_home(), InformationPage(title="I Danmark … her …", body=list(pairs)))


def sides(client: Client, page: Any) -> list[str]:
    page = BeautifulSoup(client.get(page.url).content, "html.parser")
    return [
        " ".join(one.get_text(" ").split()) for one in page.select(".contrast .side-by-side > div")
    ]


def test_each_side_says_where_it_stands_and_who_says_so(client):
    rule = make_rule(paragraph="§ 16", source_title="Qeqqata Kommunia")

    here, there = sides(client, card(pair(rule)))

    assert here == "I Grønland · § 16 Inden for en uge. Kilde: Qeqqata Kommunia"
    assert there == "I Danmark Inden for seks hverdage. Kilde: regionsyddanmark.dk"


@pytest.mark.parametrize(
    ("state", "mark"),
    [("verified", ""), ("press", "Kendes kun fra pressen"), ("unverified", "Ikke kontrolleret")],
)
def test_what_is_not_verified_says_so(client, state, mark):
    page = card(pair(here_state=state, there_state=state))

    for side in sides(client, page):
        assert (mark in side) if mark else ("pressen" not in side and "Ikke" not in side)


def test_a_rule_brings_its_own_state_and_changes(client):
    rule = make_rule()
    page = card(pair(rule))
    assert "Kontrolleres mod ny lov" not in sides(client, page)[0]

    new_version(rule.act)
    assert "Kontrolleres mod ny lov" in sides(client, page)[0]

    decide_on(rule, "gone")
    assert "Gælder ikke længere" in sides(client, page)[0]
    assert set(ReviewItem.objects.values_list("kind", "title")) == {("page", page.title)}


def test_an_unverified_rule_cannot_be_published_in_it():
    with pytest.raises(ValidationError):
        card(pair(make_rule(state="unverified")))


def test_a_lesson_cites_the_rules_of_its_differences():
    rule = make_rule()

    page = make_lesson_page(body=[pair(rule)])

    assert LessonRule.objects.get(language="da").lesson_id == page.translation_key


@pytest.mark.parametrize("side", ["here", "there"])
def test_what_is_verified_names_its_source(side):
    bound = DifferenceBlock()
    value = bound.to_python(pair(**{f"{side}_source": ""})["value"])

    with pytest.raises(ValidationError) as refusal:
        bound.clean(value)

    assert set(refusal.value.block_errors) == {f"{side}_source"}
    bound.clean(
        bound.to_python(pair(**{f"{side}_source": "", f"{side}_state": "unverified"})["value"])
    )


def test_a_translation_marks_what_is_still_danish(client):
    page = card(pair(there_state="press"))
    alias = in_kalaallisut(page)
    assert BeautifulSoup(client.get(alias.url).content, "html.parser").select(".fallback[lang=da]")

    body = [dict(one) for one in alias.body.raw_data]
    body[0]["value"] = dict(body[0]["value"]) | {"here": "[kl] Sapaatip akunnera ataaseq."}
    translation = translate(alias, title="[kl]", body=body)

    shown = BeautifulSoup(client.get(translation.url).content, "html.parser").select_one(
        ".contrast"
    )
    marked = [one.get_text() for one in shown.select(".fallback")]
    assert "Inden for seks hverdage." in marked
    assert "[kl] Sapaatip akunnera ataaseq." not in marked
    assert "Kendes kun fra pressen" in shown.get_text()


@pytest.mark.parametrize(("role", "shown"), [("mentor", True), ("caseworker", False)])
def test_mentors_find_it_from_their_start_page(role, shown):
    page = card(pair())
    person = make_person(make_role(role))
    sync_groups(at=AT)
    client = Client()
    client.force_login(person.user)

    links = BeautifulSoup(client.get("/da/start/").content, "html.parser").select(
        f"main a[href='{page.url}']"
    )

    assert bool(links) == shown
