"""A server that was put back from a backup is sent again what it gave receipts for since."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.device.conftest import ANNA, BO, Device
from tests.browser.device.posting import Post
from tests.browser.device.queueing import PIN, letter, queue, renew, rows, run, send, states

pytestmark = [pytest.mark.browser, pytest.mark.once]

KIT: dict[str, Any] = {"pairings": [], "plans": {}, "beside": []}


def lose(post: Post, *letters: dict[str, Any]) -> None:
    """Put back a backup from before these arrived."""
    for one in letters:
        del post.stored[one["id"]]
    post.database = "restored"


def test_each_owner_of_a_device_sends_again_what_was_lost(
    page: Page, post: Post, device: Device
) -> None:
    """Whoever is there first meets the restored database for themselves, and for nobody else."""
    annas = letter()
    queue(page, annas)
    send(page)
    lose(post, annas)
    run(page, "await v.leave()")
    device.sign_in(BO)
    run(page, "await v.setUp({ pin: g[0], shared: true, name: 'Chrome' })", PIN)
    queue(page, letter())
    send(page)
    run(page, "await v.leave()")
    assert annas["id"] not in post.stored

    device.sign_in(ANNA)
    run(page, "await v.meetServer(); await v.open(g[0])", PIN)
    queue(page, letter())
    send(page)
    send(page)

    assert annas["id"] in post.stored
    assert {row["receipt"]["database"] for row in rows(page).values()} == {"restored"}


def test_a_device_without_room_for_it_sends_what_was_lost_another_time(
    page: Page, post: Post
) -> None:
    """That the database was met is noted once everything it lacks is on its way."""
    lost = letter()
    queue(page, lost)
    send(page)
    lose(post, lost)
    queue(page, letter())
    page.evaluate(
        """() => {
            const { put } = IDBObjectStore.prototype;
            IDBObjectStore.prototype.put = function (row) {
                if (row.earlier && !row.receipt) throw new DOMException("", "QuotaExceededError");
                return put.call(this, row);
            };
            window.makeRoom = () => { IDBObjectStore.prototype.put = put; };
        }"""
    )
    send(page)
    assert lost["id"] not in post.stored

    page.evaluate("window.makeRoom()")
    queue(page, letter())
    send(page)
    send(page)

    assert lost["id"] in post.stored
    assert set(states(page).values()) == {"received"}


def test_what_an_earlier_client_noted_for_the_whole_browser_hides_nothing(
    page: Page, post: Post
) -> None:
    """It may have noted the restored database for somebody else, or before it was killed."""
    lost = letter()
    queue(page, lost)
    send(page)
    lose(post, lost)
    run(
        page,
        """for (const { key } of await s.all("meta")) {
            if (key.startsWith("database")) await s.remove("meta", key);
        }
        await s.writeMeta("database", "restored");""",
    )
    queue(page, letter())

    send(page)
    send(page)

    assert lost["id"] in post.stored


def test_a_kit_that_has_not_changed_tells_of_it_too(page: Page, post: Post) -> None:
    post.kits["log"] = KIT
    assert renew(page) == KIT
    lost = letter()
    queue(page, lost)
    send(page)
    lose(post, lost)

    assert renew(page) is None  # as before
    send(page)

    assert lost["id"] in post.stored
    assert set(states(page).values()) == {"received"}


def test_what_stood_beside_another_version_has_not_arrived_where_neither_is(
    page: Page, post: Post
) -> None:
    """The restored server knows of no two versions, and of this one nothing at all."""
    post.kits["log"] = KIT
    renew(page)
    one = letter()
    queue(page, one)
    run(
        page,
        """
        const [{ row, letter }] = await q.list(g[0]);
        const receipt = { code: "AB", received_at: 1, sha256: letter.expected.sha256 };
        const name = v.nameOf("records", g[0], row.id);
        const sealed = await v.seal({ ...letter, answer: { receipt } }, name);
        const lies = { reason: "conflict", frozen_at: 1, attempts: 1, database: "first" };
        await q.alter(row.id, (now) => ({ ...now, ...lies, sealed }));
        """,
        str(ANNA),
    )
    post.database = "restored"

    renew(page)
    send(page)

    assert one["id"] in post.stored
    assert rows(page)[one["id"]]["receipt"]["code"] != "AB"
