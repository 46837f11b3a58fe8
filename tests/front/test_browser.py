"""The components and the script in a real Chromium."""

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.front import urls

pytestmark = [
    pytest.mark.once,
    pytest.mark.browser,
    pytest.mark.urls("tests.front.urls"),
    pytest.mark.usefixtures("base"),
]
TYPED = "Øvede 24-timers beslutning på opdigtet eksempel. ĸ 🙂"
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => !e.closest('.visually-hidden, thead') && e.offsetParent && e.tagName !== 'INPUT'
        && getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1)
    .map(e => e.outerHTML.slice(0, 80))"""
OUT_OF_SIGHT = """() => [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => !e.closest('.visually-hidden, .skip-link') && e.offsetParent
        && e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 80))"""
SMALL_TARGETS = """() =>
    [...document.querySelectorAll('a, button, summary, input, select, textarea')]
    .filter(e => e.offsetParent && !e.closest('.visually-hidden, .skip-link, p'))
    .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""


@pytest.fixture(autouse=True)
def nothing_received():
    urls.received.clear()
    urls.opened.clear()


@pytest.fixture
def complaints(page):
    """What the console and the page itself complain about, a broken policy among it."""
    heard = []
    page.on(
        "console", lambda message: heard.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("language", ["da", "kl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_component_page_is_accessible(  # noqa: PLR0917  one argument per dimension
    live_server, page, complaints, width, scheme, language
):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies(
        [{"name": "sidemand_language", "value": language, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/dev/komponenter/")
    page.evaluate("document.querySelectorAll('main details').forEach(e => e.open = true)")

    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    assert [line for line in complaints if "none.mp4" not in line] == []


@pytest.mark.parametrize("width", [320, 360, 600, 960, 1280])
def test_nothing_is_cut_off_or_out_of_sight(live_server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/dev/komponenter/")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUT_OF_SIGHT) == []
    assert page.evaluate(CUT_OFF) == []


def test_long_words_wrap_with_text_twice_as_large(live_server, page):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{live_server.url}/dev/komponenter/")
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")

    assert page.evaluate(OUT_OF_SIGHT) == []


def test_targets_are_large_enough(live_server, page):
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(f"{live_server.url}/dev/komponenter/")

    assert page.evaluate(SMALL_TARGETS) == []


def test_menu_folds_on_a_phone_and_lies_open_on_a_desk(live_server, page):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/da/dev/form/")
    expect(page.get_by_role("button", name="Kalaallisut")).to_be_hidden()
    page.get_by_text("Menu").click()
    expect(page.get_by_role("button", name="Kalaallisut")).to_be_visible()

    page.get_by_text("Menu").click()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_role("button", name="Kalaallisut")).to_be_visible()
    expect(page.get_by_text("Menu", exact=True)).to_be_hidden()


def test_skip_link_leads_to_the_content(live_server, page):
    page.goto(f"{live_server.url}/da/dev/form/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def fill_half(page):
    page.get_by_label("Hvad gik godt?").fill(TYPED)
    page.get_by_label("Hvor mange minutter?").fill("75")
    page.get_by_label("By").select_option("qaanaaq")
    page.get_by_label("Kvittering").first.check()
    page.get_by_label("ved siden af").check()


def expect_half(page):
    expect(page.get_by_label("Hvad gik godt?")).to_have_value(TYPED)
    expect(page.get_by_label("Hvor mange minutter?")).to_have_value("75")
    expect(page.get_by_label("By")).to_have_value("qaanaaq")
    expect(page.get_by_label("Kvittering").first).to_be_checked()
    expect(page.get_by_label("ved siden af")).to_be_checked()


def test_switching_language_loses_nothing_and_sends_nothing(live_server, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/da/dev/form/")
    fill_half(page)
    sent = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))

    page.get_by_role("button", name="Kalaallisut").click()
    page.wait_for_url("**/kl/dev/form/")
    expect_half(page)
    expect(page.locator(".counter")).to_have_text(f"{len(TYPED)}/500")
    page.get_by_role("button", name="Dansk").click()
    page.wait_for_url("**/da/dev/form/")
    expect_half(page)

    assert [line for line in sent if "opdigtet" in line or "qaanaaq" in line] == []
    assert page.evaluate("sessionStorage.length") == 0


def test_switching_language_keeps_what_was_refused(live_server, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/da/dev/form/")
    fill_half(page)
    page.get_by_role("button", name="Send session").click()
    expect(page.locator(".error-summary")).to_be_focused()

    page.get_by_role("button", name="Kalaallisut").click()
    page.wait_for_url("**/kl/dev/form/")

    expect_half(page)


def test_typed_text_is_never_given_to_another_person(live_server, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/da/dev/form/")
    fill_half(page)
    page.evaluate("document.querySelector('[data-language-switch]').dataset.owner = 'another'")
    page.get_by_role("button", name="Kalaallisut").click()
    page.wait_for_url("**/kl/dev/form/")

    expect(page.get_by_label("Hvad gik godt?")).to_have_value("")


def test_nothing_typed_keeps_nothing(live_server, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/da/dev/form/")
    page.get_by_role("button", name="Kalaallisut").click()
    page.wait_for_url("**/kl/dev/form/")

    assert page.evaluate("sessionStorage.length") == 0


def test_two_presses_send_once(live_server, page):
    page.goto(f"{live_server.url}/da/dev/form/")
    fill_half(page)
    page.evaluate(
        """() => { const button = document.querySelector('#log .buttons .button');
                   button.click(); button.click(); }"""
    )
    expect(page.locator(".error-summary")).to_be_visible()

    assert len(urls.received) == 1


def test_leaving_with_something_typed_asks_first(live_server, page):
    page.goto(f"{live_server.url}/da/dev/form/")
    fill_half(page)
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.evaluate("location.href = '/da/dev/refused/'")
    page.wait_for_timeout(500)

    assert asked == ["beforeunload"]
    expect(page.get_by_label("Hvad gik godt?")).to_have_value(TYPED)


def test_stepper_counts_within_its_limits(live_server, page):
    page.goto(f"{live_server.url}/da/dev/form/")
    minutes = page.get_by_label("Hvor mange minutter?")
    page.get_by_role("button", name="+15").click()
    page.get_by_role("button", name="+15").click()
    expect(minutes).to_have_value("30")
    for _press in range(3):
        page.get_by_role("button", name="−15").click()

    expect(minutes).to_have_value("1")


def test_counter_counts_characters_and_says_what_is_too_much(live_server, page):
    page.goto(f"{live_server.url}/da/dev/form/")
    page.get_by_label("Hvad gik godt?").fill("🙂" * 503)

    expect(page.locator(".counter")).to_have_text("3 tegn for meget")
    expect(page.get_by_label("Hvad gik godt?")).to_have_value("🙂" * 503)


def test_number_like_a_citizens_never_leaves_the_page(live_server, page):
    page.goto(f"{live_server.url}/da/dev/form/")
    number = "".join(["0101", "70", "-", "1234"])
    page.get_by_label("Hvad gik godt?").fill(f"Talte om {number} i dag")
    sent = []
    page.on("request", lambda request: sent.append(request.url))

    page.get_by_role("button", name="Send session").click()

    field = page.get_by_label("Hvad gik godt?")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_went_well_cpr")).to_contain_text("CPR")
    assert number not in page.locator("#id_went_well_cpr").inner_text()
    assert violations(page) == []
    assert sent == []
    assert urls.received == []

    field.fill("Talte om kvitteringen i dag")
    page.get_by_role("button", name="Send session").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert [received["went_well"] for received in urls.received] == ["Talte om kvitteringen i dag"]


def test_reaching_the_end_marks_the_lesson_read(live_server, page):
    page.goto(f"{live_server.url}/da/dev/form/")
    expect(page.get_by_role("button", name="Markér som læst")).to_be_visible()
    page.locator("footer").scroll_into_view_if_needed()

    expect(page.get_by_role("button", name="Markér som læst")).to_be_hidden(timeout=6000)
    expect(page.get_by_text("Færdig", exact=True)).to_be_visible()
    assert len(urls.received) == 1


def test_forms_work_without_script(live_server, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/da/dev/form/")
    fill_half(page)
    page.get_by_role("button", name="Send session").click()
    expect_half(page)
    page.get_by_role("button", name="Kalaallisut").click()
    page.get_by_role("button", name="Skift til Kalaallisut uden min tekst").click()
    page.wait_for_url("**/kl/dev/form/")
    context.close()


def test_paper_shows_no_navigation_and_writes_addresses_out(live_server, page):
    page.goto(f"{live_server.url}/dev/komponenter/")
    page.emulate_media(media="print")

    for unwanted in ("nav.breadcrumb", ".menu", "footer", ".skip-link"):
        expect(page.locator(unwanted).first).to_be_hidden()
    after = page.evaluate(
        "getComputedStyle(document.querySelector('main a[href^=\"http\"]'), '::after').content"
    )
    assert "nalunaarutit.gl" in after or "attr(href)" in after


def test_an_opened_lesson_is_told_once_until_another_is_opened(live_server, page):
    def go(name):
        page.goto(f"{live_server.url}/da/dev/lesson/{name}/", wait_until="networkidle")

    for name in ("a", "a", "b", "a"):
        go(name)
    assert urls.opened == ["a", "b", "a"]

    page.clock.install()
    go("a")
    assert urls.opened == ["a", "b", "a"]
    page.clock.fast_forward("11:00")
    go("a")
    assert urls.opened == ["a", "b", "a", "a"]


def test_an_opened_lesson_that_was_not_received_is_told_again(live_server, page):
    def go():
        page.goto(f"{live_server.url}/da/dev/lesson/a/", wait_until="networkidle")

    page.route("**/dev/opened/**", lambda route: route.abort())
    go()
    assert urls.opened == []

    page.unroute_all()
    go()
    assert urls.opened == ["a"]
