"""A lesson and a module on paper: what they hold, who may have them, what a second look costs."""

import itertools
import re
import time
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image as Picture
from wagtail.models import Page, PageViewRestriction

from core.paper.markup import Reader, under_each_other
from files.models import Image
from files.pictures import make_sizes
from pages.printing import drawing
from rules.actions import save_rule
from tests.factories.courses import make_question, make_rule
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_lesson_page,
    make_module_page,
    text,
    translate,
)

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _nothing_kept():
    for cache in caches.all(initialized_only=False):  # Wagtail keeps drawings of pictures there
        cache.clear()


def address(name: str, page: Any, language: str = "da") -> str:
    with translation.override(language):
        return reverse(name, args=[page.translation_key])


def read_pdf(content: bytes) -> dict[str, Any]:
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [
            document[number].get_textpage().get_text_range() for number in range(len(document))
        ]
        return {
            "text": " ".join(" ".join(pages).replace("\ufffe", "").split()),
            "meta": document.get_metadata_dict(),
            "tagged": document.is_tagged(),
            "pages": len(document),
        }
    finally:
        document.close()


def pdf_of(client: Client, name: str, page: Any, language: str = "da") -> dict[str, Any]:
    response = client.get(address(name, page, language))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return read_pdf(response.content) | {"bytes": response.content}


def picture(title: str = "Et bord") -> Image:
    content = BytesIO()
    Picture.new("RGB", (640, 480), "white").save(content, "PNG")
    image = Image.objects.create(
        title=title, description=title, file=ContentFile(content.getvalue(), name="bord.png")
    )
    make_sizes(image)
    return image


def whole_lesson(module: Any = None, **fields: Any) -> Any:
    """A lesson with a block of each kind that paper shows."""
    rule = make_rule(statement_da="Kommunen beslutter hver gang.", source_url="https://a.gl/kilde")
    question = make_question(
        text_da="Hvad gør du først?",
        rows=[
            {"text_da": "Ringer", "is_correct": True, "feedback_da": "Ja"},
            {"text_da": "Venter"},
        ],
    )
    shown = {"image": picture().pk, "alt_text": "Et bord med en telefon", "decorative": False}
    body = [
        block("heading", "Sådan begynder du"),
        text('<p>Læs <b>loven</b> på <a href="https://nalunaarutit.gl/1">nalunaarutit</a>.</p>'
             "<h3>En underoverskrift</h3><ul><li>Første</li><li>Andet</li></ul>"),
        block("rule", str(rule.pk)),
        block("image", {"image": shown, "caption": "Telefonen står her"}),
        block("checklist", {"title": "Når telefonen ringer", "items": ["Skriv tiden"]}),
        block("quiz", {"questions": [str(question.pk)]}),
        block("sources", {"items": [{"title": "Ombudsmanden", "url": "https://ombudsmand.gl/x"}]}),
    ]  # fmt: skip
    return make_lesson_page(module, **({"title": "De første 24 timer", "body": body} | fields))


# --- The file -------------------------------------------------------------------------------------


def test_a_lesson_is_a_tagged_file_with_every_block_and_its_addresses(client: Client):
    page = whole_lesson(introduction="Uret starter, når underretningen kommer.")

    found = pdf_of(client, "print_lesson_file", page)

    assert found["tagged"]
    assert found["meta"]["Title"] == "De første 24 timer"
    assert b"/Lang (da" in found["bytes"] or b"(da)" in found["bytes"]
    for said in (
        "De første 24 timer", "Uret starter, når underretningen kommer.", "Sådan begynder du",
        "(https://nalunaarutit.gl/1)", "En underoverskrift", "Andet",
        "Kommunen beslutter hver gang.", "(https://a.gl/kilde)", "Telefonen står her",
        "Når telefonen ringer", "Skriv tiden", "Quiz", "Hvad gør du først?", "Venter",
        "(https://ombudsmand.gl/x)",
    ):  # fmt: skip
        assert said in found["text"], said


def test_the_file_holds_the_picture_with_its_alternative_text(client: Client):
    with_picture = pdf_of(client, "print_lesson_file", whole_lesson())["bytes"]
    images = re.findall(rb"/Subtype\s*/Image", with_picture)

    assert len(images) == 1
    node = next(n for n in nodes_of('<img src="/x.jpg" alt="Et bord">') if n["k"] == "image")
    assert node["alt"] == "Et bord"


def test_nothing_in_the_file_tells_what_is_right(client: Client):
    found = pdf_of(client, "print_lesson_file", whole_lesson())

    assert "Ringer" in found["text"]
    assert "Rigtigt" not in found["text"]


