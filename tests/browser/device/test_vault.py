"""What lies on a device opens for its owner alone."""

import base64
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from devices import keys
from tests.browser.device.conftest import ANNA, BO, Device, kill_browser, vault
from tests.browser.waiting import until, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.once]

PIN, OTHER_PIN = "274951", "830462"
TEXT = {"went_well": "Kvitteringen, æøå ĸ 🐋", "minutes": 90}
SET_UP = "await v.setUp({ pin: g[0], shared: g[1], name: 'Chrome' });"
SEAL = "const sealed = await v.seal(g[0], 'drafts/a/1'); "
KEEP = SEAL + "await s.put('drafts', { id: '1', owner: 'a', sealed });"
READ = "return v.unseal((await s.get('drafts', '1')).sealed, 'drafts/a/1');"


@pytest.fixture
def page(device: Device) -> Page:
    """Anna's page, with a vault that is open and holds a draft."""
    device.sign_in(ANNA)
    page = device.page()
    assert vault(page, SET_UP, PIN, False) is None
    vault(page, KEEP, TEXT)
    return page


def read(page: Page) -> Any:
    return vault(page, READ)


FILE = 'const e = await import("/js/device/escape.js"); '


def keep_own(page: Page) -> None:
    """A draft of whoever has it open, under the name of its place."""
    vault(
        page,
        """const owner = await v.currentOwner();
        const sealed = await v.seal(g[0], v.nameOf("drafts", owner, "own"));
        const facts = { kind: "session", version: 1, changed_at: 1, deleted_at: null };
        await s.put("drafts", { id: "own", owner, ...facts, size: 1, sealed });""",
        TEXT,
    )


WRONG = {"refused": "PinRefused", "code": "wrong", "seconds": 0}
LOCKED = {"refused": "Locked", "code": None, "seconds": 0}


def test_before_it_is_set_up_nothing_is_sealed(device):
    device.sign_in(ANNA)
    page = device.page()

    assert vault(page, "return [await v.isSetUp(), await v.isOpen()]") == [False, False]
    assert vault(page, SEAL, TEXT) == LOCKED
    assert vault(page, "await v.open(g[0])", PIN) == LOCKED


def test_what_is_sealed_opens_again_and_after_locking_only_with_the_pin(page):
    assert read(page) == TEXT

    vault(page, "await v.lock()")

    assert read(page) == LOCKED
    assert vault(page, "await v.open(g[0])", "000001") == WRONG
    assert read(page) == LOCKED
    vault(page, "await v.open(g[0])", PIN)
    assert read(page) == TEXT


def test_the_bytes_of_the_key_are_nowhere_to_be_read(page):
    """In the open vault the key is one that no script can export."""
    exported = page.evaluate(
        """async (owner) => {
            const { active } = await navigator.serviceWorker.getRegistration();
            const { port1, port2 } = new MessageChannel();
            const told = new Promise((resolve) => (port1.onmessage = (e) => resolve(e.data)));
            active.postMessage({ kind: "key-get", owner }, [port2]);
            const { key } = await told;
            return crypto.subtle.exportKey("raw", key).then(() => "read", (e) => e.name);
        }""",
        str(ANNA),
    )

    assert exported == "InvalidAccessError"


def test_what_is_sealed_in_one_place_does_not_open_in_another(page):
    moved = vault(page, "return v.unseal((await s.get('drafts', '1')).sealed, 'drafts/a/2')")

    assert moved["refused"] == "OperationError"


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("27495", "short"),
        ("", "short"),
        ("111111", "easy"),
        ("123456", "easy"),
        ("987654", "easy"),
        ("274274", "easy"),
        ("343443", "easy"),
    ],
)
def test_a_weak_pin_is_refused_and_sets_nothing_up(device, pin, code):
    device.sign_in(ANNA)
    page = device.page()

    assert vault(page, SET_UP, pin, False)["code"] == code
    assert vault(page, "return s.all('owners')") == []
    assert device.lab.devices == {}


