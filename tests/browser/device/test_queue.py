"""Nothing leaves the queue without its own receipt, and nothing in it stops the rest."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.device import posting
from tests.browser.device.conftest import ANNA, BO, Device
from tests.browser.device.posting import LIES, Post

pytestmark = pytest.mark.browser

PIN = "274951"
CONTENT = {
    "schema": 1,
    "held_on": "2027-06-15",
    "minutes": 90,
    "place": "upernavik",
    "participants": ["a"],
    "topics": ["receipt"],
    "mode": "beside",
    "languages": [],
    "interpreter": "",
    "went_well": "Kvittering æøå ĸ 🐋",
    "next_step": "",
    "tools": "",
}


@pytest.fixture
def post(key_file: Path, tmp_path: Path, settings: Any) -> Iterator[Post]:
    own = tmp_path / "device-key.pem"
    shutil.copyfile(key_file, own)
    settings.SIDEMAND_DEVICE_KEY_FILE = str(own)
    with posting.running() as running:
        yield running


@pytest.fixture
def device(post: Post, browser: Browser) -> Iterator[Device]:
    context = browser.new_context()
    yield Device(context, post)
    context.close()


@pytest.fixture
def page(device: Device) -> Page:
    device.sign_in(ANNA)
    page = device.page()
    run(page, "await v.setUp({ pin: g[0], shared: false, name: 'Chrome' })", PIN)
    return page


def run(page: Page, script: str, *given: Any) -> Any:
    """Run ``script`` with the vault as ``v``, the store as ``s`` and the queue as ``q``."""
    return page.evaluate(
        f"""async (g) => {{
            const v = await import("/js/device/vault.js");
            const s = await import("/js/device/store.js");
            const q = await import("/js/device/queue.js");
            {script}
        }}""",
        list(given),
    )


def letter(**changes: Any) -> dict[str, Any]:
    """A record as the form queues it."""
    session, version = str(uuid.uuid4()), changes.pop("version", str(uuid.uuid4()))
    after = changes.pop("after", None)
    parent = changes.pop("parent", None)
    body = {"pairing": str(uuid.uuid4()), "version": version, "parent": parent, "done": []}
    return {
        "id": version,
        "kind": "session",
        "url": f"/api/v1/sessions/{session}",
        "body": body | {"content": CONTENT | changes},
        "expected": {"session": session, "version": version},
        "label": "Session",
        "after": after,
    }


def queue(page: Page, *letters: dict[str, Any]) -> None:
    """Queue them without sending; the tests say when."""
    run(
        page,
        """
        await navigator.locks.request("sidemand-queue", async () => {
          for (const one of g[0]) await q.enqueue(one);
        });
        await new Promise((resolve) => setTimeout(resolve, 50));
        """,
        letters,
    )


def send(page: Page) -> None:
    """What "Send now" does."""
    run(page, "await q.run({ asked: true })")


def rows(page: Page) -> dict[str, dict[str, Any]]:
    """The rows by id: state, receipt, reason, failure, and the text that lies in each."""
    found = run(
        page,
        """
        const listed = await q.list(g[0]);
        return listed.map(({ row, state, letter }) => ({
          ...row, sealed: null, state, text: letter.body.content.went_well,
          parent: letter.body.parent, answer: letter.answer,
        }));
        """,
        str(ANNA),
    )
    return {row["id"]: row for row in found}


def states(page: Page) -> dict[str, str]:
    return {key: row["state"] for key, row in rows(page).items()}


# --- Receipts -------------------------------------------------------------------------------------


def test_no_record_leaves_without_its_own_receipt(page: Page, post: Post) -> None:
    letters = {lie: letter() for lie in LIES}
    post.always = {one["id"]: lie for lie, one in letters.items()}
    queue(page, *letters.values())

    send(page)

    assert set(post.sent) == {one["id"] for one in letters.values()}
    after_lies = {lie: rows(page)[one["id"]] for lie, one in letters.items()}
    found = {lie: (row["receipt"], row["state"]) for lie, row in after_lies.items()}
    assert found == dict.fromkeys(LIES, (None, "waiting"))
    assert {row["text"] for row in after_lies.values()} == {CONTENT["went_well"]}
    assert post.stored == {}

    post.always = {}
    send(page)

    assert set(states(page).values()) == {"received"}
    assert sorted(post.stored) == sorted(one["id"] for one in letters.values())


def test_a_lost_receipt_is_asked_for_again_and_is_one_record(page: Page, post: Post) -> None:
    one = letter()
    post.always = {one["id"]: "lost"}
    queue(page, one)
    for _ in range(3):
        send(page)
    assert (states(page)[one["id"]], len(post.stored)) == ("waiting", 1)

    post.always = {}
    send(page)

    row = rows(page)[one["id"]]
    assert (row["state"], len(post.stored)) == ("received", 1)
    assert len(post.sent) >= 4
    assert row["receipt"]["code"] == post.receive(*_of(one))["code"]
    assert row["text"] == CONTENT["went_well"]  # what was sent stays readable


def _of(one: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return one["expected"]["session"], one["body"]


def test_two_poisonous_records_do_not_stop_the_other_eighteen(page: Page, post: Post) -> None:
    letters = [letter() for _ in range(20)]
    refused, failing = letters[4]["id"], letters[9]["id"]
    post.always = {refused: "refused", failing: "failed"}
    queue(page, *letters)

    send(page)

    found = rows(page)
    assert sorted(row["state"] for row in found.values()) == (
        ["attention"] + ["received"] * 18 + ["waiting"]
    )
    assert (found[refused]["reason"], found[failing]["failed"]) == ("invalid", "server")
    assert {found[one]["text"] for one in (refused, failing)} == {CONTENT["went_well"]}
    for _ in range(4):
        send(page)
    assert states(page)[failing] == "attention"
    assert post.sent.count(refused) == 1


def test_two_tabs_send_each_record_once(page: Page, post: Post, device: Device) -> None:
    letters = [letter() for _ in range(8)]
    queue(page, *letters)
    other = device.page()

    run(other, "q.run()")
    run(page, "await q.run(); await new Promise((r) => setTimeout(r, 500))")
    send(page)

    assert set(states(page).values()) == {"received"}
    assert sorted(post.sent) == sorted(one["id"] for one in letters)


# --- When -----------------------------------------------------------------------------------------


def test_a_pause_that_the_server_asks_for_is_kept(page: Page, post: Post) -> None:
    one, other = letter(), letter()
    post.lies[one["id"]] = ["busy"]
    queue(page, one, other)

    send(page)
    send(page)

    assert post.sent == [one["id"]]
    assert set(states(page).values()) == {"waiting"}
    left = run(page, "return (await q.pausedUntil(g[0])) - Date.now()", str(ANNA))
    assert 100_000 < left <= 120_000


def test_waits_double_from_five_seconds_to_ten_minutes(page: Page) -> None:
    waits = run(
        page, "return [0, 0.5, 1].map((c) => [1, 2, 3, 8, 99].map((n) => q.waitAfter(n, c)))"
    )

    assert waits[1] == [5_000, 10_000, 20_000, 600_000, 600_000]
    assert waits[0][0] == 4_000
    assert waits[2][0] == 6_000
    assert max(max(some) for some in waits) == 600_000


def test_what_failed_is_sent_by_itself_after_its_wait(page: Page, post: Post) -> None:
    one = letter()
    post.lies[one["id"]] = ["broken"]
    run(page, "await q.enqueue(g[0])", one)

    page.wait_for_function("() => document.title !== ''")
    run(
        page,
        """
        const until = Date.now() + 20_000;
        while (Date.now() < until) {
          const [one] = await q.rowsOf(g[0]);
          if (one.receipt) return;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        """,
        str(ANNA),
    )

    assert (states(page)[one["id"]], len(post.sent)) == ("received", 2)


def _received(page: Page, one: dict[str, Any], within: int) -> bool:
    """Whether its receipt comes within so many milliseconds."""
    return bool(
        run(
            page,
            """
            const until = performance.now() + g[2];
            while (performance.now() < until) {
              const found = (await q.rowsOf(g[0])).find(({ id }) => id === g[1]);
              if (found.receipt) return true;
              await new Promise((resolve) => setTimeout(resolve, 100));
            }
            return false;
            """,
            str(ANNA),
            one["id"],
            within,
        )
    )


#: As after an afternoon of tries: the next one is due in ten minutes.
LATER = """
for (const { id } of await q.rowsOf(g[0])) {
  await q.alter(id, (row) => ({ ...row, attempts: 9, next_at: Date.now() + 600_000 }));
}
"""


@pytest.mark.parametrize("event", ["online", "seen", "opened"])
def test_what_was_cut_is_sent_as_soon_as_something_tells_of_net(
    page: Page, post: Post, device: Device, event: str
) -> None:
    """However long it would have waited; what the server failed on keeps its turn."""
    one, other = letter(), letter()
    post.always = {one["id"]: "cut", other["id"]: "broken"}
    queue(page, other, one)
    if event != "opened":
        run(page, "await q.start()")
    send(page)
    run(page, LATER, str(ANNA))
    post.always = {}
    sent = len(post.sent)
    page.wait_for_timeout(300)
    assert len(post.sent) == sent

    if event == "online":
        page.evaluate("dispatchEvent(new Event('online'))")
    elif event == "seen":
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    else:
        page = device.page("/next")
        run(page, "await q.start()")

    assert _received(page, one, 4_000)
    assert rows(page)[other["id"]]["receipt"] is None


def test_net_that_comes_while_a_try_hangs_is_not_forgotten(page: Page, post: Post) -> None:
    one = letter()
    post.always = {one["id"]: "cut"}
    queue(page, one)
    run(page, "await q.start()")
    send(page)
    run(page, LATER, str(ANNA))
    post.always = {}

    run(
        page,
        """
        await navigator.locks.request("sidemand-queue", async () => {
          dispatchEvent(new Event("online"));
          await new Promise((resolve) => setTimeout(resolve, 300));
        });
        """,
    )

    assert _received(page, one, 4_000)


#: Counts how often a pass is begun.
COUNT = """
const request = navigator.locks.request.bind(navigator.locks);
window.passes = 0;
navigator.locks.request = (...all) => { window.passes += 1; return request(...all); };
"""


def test_what_rests_on_another_wakes_nobody_while_that_waits(page: Page, post: Post) -> None:
    first = letter()
    second = letter(parent=first["id"], after=first["id"])
    post.always = {first["id"]: "broken"}
    queue(page, first, second)
    page.evaluate(f"() => {{ {COUNT} }}")
    send(page)

    page.wait_for_timeout(3000)

    assert page.evaluate("passes") == 1


def test_one_failure_of_the_server_after_many_cuts_is_the_first(page: Page, post: Post) -> None:
    """Neither told of as the fifth, nor tried again after ten minutes."""
    one = letter()
    post.always = {one["id"]: "cut"}
    queue(page, one)
    for _ in range(6):
        send(page)
    post.always = {one["id"]: "broken"}
    send(page)

    row = rows(page)[one["id"]]

    assert (row["state"], row["failed"], row["attempts"]) == ("waiting", "server", 7)
    assert run(page, "return g[0] - Date.now()", row["next_at"]) <= 6_000


# --- Who ------------------------------------------------------------------------------------------


def test_an_expired_session_costs_nothing(page: Page, post: Post, device: Device) -> None:
    one, other = letter(), letter()
    queue(page, one, other)
    device.sign_in(None)

    send(page)

    assert len(post.sent) == 1  # nothing more is tried in vain
    assert set(states(page).values()) == {"waiting"}
    assert run(page, "return (await q.halted(g[0])).why", str(ANNA)) == "sign_in"

    device.sign_in(ANNA)
    send(page)

    assert set(states(page).values()) == {"received"}
    assert run(page, "return (await q.halted(g[0])) ?? null", str(ANNA)) is None


def test_a_closed_account_is_told_apart_and_keeps_everything(
    page: Page, post: Post, device: Device
) -> None:
    post.refusals["/api/v1/device/standing/"] = (200, {"account": "closed"})
    one = letter()
    queue(page, one)
    device.sign_in(None)

    send(page)

    assert run(page, "return (await q.halted(g[0])).why", str(ANNA)) == "closed"
    row = rows(page)[one["id"]]
    assert (row["state"], row["receipt"], row["text"]) == ("waiting", None, CONTENT["went_well"])

    device.sign_in(ANNA)  # it was opened again
    send(page)

    assert states(page) == {one["id"]: "received"}


def test_nothing_is_sent_in_the_name_of_somebody_else(
    page: Page, post: Post, device: Device
) -> None:
    one = letter()
    queue(page, one)
    device.sign_in(BO)

    send(page)

    assert post.stored == {}
    assert run(page, "return [await v.isOpen(), await q.unsentOf(g[0])]", str(ANNA)) == [
        False,
        {"count": 1, "since": pytest.approx(run(page, "return Date.now()"), abs=60_000)},
    ]

    device.sign_in(ANNA)
    run(page, "await v.meetServer(); await v.open(g[0])", PIN)
    send(page)

    assert states(page) == {one["id"]: "received"}


def test_how_much_waits_is_told_and_never_what(page: Page, post: Post) -> None:
    kept, other = letter(), letter()
    post.always = {kept["id"]: "refused"}
    queue(page, kept, other)

    send(page)

    told = [said for method, path, said in post.asked if path == "/api/v1/device/contact/"]
    assert [said["unsent"] for said in told] == [1]
    assert set(told[0]) == {"device", "unsent", "oldest_unsent_at"}


# --- What -----------------------------------------------------------------------------------------


def test_what_looks_like_a_number_is_not_queued(page: Page, post: Post) -> None:
    number = "-".join(["010190", "1234"])
    said = run(
        page,
        "try { await q.enqueue(g[0]) } catch (e) { return e.name }",
        letter(tools=f"Om {number}"),
    )

    assert said == "IdentityFound"
    assert rows(page) == {}
    assert post.sent == []


def test_the_same_again_is_one_record(page: Page, post: Post) -> None:
    one = letter()
    queue(page, one, one)
    send(page)
    queue(page, one)
    send(page)

    assert (post.sent, states(page)) == ([one["id"]], {one["id"]: "received"})


def test_a_version_waits_for_the_one_it_was_made_from(page: Page, post: Post) -> None:
    first = letter()
    second = letter(parent=first["id"], after=first["id"], went_well="Anden")
    post.lies[first["id"]] = ["broken"]
    queue(page, second, first)

    send(page)
    assert post.sent == [first["id"]]

    send(page)
    assert post.sent == [first["id"], first["id"], second["id"]]
    assert set(states(page).values()) == {"received"}


def test_a_version_of_what_was_refused_names_what_that_was_made_from(
    page: Page, post: Post
) -> None:
    first = letter()
    second = letter(parent=first["id"], after=first["id"], went_well="Anden")
    post.always = {first["id"]: "refused"}
    queue(page, first, second)

    send(page)
    send(page)

    found = rows(page)
    assert (found[second["id"]]["state"], found[second["id"]]["parent"]) == ("received", None)
    assert (found[first["id"]]["replaced_by"], found[first["id"]]["text"]) == (
        second["id"],
        CONTENT["went_well"],
    )


def test_what_was_tried_already_and_rests_on_something_refused_waits_for_its_author(
    page: Page, post: Post
) -> None:
    """A restored server may refuse what it took before; the next version was sent meanwhile."""
    first = letter()
    second = letter(parent=first["id"], after=first["id"], went_well="Anden")
    post.always = {first["id"]: "refused"}
    queue(page, first, second)
    run(page, "await q.alter(g[0], (row) => ({ ...row, frozen_at: 1 }))", second["id"])

    send(page)
    send(page)

    row = rows(page)[second["id"]]
    assert (row["state"], row["reason"], row["text"]) == ("attention", "parent_unknown", "Anden")
    assert second["id"] not in post.sent


def test_one_that_cannot_be_read_hides_no_other(page: Page, post: Post) -> None:
    broken, other = letter(), letter()
    queue(page, broken, other)
    run(
        page,
        """
        const sealed = new Uint8Array(60);
        await s.put("records", { ...(await s.get("records", g[0])), sealed });
        const own = { id: "1", owner: g[1], kind: "session", version: 1, changed_at: 1 };
        await s.put("drafts", { ...own, deleted_at: null, size: 60, sealed });
        """,
        broken["id"],
        str(ANNA),
    )

    listed = run(
        page,
        """
        const d = await import("/js/device/drafts.js");
        const found = (await q.list(g[0])).map(({ row, state, letter }) =>
          [row.id, state, row.reason, letter.label]);
        return [found, (await d.list(g[0])).map(({ content }) => content.label)];
        """,
        str(ANNA),
    )

    found, drafts = listed
    assert sorted(found) == sorted(
        [
            [broken["id"], "attention", "unreadable", ""],
            [other["id"], "waiting", None, "Session"],
        ]
    )
    assert drafts == [""]
    run(page, "await v.lock()")
    assert run(page, "return q.list(g[0]).catch((failure) => failure.name)", str(ANNA)) == "Locked"


def test_what_was_kept_for_others_to_choose_has_arrived(page: Page, post: Post) -> None:
    one = letter()
    post.always = {one["id"]: "beside another"}
    queue(page, one)

    send(page)

    row = rows(page)[one["id"]]
    assert (row["state"], row["reason"], list(post.stored)) == ("received", None, [one["id"]])


def test_only_what_was_refused_is_thrown_away_and_comes_back(page: Page, post: Post) -> None:
    refused, other = letter(), letter()
    post.always = {refused["id"]: "refused", other["id"]: "broken"}
    queue(page, refused, other)
    send(page)

    for one in (refused, other):
        run(page, "await q.discard(g[0])", one["id"])

    assert run(page, "return q.unsentOf(g[0])", str(ANNA))["count"] == 1
    assert rows(page)[other["id"]]["deleted_at"] is None
    run(page, "await q.emptyBin(g[0], Date.now() + 29 * 86_400_000)", str(ANNA))
    run(page, "await q.discard(g[0], false)", refused["id"])
    found = rows(page)[refused["id"]]
    assert (found["state"], found["text"]) == ("attention", CONTENT["went_well"])


def test_a_restored_database_is_sent_what_it_has_lost(page: Page, post: Post) -> None:
    letters = [letter() for _ in range(3)]
    queue(page, *letters)
    send(page)
    lost = letters[1]["id"]
    del post.stored[lost]
    post.database = "restored"
    new = letter()
    queue(page, new)

    send(page)
    send(page)

    assert sorted(post.stored) == sorted(one["id"] for one in [*letters, new])
    assert set(states(page).values()) == {"received"}
    assert {row["receipt"]["database"] for row in rows(page).values()} == {"restored"}


def test_a_restored_database_is_sent_what_stood_beside_another_version(
    page: Page, post: Post
) -> None:
    """In conflict still, or settled since: either text lies nowhere but here."""
    open_one, settled = letter(), letter()
    queue(page, open_one, settled)
    run(
        page,
        """
        const lies = { reason: "conflict", frozen_at: 1, attempts: 1, database: "first" };
        for (const id of g[1]) await q.alter(id, (row) => ({ ...row, ...lies }));
        await s.writeMeta("database", "first");
        const { letter } = (await q.list(g[0])).find(({ row }) => row.id === g[1][1]);
        const receipt = { code: "AB", received_at: 1, sha256: letter.expected.sha256 };
        const name = v.nameOf("records", g[0], g[1][1]);
        const sealed = await v.seal({ ...letter, answer: { receipt } }, name);
        await q.alter(g[1][1], (row) => ({ ...row, sealed, replaced_by: "another" }));
        await q.settleConflicts(g[0], [g[2]], Date.now() + 1, "first");
        """,
        str(ANNA),
        [open_one["id"], settled["id"]],
        {"session": open_one["expected"]["session"]},
    )
    assert sorted(states(page).values()) == ["attention", "received"]
    assert rows(page)[settled["id"]]["receipt"]["database"] == "first"
    post.database = "restored"
    queue(page, letter())

    send(page)
    send(page)

    assert set(post.stored) >= {open_one["id"], settled["id"]}
    assert set(states(page).values()) == {"received"}


def test_the_same_text_under_another_id_is_a_receipt_only_if_it_answers_this_one(
    page: Page,
) -> None:
    judged = run(
        page,
        """
        const { isReceipt } = await import("/js/device/answers.js");
        const own = { session: "s", version: "v", sha256: "h" };
        const told = { code: "AB", session: "s", version: "other", sha256: "h" };
        return [
          told,
          { ...told, sent_as: "v" },
          { ...told, sent_as: "v", sha256: "x" },
          { ...told, version: "v" },
          { ...told, version: "v", code: "" },
          null,
        ].map((one) => isReceipt(one, own));
        """,
    )

    assert judged == [False, True, False, True, False, False]
