"""Whatever door a rich text comes through, no script comes in and none goes out."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from pages.models import LessonPage
from tests.factories.admin import admin_browser
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_lesson_page,
    text,
    translate,
)

pytestmark = pytest.mark.once

HOSTILE = [
    "<script>alert(1)</script>",
    '<p onclick="alert(1)">x</p>',
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&#58;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://example.org"></iframe>',
    '<svg onload="alert(1)"><script>alert(1)</script></svg>',
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<style>body{background:url("javascript:alert(1)")}</style>',
    '<p style="position:fixed">x</p>',
    '<form action="https://example.org"><input name="x"><button>x</button></form>',
    '<object data="x.swf"></object><embed src="x.swf">',
    '<meta http-equiv="refresh" content="0;url=https://example.org">',
    '<base href="https://example.org/">',
    '<embed embedtype="media" url="https://www.youtube.com/watch?v=1"/>',
    '<embed embedtype="image" id="1" format="left" alt="x"/>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<p>x<template><script>alert(1)</script></template></p>",
    '<a linktype="page" id="1" onmouseover="alert(1)">x</a>',
]
LEGAL = (
    "<p>Læs <b>hele</b> underretningen, <i>også</i> den gamle.</p>"
    "<ul><li>Hvem?</li><li>Hvornår?</li></ul><ol><li>Først</li></ol><h3>Akut</h3>"
    '<p><a href="https://nalunaarutit.gl/">Loven</a> <a href="mailto:a@example.org">Skriv</a></p>'
)
DANGEROUS_TAGS = ["script", "style", "iframe", "object", "embed", "form", "input", "button"]
DANGEROUS_TAGS += ["svg", "math", "meta", "base", "img", "link"]


def assert_harmless(html: str) -> None:
    """Nothing in the body of a page runs, loads, sends or covers anything."""
    body = BeautifulSoup(html, "html.parser").select_one(".prose")
    assert body is not None
    for icon in body.select("svg.icon, svg[aria-hidden]"):
        icon.decompose()
    assert body.find_all(DANGEROUS_TAGS) == []
    for tag in body.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        target = str(tag.get("href", "")).strip().lower()
        assert target.partition(":")[0] in {"", "http", "https", "mailto", "tel"} or (
            ":" not in target
        )


@pytest.fixture
def reviewer(settings) -> Client:
    """A browser in which somebody who may publish has signed in."""
    settings.SIDEMAND_SECOND_FACTOR = False
    return admin_browser("reviewer")


def form_of(page: LessonPage, blocks: list[tuple[str, str]]) -> dict[str, str]:
    """The fields of the editor's form; each block has a kind and what its field sends."""
    fields = {
        "title": page.title,
        "slug": page.slug,
        "introduction": "",
        "minutes": "5",
        "weight_reason": "",
        "review_months": "12",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "body-count": str(len(blocks)),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    for index, (kind, value) in enumerate(blocks):
        fields |= {
            f"body-{index}-deleted": "",
            f"body-{index}-order": str(index),
            f"body-{index}-type": kind,
            f"body-{index}-id": "",
            f"body-{index}-value": value,
        }
    return fields


def draftail(html: str) -> str:
    """What the editor sends: its own JSON, here with hostile words and links in every place."""
    content = {
        "blocks": [
            {
                "key": "a1",
                "text": html,
                "type": kind,
                "depth": 0,
                "inlineStyleRanges": [{"offset": 0, "length": 3, "style": "SCRIPT"}],
                "entityRanges": [{"offset": 0, "length": len(html), "key": 0}],
            }
            for kind in ("unstyled", "header-three", "script", "unordered-list-item")
        ],
        "entityMap": {
            "0": {
                "type": "LINK",
                "mutability": "MUTABLE",
                "data": {"url": "javascript:alert(1)", "onclick": html},
            }
        },
    }
    return json.dumps(content)


def blocks_of(html: str) -> list[dict[str, Any]]:
    """``html`` wherever a block takes a text."""
    return [
        text(html),
        block("fact_box", {"title": html, "text": html}),
        block("practice", {"title": html, "text": html}),
    ]


def test_what_an_import_or_command_writes_is_drawn_harmless(client: Client):
    page = make_lesson_page(body=[one for html in HOSTILE for one in blocks_of(html)])

    assert_harmless(client.get(page.url).content.decode())


def test_what_stands_in_the_database_is_drawn_harmless(client: Client):
    page = make_lesson_page()
    raw = [one for html in HOSTILE for one in blocks_of(html)]
    LessonPage.objects.filter(pk=page.pk).update(body=json.dumps(raw))
    stored = LessonPage.objects.get(pk=page.pk)
    # The row was written past every door.
    assert [one["value"] for one in stored.body.raw_data if one["type"] == "text"] == HOSTILE

    assert_harmless(client.get(page.url).content.decode())


@pytest.mark.parametrize("html", ["<script>alert(1)</script>", '<p onclick="alert(1)">x</p>'])
def test_what_is_called_harmless_here_would_not_pass_raw(html: str):
    with pytest.raises(AssertionError):
        assert_harmless(f'<div class="prose">{html}</div>')


def test_what_is_hostile_in_a_translation_is_drawn_harmless(client: Client):
    page = make_lesson_page()
    kalaallisut = translate(in_kalaallisut(page), body=[text(html) for html in HOSTILE])

    assert_harmless(client.get(kalaallisut.url).content.decode())


def test_saving_a_page_keeps_nothing_hostile():
    block_type = LessonPage.body.field.stream_block.child_blocks["text"]
    page = edit(make_lesson_page(), body=[("text", block_type.normalize(x)) for x in HOSTILE])

    kept = [one["value"].lower() for one in page.body.raw_data]
    assert len(kept) == len(HOSTILE)
    for stored in kept:
        assert not [tag for tag in DANGEROUS_TAGS if f"<{tag}" in stored]
        assert not [word for word in ("javascript", "onclick", "onmouseover") if word in stored]


def test_the_editors_form_takes_hostile_words_as_words(client: Client, reviewer: Client):
    page = make_lesson_page()
    sent = [("text", draftail(html)) for html in HOSTILE]
    form = form_of(page, [*sent, *(("heading", html[:120]) for html in HOSTILE)])

    answer = reviewer.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**form, "action-publish": "1"}
    )

    assert answer.status_code == 302
    published = LessonPage.objects.get(pk=page.pk)
    kept = [one["value"] for one in published.body.raw_data if one["type"] == "text"]
    assert len(kept) == len(HOSTILE)
    for stored in kept:
        assert_harmless(f'<div class="prose">{stored}</div>')
    assert_harmless(client.get(page.url).content.decode())