def test_each_wrong_pin_after_the_fifth_waits_longer_and_a_restart_forgets_nothing(page, device):
    vault(page, "await v.lock()")
    for _ in range(5):
        assert vault(page, "await v.open(g[0])", "000001")["code"] == "wrong"

    second = device.page()
    refused = vault(second, "await v.open(g[0])", PIN)

    assert (refused["code"], 0 < refused["seconds"] <= 30) == ("wait", True)
    # A clock set back by days does not lock for days.
    vault(
        second,
        """const row = await v.whoseDevice();
        await s.put('owners', { ...row, wait_until: Date.now() + 3 * 24 * 3600 * 1000 });""",
    )
    assert vault(second, "await v.open(g[0])", PIN)["seconds"] <= 15 * 60
    vault(second, "await s.put('owners', { ...(await v.whoseDevice()), wait_until: 0 })")
    assert vault(second, "await v.open(g[0])", "000001")["code"] == "wrong"
    assert 30 < vault(second, "await v.open(g[0])", PIN)["seconds"] <= 60
    vault(second, "await s.put('owners', { ...(await v.whoseDevice()), wait_until: 0 })")
    vault(second, "await v.open(g[0])", PIN)
    assert read(second) == TEXT
    assert vault(second, "return (await v.whoseDevice()).tries") == 0


def test_the_next_page_and_another_tab_are_open_too(page, device):
    device.go(page, "/next")
    assert read(page) == TEXT

    other = device.page("/other")
    assert read(other) == TEXT


#: The worker has slept.
FORGET = """async () => {
    const { active } = await navigator.serviceWorker.getRegistration();
    active.postMessage({ kind: "key-drop" });
}"""


def test_a_page_that_holds_the_key_helps_when_the_worker_has_slept(page, device):
    page.evaluate(FORGET)

    assert read(device.page("/other")) == TEXT


def test_locking_one_tab_locks_all_once_each_has_kept_its_last_letters(page, device):
    other = device.page("/other")
    assert read(other) == TEXT
    vault(
        other,
        """window.locks = 0;
        v.onLock(() => { window.locks += 1; });
        v.beforeLock(async () => {
            const sealed = await v.seal("last letters", "drafts/a/2");
            await s.put("drafts", { id: "2", owner: "a", sealed });
        });""",
    )

    vault(page, "await v.lock()")
    other.wait_for_function("window.locks === 1")

    assert read(other) == LOCKED
    assert read(device.page("/third")) == LOCKED
    vault(page, "await v.open(g[0])", PIN)
    assert vault(page, "return v.unseal((await s.get('drafts', '2')).sealed, 'drafts/a/2')") == (
        "last letters"
    )


