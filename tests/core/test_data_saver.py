"""A device that saves data fetches no picture before somebody asks for it."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from PIL import Image as Picture
from playwright.sync_api import expect

from core.data_saver import saves_data
from files.models import Image
from files.pictures import known_bytes, make_sizes
from tests.factories.pages import block, make_lesson_page, text

pytestmark = [pytest.mark.usefixtures("base"), pytest.mark.once]


@pytest.mark.parametrize(
    ("cookie", "header", "saves"),
    [
        (None, None, False),
        (None, "on", True),
        (None, "ON", True),
        (None, "off", False),
        ("spar", None, True),
        ("spar", "off", True),
        ("vis", "on", False),  # what the person says goes before what the browser says
        ("", "on", True),
        ("noget andet", None, False),
    ],
)
def test_the_choice_goes_before_the_wish_of_the_browser(cookie, header, saves):
    request = RequestFactory().get("/", headers={"Save-Data": header} if header else {})
    if cookie is not None:
        request.COOKIES["sidemand_data"] = cookie

    assert saves_data(request) is saves


def test_choice_is_kept_for_a_year_and_taken_back(client):
    chosen = client.post("/da/data/", {"choice": "spar"})
    kept = chosen.cookies["sidemand_data"]
    shown = client.get("/da/data/").content.decode()
    unset = client.post("/da/data/", {"choice": "browser"})

    assert (chosen.status_code, chosen.url) == (302, "/da/data/")
    assert (kept.value, kept["max-age"], kept["httponly"]) == ("spar", 365 * 24 * 3600, True)
    assert "Denne enhed sparer data." in shown
    assert unset.cookies["sidemand_data"]["max-age"] == 0


def test_form_is_sent_with_its_own_token():
    browser = Client(enforce_csrf_checks=True)
    form = BeautifulSoup(browser.get("/da/data/").content, "html.parser").find("main").form
    fields = {field["name"]: field["value"] for field in form.find_all(type="hidden")}

    response = browser.post("/da/data/", {**fields, "choice": "vis"})

    assert response.status_code == 302
    assert response.cookies["sidemand_data"].value == "vis"


@pytest.mark.parametrize("sent", [{"choice": "måske"}, {"choice": ""}, {}])
def test_a_choice_that_does_not_exist_is_refused(client, sent):
    response = client.post("/da/data/", sent)

    assert response.status_code == 200
    assert "sidemand_data" not in response.cookies


@pytest.fixture
def lesson():
    """A lesson with a picture far below its first words."""
    content = BytesIO()
    Picture.effect_noise((640, 480), 60).convert("RGB").save(content, "PNG")
    image = Image.objects.create(
        title="Et bord", description="Et bord", file=ContentFile(content.getvalue(), name="b.png")
    )
    make_sizes(image)
    shown = {"image": image.pk, "alt_text": "Et bord med en telefon", "decorative": False}
    page = make_lesson_page(
        body=[text("<p>Først ringer du.</p>"), block("image", {"image": shown, "caption": "Bord"})]
    )
    page.size = known_bytes(image)
    return page


def test_a_picture_says_what_it_shows_and_weighs(client, lesson):
    client.cookies["sidemand_data"] = "spar"

    html = client.get(lesson.url).content.decode()

    weight = f"{lesson.size / 1024:.1f}".replace(".", ",")
    assert f"data-on-demand>Vis billedet ({weight}\xa0KB): Et bord med en telefon</a>" in html


def test_both_kinds_of_reader_keep_their_own_page(client, lesson, django_assert_num_queries):
    shown = client.get(lesson.url)
    client.cookies["sidemand_data"] = "spar"
    saved = client.get(lesson.url, headers={"If-None-Match": shown["ETag"]})
    again = client.get(lesson.url, headers={"If-None-Match": saved["ETag"]})
    client.cookies["sidemand_data"] = "vis"
    back = client.get(lesson.url, headers={"If-None-Match": saved["ETag"]})

    assert [page.status_code for page in (shown, saved, again, back)] == [200, 200, 304, 200]
    assert [b"data-on-demand" in page.content for page in (shown, saved, back)] == [
        False,
        True,
        False,
    ]
    assert "Save-Data" in shown["Vary"]
    assert "Cookie" in shown["Vary"]


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("save", [True, False], ids=["saves data", "does not"])
def test_a_browser_fetches_the_picture_when_it_is_asked_for(
    live_server, browser, lesson, javascript, save
):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=javascript)
    if save:
        context.set_extra_http_headers({"Save-Data": "on"})
    page = context.new_page()
    fetched = []
    page.on("request", lambda request: fetched.append(request.resource_type))
    page.goto(lesson.url, wait_until="networkidle")
    before = fetched.count("image")
    if save:
        page.get_by_text("Vis billedet").click()
        shown = (
            page.get_by_alt_text("Et bord med en telefon") if javascript else page.locator("img")
        )
        expect(shown).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
    after = fetched.count("image") + fetched.count("document") - 1
    context.close()

    assert (before, after) == ((0, 1) if save else (1, 1))
