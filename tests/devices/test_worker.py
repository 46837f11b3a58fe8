"""The service worker in a real browser: whole versions, and our own page without net."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until_worker
from tests.devices.release import Release, online

pytestmark = [pytest.mark.browser, pytest.mark.once]

REGISTER = """async () => {
    await navigator.serviceWorker.register("/sw.js");
}"""
#: Look for a new version, and wait for what comes of it.
UPDATE = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    const worker = registration.installing;
    if (!worker) return registration.waiting ? "waiting" : "none";
    return new Promise((resolve) =>
        worker.addEventListener("statechange", () => resolve(worker.state)));
}"""
KEPT = """async () => {
    const cache = await caches.open("sidemand-shell");
    return (await cache.keys()).map(({ url }) => new URL(url).pathname).sort();
}"""


@pytest.fixture
def network():
    with online(Release("one")) as found:
        yield found


@pytest.fixture
def context(browser, network):
    found = browser.new_context(base_url=network.url)
    found.set_default_timeout(30_000)
    yield found
    found.close()


@pytest.fixture
def page(context):
    """A tab in which the first version has been installed."""
    tab = context.new_page()
    tab.goto("/da/start/")
    tab.evaluate(REGISTER)
    until_worker(tab)
    return tab


def wait_until(page, holds):
    """Wait until what the device keeps is as ``holds`` says."""
    for _ in range(100):
        if holds(page.evaluate(KEPT)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(KEPT))


def says(page, heading, script=None):
    """The page shown, and the release of the script it has loaded."""
    expect(page.locator("h1")).to_have_text(heading)
    loaded = page.evaluate("document.documentElement.dataset.script ?? null")
    assert loaded == script


def test_pages_of_the_device_start_without_net(page, network):
    network.down = True
    for place in ("enhed/log/", "enhed/", "enhed/offline/"):
        page.goto(f"/da/{place}")
        says(page, f"/da/{place} one", "one")


def test_every_other_address_shows_our_own_page(page, network):
    network.down = True
    for address in (
        "/da/start/",
        "/da/kurser/intro/",
        "/",
        "/admin/",
        "/da/konto/login/",
        "/x?y=1",
    ):
        page.goto(address)
        says(page, "/da/enhed/offline/ one", "one")
        assert page.url == network.url + address


def test_it_takes_the_same_address_again_once_there_is_net(page, network):
    network.down = True
    page.goto("/da/kurser/")
    network.down = False
    page.reload()

    says(page, "/da/kurser/")


def test_only_the_language_in_use_is_fetched(page, network):
    fetched = {path for path in network.asked if "/enhed/" in path}

    assert fetched == set(network.release.shell["pages"]["da"])
    assert page.evaluate(KEPT) == sorted(
        [*network.release.shell["pages"]["da"], *network.release.shell["assets"]]
    )


def test_the_other_language_comes_along_once_it_is_read(page, network):
    page.goto("/kl/start/")
    wait_until(page, lambda kept: network.release.shell["pages"]["kl"].keys() <= set(kept))
    network.down = True
    page.goto("/kl/nowhere/")
    says(page, "/kl/enhed/offline/ one", "one")
    page.goto("/kl/enhed/log/")
    says(page, "/kl/enhed/log/ one", "one")


def test_files_the_browser_has_are_not_fetched_again(page, network):
    page.goto("/da/enhed/log/")

    assert [network.asked.count(path) for path in network.release.shell["assets"]] == [1, 1]
    assert network.asked.count("/da/enhed/log/") == 1


def test_old_and_new_are_never_mixed(page, context, network):
    page.goto("/da/enhed/log/")
    page.locator("textarea").fill("Jeg er midt i en sætning")
    first, network.release = network.release, Release("two")
    before = len(network.asked)

    assert page.evaluate(UPDATE) == "installed"
    expect(page.locator("textarea")).to_have_value("Jeg er midt i en sætning")
    for place in ("enhed/", "enhed/log/"):  # the old version stays whole while it is in use
        page.goto(f"/da/{place}")
        says(page, f"/da/{place} one", "one")
    other = context.new_page()
    other.goto("/da/enhed/log/")
    says(other, "/da/enhed/log/ one", "one")

    page.close()
    other.close()
    start = context.new_page()
    network.down = True
    start.goto("/da/enhed/log/")
    says(start, "/da/enhed/log/ two", "two")
    wait_until(start, lambda kept: first.script not in kept)
    assert start.evaluate(KEPT) == sorted(
        [*network.release.shell["pages"]["da"], *network.release.shell["assets"]]
    )
    unchanged = set(first.shell["assets"]) & set(network.release.shell["assets"])
    assert len(unchanged) == 1
    assert not unchanged & set(network.asked[before:])  # only what changed was fetched