def test_a_module_holds_its_lessons_in_their_order(client: Client):
    module = make_module_page(title="Modul om underretninger")
    whole_lesson(module)
    make_lesson_page(module, title="Kvitteringen", body=[text("<p>Inden en uge.</p>")])
    make_lesson_page(module, title="En kladde", live=False)

    found = pdf_of(client, "print_module_file", module)

    assert found["meta"]["Title"] == "Modul om underretninger"
    assert found["text"].index("De første 24 timer") < found["text"].index("Kvitteringen")
    assert "Inden en uge." in found["text"]
    assert "2 lektioner" in found["text"]
    assert "En kladde" not in found["text"]


def test_in_kalaallisut_what_is_not_translated_is_marked_as_danish(client: Client):
    page = make_lesson_page(
        title="Kvitteringen", body=[text("<p>Oversat.</p>"), text("<p>Ikke oversat.</p>")]
    )
    kl = in_kalaallisut(page)
    first, second = page.body.raw_data
    translate(
        kl,
        title="Uppernarsaat",
        body=[{**first, "value": "<p>Nutsigaq.</p>"}, dict(second)],
    )

    found = pdf_of(client, "print_lesson_file", page, "kl")

    assert found["meta"]["Title"] == "Uppernarsaat"
    assert "Nutsigaq." in found["text"]
    assert "Ikke oversat." in found["text"]
    assert b"(kl)" in found["bytes"]
    assert b"(da)" in found["bytes"]


@pytest.mark.parametrize(
    "body",
    [
        "<h3>Begynder for dybt</h3><p>Tekst</p>",
        "<p></p>",
        "<ul><li><p>Et</p><ul><li>To</li></ul></li></ul>",
        '<p>#let x = 1; $a$ *b* _c_ <a href="/da/kurser/">kurser</a> \\ @ref [x] // {}</p>',
        '<p><a href="https://a.gl/' + "x" * 300 + '">lang</a></p>',
        "<p>" + "Innuttaasunikkiffartuussisartoqarnermullu" * 9 + "</p>",
    ],
)
def test_whatever_a_text_holds_becomes_a_tagged_file(client: Client, body: str):
    found = pdf_of(client, "print_lesson_file", make_lesson_page(body=[text(body)]))

    assert found["tagged"]


def test_what_looks_like_markup_stands_in_the_file_as_it_was_written(client: Client):
    page = make_lesson_page(title="#set *x* $y$", body=[text("<p>#panic() *fed* [a] \\n</p>")])

    found = pdf_of(client, "print_lesson_file", page)

    assert "#panic() *fed* [a] \\n" in found["text"]
    assert found["meta"]["Title"] == "#set *x* $y$"


# --- The page of a whole module -------------------------------------------------------------------


def test_a_module_on_one_page_has_one_heading_above_all_and_no_level_left_out(client: Client):
    module = make_module_page(title="Modul om underretninger")
    whole_lesson(module)
    make_lesson_page(module, title="Kvitteringen")

    html = client.get(address("print_module", module)).content.decode()

    levels = [
        int(tag.name[1]) for tag in BeautifulSoup(html, "html.parser").main(re.compile("^h[1-6]$"))
    ]
    assert levels[:2] == [1, 2]
    assert levels.count(1) == 1
    assert levels.count(2) == 2
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_size_of_the_file_is_said_before(client: Client):
    module = make_module_page()
    page = whole_lesson(module)

    for name, about in (("print_lesson", page), ("print_module", module)):
        size = len(client.get(address(f"{name}_file", about)).content)
        said = client.get(address(name, about)).content.decode()
        assert f"{size / 1024:.1f}".replace(".", ",") in said.replace("\xa0", " ")


# --- Who may --------------------------------------------------------------------------------------

NAMES = ["print_lesson", "print_lesson_file", "print_module", "print_module_file"]


def restrict(page: Any, kind: str = "password") -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="hemmelig")


def asked(client: Client, lesson: Any, module: Any, language: str = "da") -> list[int]:
    return [
        client.get(address(name, lesson if "lesson" in name else module, language)).status_code
        for name in NAMES
    ]


@pytest.mark.parametrize("language", ["da", "kl"])
def test_what_is_closed_to_a_reader_is_not_there(client: Client, language: str):
    module = make_module_page()
    lesson = make_lesson_page(module, title="Lukket lektion")
    make_lesson_page(module, title="Åben lektion")
    assert asked(client, lesson, module, language) == [200] * 4

    restrict(Page.objects.get(pk=lesson.pk))

    assert asked(client, lesson, module, language) == [404, 404, 200, 200]
    assert (
        "Lukket lektion"
        not in client.get(address("print_module", module, language)).content.decode()
    )
    assert "Lukket lektion" not in pdf_of(client, "print_module_file", module, language)["text"]

    restrict(Page.objects.get(pk=module.pk))

    assert asked(client, lesson, module, language) == [404] * 4


