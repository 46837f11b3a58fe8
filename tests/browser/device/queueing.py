"""What is done with the queue in a browser, in short words."""

import uuid
from typing import Any

from playwright.sync_api import Page

from tests.browser.device.conftest import ANNA

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


def run(page: Page, script: str, *given: Any) -> Any:
    """Run ``script``: the vault is ``v``, the store ``s``, drafts are ``d``, the queue is ``q``."""
    return page.evaluate(
        f"""async (g) => {{
            const v = await import("/js/device/vault.js");
            const s = await import("/js/device/store.js");
            const bring = (name) => import(`/js/device/${{name}}.js`);
            const parts = await Promise.all(["rows", "delivery", "queue", "kits"].map(bring));
            const q = Object.assign({{}}, ...parts);
            const d = await bring("drafts");
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


def renew(page: Page, owner: uuid.UUID = ANNA, name: str = "log") -> Any:
    """Ask for a kit as a page does that asks each time; what it is told."""
    return run(page, "return q.renewKit(g[0], g[1], { fresh: 0 })", str(owner), name)


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