@pytest.mark.parametrize(
    "content", ["", "x", "[]", "null", '{"blocks": 1}', '{"blocks": [{}], "entityMap": {}}']
)
def test_the_editors_form_survives_what_no_editor_sends(reviewer: Client, content: str):
    page = make_lesson_page()
    reviewer.raise_request_exception = False

    answer = reviewer.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_of(page, [("text", content)]),
    )

    assert answer.status_code < 500


def test_what_is_legal_comes_through_whole(client: Client):
    page = make_lesson_page(body=[text(LEGAL)])

    body = BeautifulSoup(client.get(page.url).content, "html.parser").select_one(".prose")

    assert body is not None
    found = [tag.name for tag in body.find_all(["b", "i", "ul", "ol", "h3"])]
    assert found == ["b", "i", "ul", "ol", "h3"]
    assert [link["href"] for link in body.find_all("a")] == [
        "https://nalunaarutit.gl/",
        "mailto:a@example.org",
    ]


def test_a_link_to_a_page_keeps_its_page(client: Client):
    other = make_lesson_page(slug="den-anden")
    page = make_lesson_page(body=[text(f'<p><a linktype="page" id="{other.pk}">Læs</a></p>')])
    edit(page)

    assert f'href="{other.url}"' in client.get(page.url).content.decode()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/"])
def test_the_address_of_a_source_is_a_web_address(reviewer: Client, url: str):
    page = make_lesson_page()
    form = form_of(page, [])
    form |= {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "sources",
        "body-0-id": "",
        "body-0-value-items-count": "1",
        "body-0-value-items-0-deleted": "",
        "body-0-value-items-0-order": "0",
        "body-0-value-items-0-id": "",
        "body-0-value-items-0-value-title": "Kilde",
        "body-0-value-items-0-value-url": url,
    }

    reviewer.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**form, "action-publish": "1"}
    )

    assert url not in json.dumps(list(LessonPage.objects.get(pk=page.pk).body.raw_data))


def test_no_block_takes_html_or_an_embed():
    from wagtail.blocks import RawHTMLBlock, RichTextBlock
    from wagtail.embeds.blocks import EmbedBlock

    from pages.richtext import CleanTextBlock

    def below(found: Any) -> list[Any]:
        children = list(getattr(found, "child_blocks", {}).values())
        children += [found.child_block] if hasattr(found, "child_block") else []
        return [found, *(inner for child in children for inner in below(child))]

    everything = below(LessonPage.body.field.stream_block)

    assert not [one for one in everything if isinstance(one, RawHTMLBlock | EmbedBlock)]
    rich = [one for one in everything if isinstance(one, RichTextBlock)]
    assert rich
    assert all(isinstance(one, CleanTextBlock) for one in rich)


def test_an_address_in_the_database_is_no_script(client: Client):
    page = make_lesson_page()
    items = [{"title": "Kilde", "url": "javascript:alert(1)"}]
    raw = json.dumps([block("sources", {"items": items})])
    LessonPage.objects.filter(pk=page.pk).update(body=raw)

    assert_harmless(client.get(Page.objects.get(pk=page.pk).url).content.decode())