def test_a_page_for_whoever_has_signed_in_is_printed_by_them(client: Client, as_learner: Client):
    module = make_module_page()
    lesson = make_lesson_page(module)
    restrict(Page.objects.get(pk=module.pk), "login")

    assert asked(Client(), lesson, module) == [404] * 4
    assert asked(as_learner, lesson, module) == [200] * 4


def test_what_is_not_published_is_not_there(client: Client):
    module = make_module_page()
    draft = make_lesson_page(module, live=False)

    assert asked(client, draft, module) == [404] * 4

    gone = make_lesson_page(module)
    assert asked(client, gone, module) == [200] * 4
    Page.objects.get(pk=gone.pk).specific.unpublish()
    assert asked(client, gone, module) == [404] * 4


# --- Kept while nothing changes -------------------------------------------------------------------


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn anew."""
    names: list[str] = []
    draw = drawing.draw

    def count(printed: Any) -> bytes:
        names.append(printed.page.title)
        return draw(printed)

    monkeypatch.setattr(drawing, "draw", count)
    return names


def test_a_file_is_drawn_once_until_something_in_it_changes(client: Client, drawn: list[str]):
    rule = make_rule()
    page = make_lesson_page(title="Reglen", body=[block("rule", str(rule.pk))])

    for name in ("print_lesson", "print_lesson_file", "print_lesson_file"):
        client.get(address(name, page))
    assert drawn == ["Reglen"]

    rule.statement_da = "Kommunen beslutter straks."
    save_rule(rule, at=timezone.now())
    assert "Kommunen beslutter straks." in pdf_of(client, "print_lesson_file", page)["text"]

    edit(page, title="Den nye titel")
    assert pdf_of(client, "print_lesson_file", page)["meta"]["Title"] == "Den nye titel"
    assert len(drawn) == 3


def test_a_second_look_is_answered_with_304(client: Client):
    module = make_module_page()
    page = make_lesson_page(module)
    for name, about in (("print_lesson", page), ("print_module", module)):
        first = client.get(address(name, about))
        again = client.get(address(name, about), headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("lessons", [1, 12])
@pytest.mark.parametrize(("language", "queries"), [("da", 5), ("kl", 7)])
def test_a_module_takes_the_same_queries_for_one_lesson_and_for_many(
    client: Client, django_assert_num_queries, lessons: int, language: str, queries: int
):
    module = make_module_page()
    for _number in range(lessons):
        make_lesson_page(module)
    client.get(address("print_module", module, language))

    with django_assert_num_queries(queries):
        client.get(address("print_module", module, language))


def test_a_module_of_twelve_lessons_is_drawn_while_one_waits(client: Client):
    module = make_module_page()
    long = [text("<p>Uret starter, når underretningen kommer.</p>" * 60)]
    for _number in range(12):
        make_lesson_page(module, body=long)

    begun = time.process_time()
    found = pdf_of(client, "print_module_file", module)

    assert found["pages"] >= 12
    assert time.process_time() - begun < 5


# --- From HTML to nodes ---------------------------------------------------------------------------


def nodes_of(html: str) -> list[dict[str, Any]]:
    return Reader("da", picture=lambda _src: 0).read(html)


def words(node: dict[str, Any]) -> str:
    return "".join(run["t"] for run in node["runs"])


def test_space_is_kept_as_a_browser_shows_it():
    [node] = nodes_of("<p> Et \n <b>to </b> <i> tre</i><br>fire </p>")

    assert words(node) == "Et to tre\nfire"


def test_headings_skip_no_level_and_head_nothing_in_a_list():
    html = (
        "<h4>Dyb</h4><section class='box'><h6>Dybere</h6></section>"
        "<h2>Høj</h2><ul><li><h3>P</h3></li></ul>"
    )

    nodes = under_each_other(nodes_of(html), below=1)

    assert [node["level"] for node in nodes if node["k"] == "h"] == [2, 2]
    assert nodes[1]["nodes"][0]["level"] == 3
    [[point]] = nodes[-1]["items"]
    assert (point["k"], point["runs"][0]["b"]) == ("p", True)


@pytest.mark.parametrize(
    "html",
    ["<p hidden>Skjult</p>", "<svg><text>Skjult</text></svg>", "<p class='no-print'>Skjult</p>",
     "<p aria-hidden='true'>Skjult</p>", "<!-- Skjult -->", "<div popover>Skjult</div>"],
)  # fmt: skip
def test_what_paper_has_no_use_for_is_left_out(html: str):
    assert nodes_of(html) == []


def test_languages_follow_their_marks():
    nodes = nodes_of('<div lang="kl"><p>Aap <span lang="da">ja</span></p></div><p>Dansk</p>')

    assert [[run["lang"] for run in node["runs"]] for node in nodes] == [["kl", "da"], ["da"]]
