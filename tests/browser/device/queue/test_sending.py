"""Nothing leaves the queue without its own receipt, and nothing in it stops the rest."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.device.conftest import ANNA, BO, Device
from tests.browser.device.posting import LIES, Post
from tests.browser.device.queueing import (
    CONTENT,
    PIN,
    letter,
    queue,
    rows,
    run,
    send,
    states,
)

pytestmark = [pytest.mark.browser, pytest.mark.once]


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


@pytest.mark.parametrize(
    ("lie", "least", "most"),
    [
        ("busy", 100_000, 120_000),
        ("too many", 90_000, 120_000),
        ("closed for a day", 3_500_000, 3_600_000),  # an hour at most
    ],
)
def test_a_pause_that_the_server_asks_for_is_kept(
    page: Page, post: Post, lie: str, least: int, most: int
) -> None:
    one, other = letter(), letter()
    post.lies[one["id"]] = [lie]
    queue(page, one, other)

    send(page)
    send(page)

    assert post.sent == [one["id"]]
    assert set(states(page).values()) == {"waiting"}
    left = run(page, "return (await q.pausedUntil(g[0])) - Date.now()", str(ANNA))
    assert least < left <= most


def test_after_the_pause_it_is_sent_by_itself(page: Page, post: Post) -> None:
    one = letter()
    post.lies[one["id"]] = ["busy for a moment"]
    run(page, "await q.enqueue(g[0])", one)

    assert _received(page, one, 30_000)
    assert len(post.sent) == 2


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


def test_what_waits_for_the_next_person_is_left_to_them(page: Page, post: Post) -> None:
    """A page that is seen again knows by the key it holds that what waits is not its own."""
    one, other = letter(), letter()
    queue(page, one)
    run(
        page,
        """
        const theirs = { id: g[1], owner: g[2], sealed: new Uint8Array(60) };
        await s.put("records", { ...(await s.get("records", g[0])), ...theirs });
        await s.writeMeta("owner", g[2]);
        """,
        one["id"],
        other["id"],
        str(BO),
    )

    send(page)

    found = run(page, "return (await s.all('records')).map((row) => [row.reason, row.attempts])")
    assert found == [[None, 0], [None, 0]]
    assert run(page, "return q.enqueue(g[0]).catch((e) => e.name)", letter()) == "Locked"


def test_how_much_waits_is_told_and_never_what(page: Page, post: Post) -> None:
    kept, other = letter(), letter()
    post.always = {kept["id"]: "refused"}
    queue(page, kept, other)

    send(page)

    told = [said for method, path, said in post.asked if path == "/api/v1/device/contact/"]
    assert [said["unsent"] for said in told] == [1]
    assert set(told[0]) == {"device", "unsent", "oldest_unsent_at"}
