"""What is typed is on the disk within a second, and nobody writes over what they have not seen."""

import random
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.device.conftest import ANNA, BO, Device, Launch
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.once]

PIN = "274951"
FIELDS = ("went_well", "next_step", "tools")
KEEP = """async (g) => {
  const v = await import("/js/device/vault.js");
  const d = await import("/js/device/drafts.js");
  const s = await import("/js/device/store.js");
  %s
}"""
#: A form of three texts that keeps itself, from the draft that lies here if there is one.
FORM = """
const { fill, fieldsOf } = await import("/js/device/session.js");
const form = document.createElement("form");
form.innerHTML = g[0].map((name) => `<textarea name="${name}" id="${name}"></textarea>`).join("");
document.querySelector("main").replaceChildren(form);
const known = g[1] && (await d.read(g[1]));
if (known) fill(form, known.content.fields);
const begun = { id: g[1], kind: "session", version: known?.row.version ?? 0 };
window.told = [];
const look = () => ({ fields: fieldsOf(form), label: "Kladde" });
window.saving = d.autosave(look, begun, (one) => told.push(one));
form.addEventListener("input", () => saving.touch());
"""
#: Types a text letter by letter over the fields, and notes when each letter was there.
TYPE = """
window.typed = [];
const fields = g[0].map((name) => document.getElementById(name));
const letters = [...g[1]];
const type = () => {
  const letter = letters.shift();
  if (letter === undefined) return;
  const field = fields[Math.floor(typed.length / 40) % fields.length];
  field.value += letter;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  typed.push(letter);
  setTimeout(type, g[2]);
};
type();
"""
#: More than the browser lets through before it looks at what is left.
LONG = "x" * 3_000_000
DRAFT = "11111111-2222-4333-8444-555555555555"


def run(page: Page, script: str, *given: Any) -> Any:
    return page.evaluate(KEEP % script, list(given))


def begin(page: Page) -> None:
    run(page, FORM, FIELDS, DRAFT)


def kept(page: Page) -> list[str]:
    """The texts of every draft, joined."""
    return run(
        page,
        f"""
        const drafts = await d.list('{ANNA}');
        const text = (fields) => g[0].map((name) => fields[name]?.[0] ?? "").join("|");
        return drafts.map(({{ content }}) => text(content.fields));
        """,
        FIELDS,
    )


@pytest.fixture
def page(device: Device) -> Page:
    device.sign_in(ANNA)
    page = device.page()
    run(page, "await v.setUp({ pin: g[0], shared: false, name: 'Chrome' })", PIN)
    return page


def test_a_letter_is_kept_within_a_second_also_while_somebody_types_on(page: Page) -> None:
    begin(page)
    run(page, TYPE, FIELDS, "æ" * 200, 20)  # no rest of 300 ms in four seconds
    page.wait_for_function("typed.length >= 100")

    typed = page.evaluate("typed.length")
    page.wait_for_timeout(1000)

    assert sum(len(text) for text in kept(page)[0].split("|")) >= typed


def test_reloading_gives_it_back(page: Page, device: Device) -> None:
    begin(page)
    page.locator("#went_well").fill("Første udkast")
    page.wait_for_function("told.length > 0")
    device.go(page)
    begin(page)

    assert page.locator("#went_well").input_value() == "Første udkast"


def test_hiding_the_page_keeps_it_at_once(page: Page) -> None:
    begin(page)
    page.evaluate("window.setTimeout = () => 0")  # what waits for a pause in typing waits for ever
    page.locator("#tools").fill("Skabelon")
    assert page.evaluate("saving.isDirty()")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    until(page, "() => told.length > 0")

    assert kept(page) == ["||Skabelon"]


@pytest.mark.parametrize("rounds", [20, pytest.param(500, marks=pytest.mark.full)])
def test_two_tabs_on_one_draft_write_over_nothing(page: Page, device: Device, rounds: int) -> None:
    begin(page)
    page.locator("#went_well").fill("Begyndt")
    page.wait_for_function("told.length > 0")
    other = device.page()
    picked = random.Random(rounds)
    for number in range(rounds):
        marks = f"tab A {number}", f"tab B {number}"
        for tab in (page, other):
            begin(tab)
        typing = """([name, text, wait]) => setTimeout(() => {
            const field = document.getElementById(name);
            field.value = text;
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }, wait)"""
        for tab, mark in zip((page, other), marks, strict=True):
            tab.evaluate(typing, [picked.choice(FIELDS), mark, picked.randint(0, 120)])
        for tab in (page, other):
            tab.wait_for_function("told.length > 0")

        texts = "\n".join(kept(page))
        assert all(mark in texts for mark in marks), f"round {number}: {texts}"
        clashes = (
            page.evaluate("told.some((one) => one.clash)"),
            other.evaluate("told.some((one) => one.clash)"),
        )
        assert sorted(clashes) == [False, True]  # whoever came second is told


