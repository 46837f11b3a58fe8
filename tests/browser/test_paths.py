"""Learning paths from both sides: a learner takes one; a coordinator assigns, reminds, exports."""

import csv

import pytest
from playwright.sync_api import expect

from courses.models import Assignment, LessonProgress, Reminder
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("width", [360, 1280])


def sized(width):
    return {"viewport": {"width": width, "height": 800}}


def fits(page):
    """Nothing makes the page scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@SIZES
def test_a_learner_finds_a_path_takes_it_and_goes_on_by_keyboard_alone(visit, people, width):
    learner = people("sagsbehandler2")
    page = visit("sagsbehandler2", "/da/kurser/", **sized(width))
    assert fits(page)
    tab_to(page, text="Mentor på vej")
    page.keyboard.press("Enter")
    page.wait_for_url("**/laering/forloeb/mentor-paa-vej/")
    assert fits(page)

    tab_to(page, text="Tag forløbet")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Forløbet er på din liste")
    assert Assignment.objects.get(person=learner).path.key == "mentor-paa-vej"

    tab_to(page, text="Fortsæt lektionen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kurser/hverdagen/**")
    page.get_by_role("button", name="Markér som læst").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Markér som læst")).to_be_hidden()
    assert LessonProgress.objects.filter(person=learner, read_at__isnull=False).count() == 1

    page.goto("/da/start/")
    expect(page.locator(".next-step").first).to_contain_text("Mentor på vej")
    assert fits(page)


@SIZES
def test_a_coordinator_assigns_undoes_reminds_and_takes_the_list_along(
    visit, people, width, tmp_path
):
    late, leader = people("sagsbehandler7"), people("fagchef2")
    page = visit("koordinator2", "/da/laering/overblik/?tilstand=uden", **sized(width))
    assert fits(page)

    # Assign, and undo
    page.get_by_label(leader.name, exact=True).check()
    page.get_by_role("button", name="Tildel et læringsforløb").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tildel et læringsforløb")
    assert fits(page)
    page.get_by_label("Læringsforløb").select_option(label="Mentor på vej")
    page.get_by_role("button", name="Tildel forløbet").click()
    expect(page.get_by_text("1 person har fået forløbet.")).to_be_visible()
    assert Assignment.objects.filter(person=leader).count() == 1
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_text("Forløbet er taget tilbage fra 1 person.")).to_be_visible()
    assert not Assignment.objects.filter(person=leader).exists()

    # Remind whoever is late, once
    page.goto("/da/laering/overblik/?tilstand=sen")
    assert fits(page)
    page.get_by_label(late.name).first.check()
    page.get_by_role("button", name="Påmind").click()
    page.get_by_role("button", name="Send påmindelsen").click()
    expect(page.get_by_text("1 person er mindet om det.")).to_be_visible()
    assert Reminder.objects.get(kind="asked").assignment.person == late

    # Take the list along
    page.goto("/da/laering/overblik/?forloeb=foerste-uge-som-sagsbehandler")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    taken.value.save_as(tmp_path / "tabel.csv")
    raw = (tmp_path / "tabel.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 8  # seven caseworkers of the municipality
    assert late.name in {row[0] for row in rows}


@SIZES
def test_a_coordinator_assigns_a_path_by_keyboard_alone(visit, people, width):
    leader = people("fagchef2")
    page = visit("koordinator2", "/da/laering/overblik/?tilstand=uden", **sized(width))

    box = page.get_by_label(leader.name, exact=True)
    while not box.evaluate("box => box === document.activeElement"):
        tab_to(page, name=box.get_attribute("name"))
    page.keyboard.press("Space")
    tab_to(page, text="Tildel et læringsforløb")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tildel et læringsforløb")
    tab_to(page, name=page.get_by_label("Læringsforløb").get_attribute("name"))
    page.keyboard.type("Mentor")
    tab_to(page, text="Tildel forløbet")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 person har fået forløbet.")).to_be_visible()
    assert Assignment.objects.get(person=leader).path.key == "mentor-paa-vej"


def test_a_path_is_taken_without_script(visit, people):
    page = visit("sagsbehandler2", "/da/laering/forloeb/mentor-paa-vej/", java_script_enabled=False)

    page.get_by_role("button", name="Tag forløbet").click()

    expect(page.get_by_role("status").first).to_contain_text("Forløbet er på din liste")