@pytest.mark.parametrize(("shared", "minutes"), [(True, 5), (False, 30)])
def test_nobody_there_for_long_enough_locks(device, shared, minutes):
    device.sign_in(ANNA)
    page = device.context.new_page()
    page.clock.install()
    device.go(page)
    vault(page, SET_UP, PIN, shared)
    vault(page, KEEP, TEXT)

    page.clock.run_for(timedelta(minutes=minutes, seconds=-20) // timedelta(milliseconds=1))
    assert read(page) == TEXT
    page.keyboard.press("a")
    page.clock.run_for(timedelta(minutes=minutes, seconds=-20) // timedelta(milliseconds=1))
    assert read(page) == TEXT
    page.clock.run_for(30_000)

    assert read(page) == LOCKED


def test_whoever_comes_back_after_hours_does_not_open_it_by_a_touch(device):
    """A lid that was closed: no timer has run, and the first thing that happens is a key."""
    device.sign_in(ANNA)
    page = device.context.new_page()
    page.clock.install()
    device.go(page)
    vault(page, SET_UP, PIN, True)
    vault(page, KEEP, TEXT)

    page.clock.set_system_time(page.evaluate("Date.now() + 3600 * 1000"))
    page.keyboard.press("a")

    assert read(page) == LOCKED


def test_a_browser_that_was_closed_is_locked(launch, tmp_path):
    first = launch()
    first.sign_in(ANNA)
    page = first.page()
    vault(page, SET_UP, PIN, False)
    vault(page, KEEP, TEXT)
    kill_browser(tmp_path / "profile")

    page = launch().page()

    assert read(page) == LOCKED
    vault(page, "await v.open(g[0])", PIN)
    assert read(page) == TEXT


def test_a_forgotten_pin_loses_nothing(page):
    vault(page, "await v.lock()")

    vault(page, "await v.recover(g[0])", OTHER_PIN)

    assert read(page) == TEXT
    vault(page, "await v.lock()")
    assert vault(page, "await v.open(g[0])", PIN)["code"] == "wrong"
    vault(page, "await v.open(g[0])", OTHER_PIN)
    assert read(page) == TEXT


def test_recovering_needs_the_owner_and_says_why_not(page, device):
    vault(page, "await v.lock()")

    device.lab.refuse("/api/v1/device/open/", 403, "reauthenticate")
    assert vault(page, "await v.recover(g[0])", OTHER_PIN)["code"] == "reauthenticate"
    device.lab.refusals.clear()
    device.context.set_offline(True)
    assert vault(page, "await v.recover(g[0])", OTHER_PIN)["code"] == "offline"
    device.context.set_offline(False)
    device.sign_in(None)
    assert vault(page, "await v.recover(g[0])", OTHER_PIN)["code"] == "sign_in"
    device.sign_in(BO)
    assert vault(page, "await v.recover(g[0])", OTHER_PIN) == LOCKED  # nothing of his is here


def test_the_server_opens_for_the_owner_on_the_device_alone(page, device):
    """Whoever copies what lies on the disk gets nothing from the server by it."""
    row = vault(
        page,
        """const { device, wrapped, wrapped_with } = await v.whoseDevice();
        return { device, key: wrapped_with, wrapped: btoa(String.fromCharCode(...wrapped)) };""",
    )
    wrapped, own = base64.b64decode(row["wrapped"]), uuid.UUID(row["device"])

    opened = keys.unwrap(wrapped, key_id=row["key"], owner=ANNA, device=own)

    assert keys.fingerprint(opened) == device.lab.devices[str(own)]["fingerprint"]
    for owner, which in [(BO, own), (ANNA, uuid.uuid4())]:
        with pytest.raises(keys.Unopened):
            keys.unwrap(wrapped, key_id=row["key"], owner=owner, device=which)
    with pytest.raises(keys.Unopened):
        keys.unwrap(wrapped[:-1], key_id=row["key"], owner=ANNA, device=own)
    with pytest.raises(keys.NoKey):
        keys.unwrap(wrapped, key_id="0" * 16, owner=ANNA, device=own)


def test_another_pin_needs_the_old_one(page):
    assert vault(page, "await v.changePin(g[0], g[1])", "000001", OTHER_PIN)["code"] == "wrong"
    assert vault(page, "await v.changePin(g[0], g[1])", PIN, "111111")["code"] == "easy"

    vault(page, "await v.changePin(g[0], g[1])", PIN, OTHER_PIN)
    vault(page, "await v.lock()")

    assert vault(page, "await v.open(g[0])", PIN)["code"] == "wrong"
    vault(page, "await v.open(g[0])", OTHER_PIN)
    assert read(page) == TEXT


def test_the_next_person_opens_nothing_of_the_one_before(page, device):
    """Bo signs in where Anna's vault stands open: hers locks, and his PIN opens his own."""
    device.sign_in(BO)
    theirs = device.page("/bo")
    vault(theirs, "await v.meetServer()")

    until(page, "import('/js/device/vault.js').then(async (v) => !(await v.isOpen()))")
    assert read(theirs) == LOCKED
    assert vault(theirs, "await v.open(g[0])", PIN) == LOCKED
    vault(theirs, SET_UP, PIN, True)  # the same PIN, as it may happen
    assert read(theirs)["refused"] == "OperationError"

    vault(theirs, "await v.leave()")
    device.sign_in(ANNA)
    assert read(page) == LOCKED
    vault(page, "await v.meetServer(); await v.open(g[0])", PIN)
    assert read(page) == TEXT


def test_the_page_of_the_one_before_locks_also_where_the_worker_has_slept(page, device):
    """What the worker had forgotten by then, the page still holds, and shows."""
    vault(page, "window.locks = 0; v.onLock(() => { window.locks += 1; });")
    page.evaluate(FORGET)
    device.sign_in(BO)

    theirs = device.page("/bo")
    vault(theirs, SET_UP, PIN, True)

    page.wait_for_function("window.locks === 1")
    assert vault(theirs, "return v.isOpen()") is True


def test_a_page_that_was_not_told_of_the_next_person_finds_out_and_locks_nobody_else(page, device):
    device.sign_in(BO)
    theirs = device.page("/bo")
    vault(page, "await s.writeMeta('owner', g[0])", str(BO))
    vault(theirs, SET_UP, PIN, True)

    assert read(page)["refused"] in {"Locked", "OperationError"}

    assert vault(theirs, "return v.isOpen()") is True
    assert vault(theirs, "return v.author(g[0]).then(() => 1)", str(ANNA)) == LOCKED


def test_whoever_leaves_leaves_sealed_work_and_nothing_else(page):
    vault(
        page,
        """await s.put("kits", { owner: g[0], name: "log", sealed: await v.seal(1, "kit") });
        await s.put("kits", { owner: g[0], name: "play:1", sealed: await v.seal(1, "kit") });
        await s.put("kits", { owner: g[1], name: "log", sealed: new Uint8Array(3) });
        sessionStorage.setItem("sidemand.opened", "lesson");""",
        str(ANNA),
        str(BO),
    )

    vault(page, "await v.leave()")

    assert vault(page, "await v.open(g[0])", PIN) == LOCKED  # sign in first
    left = vault(page, "return (await s.all('kits')).map((one) => [one.owner, one.name])")
    assert left == [[str(ANNA), "play:1"], [str(BO), "log"]]
    assert vault(page, "return (await s.all('drafts')).length") == 1
    assert vault(page, "return s.all('meta')") == []
    # That this is somebody's device stays known: they find what waits there, and are warned of it.
    assert page.evaluate("[{ ...localStorage }, sessionStorage.length]") == [
        {"sidemand.device": "own"},
        0,
    ]
    vault(page, "await v.meetServer(); await v.open(g[0])", PIN)
    assert read(page) == TEXT


def test_a_browser_is_shared_as_soon_as_one_of_its_owners_says_so(page, device):
    vault(page, "await v.leave()")
    device.sign_in(BO)
    vault(page, SET_UP, PIN, True)
    assert page.evaluate("localStorage['sidemand.device']") == "shared"

    vault(page, "await v.leave()")
    device.sign_in(ANNA)
    vault(page, "await v.meetServer(); await v.open(g[0])", PIN)

    assert page.evaluate("localStorage['sidemand.device']") == "shared"


def test_two_tabs_that_set_up_at_once_make_one_key(device):
    device.sign_in(ANNA)
    pages = [device.page(), device.page("/other")]
    vault(
        pages[0],
        """window.both = Promise.allSettled([1, 2].map(() =>
            v.setUp({ pin: g[0], shared: true, name: "Chrome" })));""",
        PIN,
    )

    outcomes = pages[0].evaluate("window.both.then((all) => all.map((one) => one.status))")

    assert sorted(outcomes) == ["fulfilled", "rejected"]
    assert len(device.lab.devices) == 1
    vault(pages[0], KEEP, TEXT)
    vault(pages[0], "await v.lock(); await v.open(g[0])", PIN)
    assert read(pages[0]) == TEXT


@pytest.mark.parametrize("status", [401, 503])
def test_a_server_that_refuses_the_device_leaves_nothing_behind(device, status):
    device.sign_in(ANNA)
    page = device.page()
    device.lab.refuse("/api/v1/device/", status, "sign_in" if status == 401 else "not_ready")

    assert vault(page, SET_UP, PIN, False)["refused"] == "Unanswered"
    assert vault(page, "return s.all('owners')") == []


def test_a_new_key_of_the_server_is_used_from_the_next_opening(page, device, settings):
    before = vault(page, "return (await v.whoseDevice()).wrapped_with")
    keys.make(Path(settings.SIDEMAND_DEVICE_KEY_FILE))
    now, _spki = keys.public_key()
    assert now != before

    vault(page, "await v.lock(); await v.open(g[0])", PIN)
    until(
        page,
        """(now) => import("/js/device/vault.js").then(async (v) =>
            (await v.whoseDevice()).wrapped_with === now)""",
        now,
    )

    vault(page, "await v.lock(); await v.recover(g[0])", OTHER_PIN)
    assert read(page) == TEXT


def test_contact_tells_a_count_and_a_moment_and_registers_a_device_that_is_not_known(page, device):
    [(own, known)] = device.lab.devices.items()
    at = "2027-02-01T12:00:00Z"
    vault(page, "await v.tellContact({ unsent: 3, oldest_at: g[0] })", at)
    assert (known["unsent"], known["oldest_unsent_at"]) == (3, at)

    device.lab.devices.clear()
    vault(page, "await v.tellContact({ unsent: 0 })")

    assert device.lab.devices[own]["unsent"] == 0
    assert device.lab.devices[own]["fingerprint"] == known["fingerprint"]


# --- A server that was put back from a backup, older than the device ------------------------------


def test_a_forgotten_pin_loses_nothing_where_the_server_knows_the_device_no_more(page, device):
    vault(page, "await v.lock()")
    device.lab.devices.clear()

    assert vault(page, "await v.recover(g[0])", OTHER_PIN) is None

    assert read(page) == TEXT


def test_the_file_of_what_waits_is_of_a_device_that_the_server_knows(page, device):
    """It is saved where the PIN is forgotten, too: whoever takes it in finds the device."""
    own = vault(page, "return v.deviceId()")
    keep_own(page)
    vault(page, "await v.lock()")
    device.lab.devices.clear()

    saved = vault(page, FILE + "return (await e.saveFile()).drafts")

    assert saved == 1
    wait_for(page, lambda: own in device.lab.devices)
    assert own in device.lab.devices


def test_the_drafts_of_its_own_file_come_back_to_a_device(page, device):
    keep_own(page)
    device.lab.devices.clear()

    brought = vault(
        page,
        FILE
        + """const { blob } = await e.fileOfUnsent();
        await s.remove("drafts", "own");
        return e.bringDrafts(blob);""",
    )

    assert brought == 1


def test_a_device_is_made_known_for_its_own_owner_alone(page, device):
    """Bo has signed in elsewhere, and this page has not heard of it."""
    device.lab.devices.clear()
    device.sign_in(BO)

    assert vault(page, "await v.tellContact({ unsent: 1 })")["code"] == "not_found"

    assert device.lab.devices == {}


# --- The store ------------------------------------------------------------------------------------


def test_a_transaction_is_all_or_nothing(page):
    outcome = vault(
        page,
        """await s.transact(["drafts", "records"], "readwrite", async (one) => {
            await one.put("records", { id: "9", owner: "a" });
            await one.remove("drafts", "1");
            throw new Error("stop");
        });""",
    )

    assert outcome["refused"] == "Error"
    assert vault(page, "return (await s.all('records')).length") == 0
    assert read(page) == TEXT


def test_rows_are_told_apart_by_their_owner(page):
    vault(page, "await s.put('drafts', { id: '2', owner: 'b' })")

    assert vault(page, "return (await s.all('drafts', 'b')).map((row) => row.id)") == ["2"]
    assert vault(page, "return (await s.all('drafts')).map((row) => row.id)") == ["1", "2"]
    assert vault(page, "return (await s.get('drafts', '3')) === undefined") is True


def test_no_room_is_told_and_what_was_there_stays(launch):
    device = launch()
    device.sign_in(ANNA)
    page = device.page()
    session = device.context.new_cdp_session(page)
    most = {"origin": device.lab.url, "quotaSize": 2_000_000}
    session.send("Storage.overrideQuotaForOrigin", most)
    vault(page, SET_UP, PIN, False)
    vault(page, KEEP, TEXT)

    refused = vault(
        page,
        """for (let n = 0; n < 50; n += 1) {
            const sealed = new Uint8Array(500_000);
            for (let at = 0; at < 500_000; at += 50_000) {
                crypto.getRandomValues(sealed.subarray(at, at + 50_000));
            }
            await s.put("drafts", { id: `big ${n}`, owner: "a", sealed });
        }""",
    )

    assert refused["refused"] == "Full"
    assert read(page) == TEXT


def test_a_newer_version_in_another_tab_is_not_held_up(page, device):
    other = device.page("/other")
    assert read(other) == TEXT

    upgraded = other.evaluate(
        """() => new Promise((resolve) => {
            const asked = indexedDB.open("sidemand", 2);
            asked.onblocked = () => resolve("blocked");
            asked.onsuccess = () => { asked.result.close(); resolve("open"); };
        })"""
    )

    assert upgraded == "open"
