"""Links that lead nowhere and pictures without words are said to the editor, and stop nothing."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse

from files.models import Document, Image
from pages.editing.faults import Kind, faults_of
from pages.models import LessonPage
from tests.factories.admin import admin_browser
from tests.factories.courses import make_rule
from tests.factories.files import drawn
from tests.factories.pages import block, edit, make_lesson_page, text

pytestmark = pytest.mark.once


def linked(href: str, **attributes: Any) -> dict[str, Any]:
    """A paragraph with one link."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    where = f' href="{href}"' if href else ""
    return text(f"<p>Læs <a{where}{more}>reglen</a>.</p>")


def faults(*body: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with a lesson that consists of ``body``."""
    page = make_lesson_page(body=list(body))
    return [(fault.kind.value, fault.words) for fault in faults_of(page)]


@pytest.fixture
def image() -> Image:
    cache.clear()  # of drawn sizes, whose files are gone with the test before
    return Image.objects.create(
        title="Et bord", description="Et bord", file=ContentFile(drawn(), name="bord.png")
    )


def picture(image: Image, alt: str, *, decorative: bool = False) -> dict[str, Any]:
    """A picture with its text."""
    chosen = {"image": image.pk, "alt_text": alt, "decorative": decorative}
    return block("image", {"image": chosen, "caption": ""})


def test_a_link_to_a_page_is_dead_when_nobody_can_read_the_page():
    live, draft = make_lesson_page(), make_lesson_page(live=False)

    assert faults(linked("", linktype="page", id=live.pk)) == []
    assert faults(linked("", linktype="page", id=draft.pk)) == [("dead_page", "reglen")]
    assert faults(linked("", linktype="page", id=999_999)) == [("dead_page", "reglen")]


def test_a_written_address_of_ours_is_looked_up():
    live = make_lesson_page(slug="findes")

    assert faults(linked(live.url), linked("/da/ordliste/#frist"), linked("/da/")) == []
    assert faults(linked(live.url.replace("findes", "findes-ikke"))) == [("dead_page", "reglen")]
    assert faults(linked("/kl" + live.url.removeprefix("/da"))) == []


def test_a_link_to_a_document_is_dead_when_it_is_gone():
    document = Document.objects.create(title="A", file=ContentFile(b"A", name="a.txt"))

    assert faults(linked("", linktype="document", id=document.pk)) == []
    assert faults(linked("", linktype="document", id=document.pk + 1)) == [("dead_file", "reglen")]


@pytest.mark.parametrize("href", ["https://nalunaarutit.gl/", "mailto:a@example.org", "tel:112"])
def test_addresses_as_they_are_written_are_fine(href: str):
    assert faults(linked(href)) == []


@pytest.mark.parametrize(
    "href", ["http://", "https://nalunaarutit", "http:/nalunaarutit.gl", "www.a"]
)
def test_an_address_that_is_no_web_address_is_told(href: str):
    assert faults(linked(href)) == [("malformed", "reglen")]


@pytest.mark.parametrize(
    ("alt", "kind"),
    [
        ("To kolleger ved et bord", None),
        ("", "no_alt"),
        ("Hus", "no_alt"),
        ("bord.png", "file_name"),
        ("IMG_2041", "file_name"),
        ("Skærmbillede 2026", "file_name"),
        ("Billede af et bord", "says_picture"),
        ("et foto af to kolleger", "says_picture"),
        ("Billedet hænger skævt", None),
    ],
)
def test_the_text_of_a_picture_is_looked_at(image: Image, alt: str, kind: str | None):
    found = [one for one, _words in faults(picture(image, alt))]

    assert found == ([kind] if kind else [])


def test_a_picture_that_only_decorates_needs_no_text(image: Image):
    assert faults(picture(image, "", decorative=True)) == []


def test_every_block_is_looked_into(image: Image):
    box = {"title": "Husk", "text": '<p><a href="http://">her</a></p>'}
    found = faults(
        block("fact_box", box),
        block("practice", box),
        block("sources", {"items": [{"title": "Loven", "url": "https://nalunaarutit"}]}),
        block("press_box", {**box, "source": "KNR", "source_url": "https://knr"}),
        block("rule", str(make_rule().pk)),
    )

    assert found == [
        ("malformed", "her"), ("malformed", "her"), ("malformed", "Loven"), ("malformed", "Husk"),
        ("malformed", "her"),
    ]  # fmt: skip


def test_faults_are_noted_when_a_page_goes_live_and_gone_when_put_right():
    page = make_lesson_page(body=[linked("http://")])
    assert page.condition.faults == [[Kind.MALFORMED, "reglen"]]
    assert page.condition.has_faults

    page = edit(page, body=[linked("https://nalunaarutit.gl/")])

    assert not page.condition.has_faults
    assert [link.address for link in page.outside_links.all()] == ["https://nalunaarutit.gl/"]


def test_the_editor_is_told_beside_the_fields():
    page = make_lesson_page(body=[linked("http://")])
    page.outside_links.create(address="https://a.gl/", words="Den gamle side", is_dead=True)

    html = (
        admin_browser("editor")
        .get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        .content.decode()
    )

    assert "Adressen er ikke skrevet som en webadresse: “reglen”" in html
    assert "svarer ikke længere: “Den gamle side”" in html
    assert " kB · 3 forespørgsler" in html


def test_a_fault_stops_no_publication():
    assert make_lesson_page(body=[linked("http://")]).live


@pytest.mark.parametrize("count", [1, 20])
def test_looking_takes_the_same_few_queries(django_assert_num_queries: Any, count: int):
    other = make_lesson_page()
    document = Document.objects.create(title="A", file=ContentFile(b"A", name="a.txt"))
    body = [
        one
        for _ in range(count)
        for one in (
            linked("", linktype="page", id=other.pk),
            linked("", linktype="document", id=document.pk),
            linked(other.url),
        )
    ]
    page = LessonPage.objects.get(pk=make_lesson_page(body=body).pk)

    with django_assert_num_queries(3):
        assert faults_of(page) == []