#: Types a letter; the lid is closed at once and opened after an hour. Then ``g[0]`` happens.
LID = """
const now = Date.now;
const field = document.getElementById("went_well");
field.value += " og mere";
field.dispatchEvent(new Event("input", { bubbles: true }));
Date.now = () => now() + 3_600_000;
window.locks = 0;
v.onLock(() => { window.locks += 1; });
if (g[0] === "key") dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
if (g[0] === "read") d.list(g[1]).catch(() => null);
"""


@pytest.mark.parametrize("first", ["timer", "key", "read"])
def test_what_was_being_written_when_the_lid_closed_is_kept_and_it_locks(
    page: Page, first: str
) -> None:
    """Whichever wakes up first after an hour: the autosave, a touch, or another reader."""
    begin(page)
    page.locator("#went_well").fill("Skrevet")
    page.wait_for_function("told.length > 0")

    run(page, LID, first, str(ANNA))
    page.wait_for_function("told.length > 1 && locks === 1", timeout=10_000)

    assert run(page, "return v.isOpen()") is False
    run(page, "await v.open(g[0])", PIN)
    assert kept(page) == ["Skrevet og mere||"]
    page.locator("#went_well").fill("Videre")  # nor is any later letter lost
    page.wait_for_function("told.length > 2 && told.at(-1).at")
    assert kept(page) == ["Videre||"]


#: Somebody else has signed in in another tab, and this page has not heard of it.
OTHER = "await s.writeMeta('owner', g[0])"


def test_what_is_typed_where_somebody_else_has_signed_in_since_is_its_authors(page: Page) -> None:
    begin(page)
    page.locator("#went_well").fill("Skrevet")
    page.wait_for_function("told.length > 0")
    run(page, OTHER, str(BO))

    page.locator("#went_well").fill("Skrevet og mere")
    page.wait_for_function("told.length > 1")

    owners = run(page, "return (await s.all('drafts')).map(({ owner }) => owner)")
    assert owners == [str(ANNA)]
    run(page, "await v.meetServer(); await v.open(g[0])", PIN)
    assert kept(page) == ["Skrevet og mere||"]


def test_what_somebody_has_typed_is_not_kept_as_the_next_persons(
    page: Page, device: Device
) -> None:
    begin(page)
    page.locator("#went_well").fill("Skrevet")
    page.wait_for_function("told.length > 0")
    device.sign_in(BO)
    run(page, "await v.setUp({ pin: g[0], shared: true, name: 'Chrome' })", PIN)

    page.locator("#went_well").fill("Skrevet og mere")
    page.wait_for_function("told.length > 1")

    assert page.evaluate("told.at(-1).failure?.name") == "Locked"
    assert run(page, "return (await s.all('drafts', g[0])).length", str(BO)) == 0
    run(page, "await v.lock()")
    device.sign_in(ANNA)
    run(page, "await v.meetServer(); await v.open(g[0])", PIN)
    page.wait_for_function("told.at(-1).at", timeout=10_000)
    assert kept(page) == ["Skrevet og mere||"]


def test_without_room_it_says_so_and_keeps_the_text_on_the_page(launch: Launch) -> None:
    device = launch()
    device.sign_in(ANNA)
    page = device.page()
    session = device.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 2_000_000})
    run(page, "await v.setUp({ pin: g[0], shared: false, name: 'Chrome' })", PIN)
    begin(page)

    page.evaluate(
        """(text) => {
            const field = document.getElementById("tools");
            field.value = text;
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        LONG,
    )
    page.wait_for_function("told.some((one) => one.failure)")

    assert page.evaluate("[saving.isDirty(), told[0].failure.name]") == [True, "Full"]
    assert page.evaluate("document.getElementById('tools').value.length") == len(LONG)

    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    page.wait_for_function("told.some((one) => one.at)", timeout=15_000)
    assert kept(page) == ["||" + LONG]
