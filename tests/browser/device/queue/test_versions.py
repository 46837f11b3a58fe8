"""What lies in the queue: once, in its order, and again where a server has lost it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.device.conftest import ANNA
from tests.browser.device.posting import Post
from tests.browser.device.queueing import (
    CONTENT,
    letter,
    queue,
    rows,
    run,
    send,
    states,
)

pytestmark = [pytest.mark.browser, pytest.mark.once]


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


def test_without_the_rule_about_numbers_nothing_is_queued(page: Page, post: Post) -> None:
    """The rule comes with the script of every page; a page may lack it."""
    page.evaluate("() => { delete globalThis.hasCprLike }")
    said = run(page, "try { await q.enqueue(g[0]) } catch (e) { return e.name }", letter())

    assert (said, rows(page), post.sent) == ("TypeError", {}, [])


def test_the_same_again_is_one_record(page: Page, post: Post) -> None:
    one = letter()
    queue(page, one, one)
    send(page)
    queue(page, one)
    send(page)

    assert (post.sent, states(page)) == ([one["id"]], {one["id"]: "received"})


def test_another_text_under_the_id_of_a_record_is_not_taken_for_it(page: Page, post: Post) -> None:
    """A draft came back from a file, or two tabs wrote in it; either text is wanted."""
    one = letter()
    queue(page, one)
    send(page)

    said = run(
        page,
        """
        const { id, version } = await d.keep("draft", "session", { fields: {}, label: "" }, 0);
        const draft = { id, version };
        const { content } = g[0].body;
        const body = { ...g[0].body, content: { ...content, tools: "Andet" } };
        const other = { ...g[0], draft, body };
        const refusal = await q.enqueue(other).then(() => "queued", (failure) => failure.name);
        const left = (await d.rowsOf(g[1])).length;
        await q.enqueue({ ...g[0], draft }); // the very same: nothing is queued, and the draft goes
        return [refusal, left, (await d.rowsOf(g[1])).length];
        """,
        one,
        str(ANNA),
    )

    assert said == ["Clash", 1, 0]
    assert states(page) == {one["id"]: "received"}


def test_a_draft_that_two_tabs_wrote_in_becomes_two_versions(page: Page, post: Post) -> None:
    versions = run(
        page,
        """
        const content = { fields: {}, label: "", version: "v" };
        for (const _tab of [1, 2]) await d.keep("draft", "session", content, 0);
        return (await d.list(g[0])).map(({ content }) => content.version);
        """,
        str(ANNA),
    )

    assert len(set(versions)) == 2


def test_what_was_taken_back_leaves_what_it_replaced_to_its_author(page: Page, post: Post) -> None:
    refused = letter()
    post.always = {refused["id"]: "refused"}
    queue(page, refused)
    send(page)
    anew = letter()
    queue(page, anew | {"replaces": refused["id"]})
    assert run(page, "return q.unsentOf(g[0])", str(ANNA))["count"] == 1

    content = run(
        page,
        """
        const { row, letter } = (await q.list(g[0])).find(({ row }) => row.id === g[1]);
        const { id } = await d.ofRecord(row, letter, "session", () => ({ fields: {}, label: "" }));
        return (await d.list(g[0])).find(({ row }) => row.id === id).content;
        """,
        str(ANNA),
        anew["id"],
    )

    assert content["replaces"] == refused["id"]  # once it is sent, it takes its place again
    assert (rows(page)[refused["id"]]["state"], anew["id"] in rows(page)) == ("attention", False)
    assert rows(page)[refused["id"]]["replaced_by"] is None


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


def refused_and_next(page: Page, post: Post) -> tuple[Any, Any]:
    """A record that will be refused, and a version that was made from it; both wait."""
    first = letter()
    second = letter(parent=first["id"], after=first["id"], went_well="Anden")
    post.always = {first["id"]: "refused"}
    queue(page, first, second)
    return first, second


def test_a_version_of_what_was_refused_names_what_that_was_made_from(
    page: Page, post: Post
) -> None:
    first, second = refused_and_next(page, post)

    send(page)
    send(page)

    found = rows(page)
    assert (found[second["id"]]["state"], found[second["id"]]["parent"]) == ("received", None)
    assert (found[first["id"]]["replaced_by"], found[first["id"]]["text"]) == (
        second["id"],
        CONTENT["went_well"],
    )


def test_a_change_of_a_choice_that_was_refused_is_that_choice_still(page: Page, post: Post) -> None:
    first = letter(parent="p")
    first["body"]["joins"] = "k"
    second = letter(parent=first["id"], after=first["id"], went_well="Anden")
    post.always = {first["id"]: "refused"}
    queue(page, first, second)

    send(page)
    send(page)

    body = run(
        page,
        "return (await q.list(g[0])).find(({ row }) => row.id === g[1]).letter.body",
        str(ANNA),
        second["id"],
    )
    assert (body["parent"], body["joins"]) == ("p", "k")
    assert rows(page)[second["id"]]["state"] == "received"


def test_a_record_that_the_server_fails_on_each_time_does_not_hold_up_what_puts_it_right(
    page: Page, post: Post
) -> None:
    first = letter()
    second = letter(parent=first["id"], after=first["id"], went_well="Rettet")
    post.always = {first["id"]: "broken"}
    queue(page, first)
    for _time in range(5):
        send(page)
    assert rows(page)[first["id"]]["state"] == "attention"
    queue(page, second)
    send(page)
    assert rows(page)[second["id"]]["state"] == "waiting"  # perhaps it fails on everything
    queue(page, letter())

    send(page)
    send(page)
    send(page)

    found = rows(page)
    assert (found[second["id"]]["state"], found[second["id"]]["parent"]) == ("received", None)
    assert (found[first["id"]]["replaced_by"], found[first["id"]]["text"]) == (
        second["id"],
        CONTENT["went_well"],
    )


def test_what_was_tried_already_waits_for_what_the_server_only_fails_on(
    page: Page, post: Post
) -> None:
    """After a restore, both were received before: they are sent again in their order."""
    first = letter()
    second = letter(parent=first["id"], after=first["id"], went_well="Anden")
    post.always = {first["id"]: "broken"}
    queue(page, first, second, letter())
    run(page, "await q.alter(g[0], (row) => ({ ...row, frozen_at: 1 }))", second["id"])
    for _time in range(6):
        send(page)
    assert rows(page)[second["id"]]["state"] == "waiting"
    post.always = {}

    send(page)

    assert set(states(page).values()) == {"received"}


def test_one_that_cannot_be_opened_and_what_rests_on_it_stop_no_other(
    page: Page, post: Post
) -> None:
    first = letter()
    second = letter(parent=first["id"], after=first["id"], went_well="Anden")
    other = letter()
    queue(page, first, second, other)
    broken = "{ reason: 'unreadable', sealed: new Uint8Array(40) }"
    run(page, f"await q.alter(g[0], (row) => ({{ ...row, ...{broken} }}))", first["id"])

    send(page)

    found = run(page, "return q.rowsOf(g[0])", str(ANNA))
    by_id = {row["id"]: row for row in found}
    assert by_id[other["id"]]["receipt"]
    assert by_id[second["id"]]["reason"] == "parent_unknown"


def test_what_was_tried_already_and_rests_on_something_refused_waits_for_its_author(
    page: Page, post: Post
) -> None:
    """A restored server may refuse what it took before; the next version was sent meanwhile."""
    _first, second = refused_and_next(page, post)
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
        for (const { row: { id }, letter } of await q.list(g[0])) {
          const { version, sha256 } = letter.expected;
          const receipt = { code: "AB", received_at: 1, version, sha256 };
          const name = v.nameOf("records", g[0], id);
          const sealed = await v.seal({ ...letter, answer: { receipt } }, name);
          await q.alter(id, (row) => ({ ...row, sealed }));
        }
        await q.alter(g[1][1], (row) => ({ ...row, replaced_by: "another" }));
        await q.settleConflicts(g[0], [g[2]], Date.now() + 1, "first");
        """,
        str(ANNA),
        [open_one["id"], settled["id"]],
        {"kept": {"version": open_one["id"]}, "current": {"version": "another"}},
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