def test_a_page_that_is_not_the_announced_one_is_never_kept(page, network):
    network.release = Release("two")
    network.instead["/da/enhed/log/"] = (200, b"<title>Hotel</title>Log ind for at bruge nettet")

    assert page.evaluate(UPDATE) == "redundant"
    network.down = True
    page.goto("/da/enhed/log/")
    says(page, "/da/enhed/log/ one", "one")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_answer_of_another_kind_installs_nothing(page, network, status):
    network.release = Release("two")
    network.instead["/da/enhed/"] = (status, network.release.files["/da/enhed/"])

    assert page.evaluate(UPDATE) == "redundant"
    page.goto("/da/enhed/")
    says(page, "/da/enhed/ one", "one")


def test_an_installation_that_was_cut_goes_on_where_it_stopped(page, context, network):
    network.release = Release("two")
    network.cut.add("/da/enhed/")
    assert page.evaluate(UPDATE) == "redundant"
    network.cut.clear()
    before = len(network.asked)

    assert page.evaluate(UPDATE) == "installed"
    assert network.asked[before:] == ["/sw.js", "/da/enhed/"]


def test_after_four_seconds_our_own_page_comes_and_a_second_try_waits(page, network):
    network.slow["/da/kurser/"] = 6
    begun = time.monotonic()
    page.goto("/da/kurser/")
    waited = time.monotonic() - begun
    says(page, "/da/enhed/offline/ one", "one")
    page.reload()

    says(page, "/da/kurser/")
    assert 3.9 < waited < 5.9


@pytest.mark.parametrize("address", ["/admin/pages/", "/da/konto/login/"])
def test_signing_in_and_editing_are_never_cut_off(page, network, address):
    network.slow[address] = 5
    page.goto(address)

    says(page, address)


#: As the vault leaves a device: set up for somebody, who is signed in.
SET_UP = """(missing) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("sidemand", 1);
    opening.onsuccess = () => {
        const stores = ["meta", "owners"];
        const work = opening.result.transaction(stores, "readwrite");
        const rows = [{key: "owner", value: "me"}, {owner: "me"}];
        stores.forEach((name, at) => name === missing || work.objectStore(name).put(rows[at]));
        work.oncomplete = () => { opening.result.close(); resolve(); };
        work.onabort = reject;
    };
})"""


@pytest.mark.parametrize("missing", [None, "meta", "owners"])
@pytest.mark.parametrize("down", [False, True], ids=["online", "without net"])
def test_the_log_of_the_device_takes_the_place_of_the_servers_once_it_is_set_up(
    page, network, missing, down
):
    page.goto("/da/sessioner/ny/?forloeb=1")  # the worker has looked, and made the store
    page.evaluate(SET_UP, missing)
    network.down = down
    asked = len(network.asked)
    page.goto("/da/sessioner/ny/?forloeb=1")

    if missing is None:
        says(page, "/da/enhed/log/ one", "one")
        assert page.url == f"{network.url}/da/sessioner/ny/?forloeb=1"
        assert not [path for path in network.asked[asked:] if path != "/sw.js"]
    elif down:
        says(page, "/da/enhed/offline/ one", "one")
    else:
        says(page, "/da/sessioner/ny/")


def test_what_is_sent_and_what_programs_ask_for_goes_past_the_worker(page, network):
    page.goto("/da/enhed/")
    network.down = True

    for address, method in [("/api/v1/sessions/", "GET"), ("/da/enhed/log/", "POST")]:
        failed = page.evaluate(
            "([url, method]) => fetch(url, {method}).then(() => 'answered', () => 'failed')",
            [address, method],
        )
        assert failed == "failed"
    network.down = False
    page.evaluate(
        """() => {
            const form = document.createElement("form");
            Object.assign(form, {method: "post", action: "/da/enhed/log/"});
            document.body.append(form);
            form.submit();
        }"""
    )
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("/da/enhed/log/ one")
    assert network.asked.count("POST /da/enhed/log/") == 2
