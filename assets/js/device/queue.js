// Putting something into the queue, and what its author decides of it there: to send it again, or to
// throw it away. What lies there is told in rows.js; delivery.js sends it.
import { hasCprLike } from "./identity.js";
import { contentHash } from "./canonical.js";
import { run } from "./delivery.js";
import { withReserve } from "./reserve.js";
import { alter, changed, letterOf, readable, rowsOf } from "./rows.js";
import { get, transact } from "./store.js";
import { author, Locked, nameOf, seal } from "./vault.js";

const KEPT_IN_BIN = 30 * 24 * 3_600_000;

/** Something in a record looks like a citizen's number: it is not queued, and leaves no device. */
export class IdentityFound extends Error {
  constructor() {
    super("Digits that look like a CPR number.");
    this.name = "IdentityFound";
  }
}

/** Another text goes under this id, or was typed meanwhile in another tab: this one needs an id of its own. */
export class Clash extends Error {
  constructor() {
    super("The draft, or what was queued under this id, says something else.");
    this.name = "Clash";
  }
}

/**
 * Queue a record and begin to send. Once it resolves, the record is on the disk.
 *
 * @param {object} record
 * @param {string} record.id made here, once for ever: the same again changes nothing but that its draft goes
 * @param {string} record.kind for whoever lists: "session", "confirm", …
 * @param {string} record.url where it is sent, with `method` and `body`
 * @param {*} record.hashed what the receipt must name the hash of; `body.content` unless given
 * @param {object} record.expected what else the receipt must repeat; `{ id }` unless given
 * @param {string} record.label what it is, in a line; `facts` are pairs of name and text to read
 * @param {object} record.memory what it takes to change it one day; it is not sent
 * @param {string} record.after a record that must be there first
 * @param {{id: string, version: number}} record.draft goes in the same moment, if nobody changed it
 * @param {string} record.owner whose it is, where it was written for one person; whose device it is unless given
 * @param {string} record.replaces a record that was refused, and that this one says anew
 *
 * Throws `IdentityFound`, `Clash`, `Locked`, or `Full` where there is no room.
 */
export async function enqueue(record) {
  const { id, kind, method = "PUT", url, body, label, facts = [], memory = null, answer = null } = record;
  const { hashed = body.content, expected = { id }, after = null, draft, replaces, owner: whose } = record;
  if (textsIn(body).some(hasCprLike)) throw new IdentityFound();
  const by = await author(whose);
  const { owner } = by;
  const whole = { ...expected, sha256: await contentHash(hashed) };
  const letter = { method, url, body, expected: whole, label, facts, memory, answer };
  const sealed = await seal(letter, nameOf("records", owner, id), by);
  const now = Date.now();
  const size = new TextEncoder().encode(JSON.stringify(body)).length;
  const before = await get("records", id);
  // What lies in the bin, or was written anew, is no answer for it.
  const isStanding = before && !before.deleted_at && !before.replaced_by;
  const isHere = isStanding && (await readable(letterOf(before)))?.expected.sha256 === whole.sha256;
  await withReserve(() => transact(["records", "drafts"], "readwrite", async (one) => {
    const known = await one.get("records", id);
    if (known && !isHere) throw new Clash();
    if (draft) {
      const row = await one.get("drafts", draft.id);
      if (row && row.owner !== owner) throw new Locked();
      if (row && row.version !== draft.version) throw new Clash();
      await one.remove("drafts", draft.id);
    }
    if (known) return;
    const refused = replaces && (await one.get("records", replaces));
    if (refused && !refused.receipt) await one.put("records", { ...refused, replaced_by: id });
    await one.put("records", {
      ...{ id, owner, kind, after, attempts: 0, next_at: 0, frozen_at: null, sending_at: null },
      ...{ failed: null, failures: 0, reason: null, receipt: null, replaced_by: null, deleted_at: null },
      ...{ made_at: now, changed_at: now, size, sealed },
    });
  }));
  changed({ id });
  run();
}

function textsIn(value) {
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(textsIn);
}

/** Put what was refused into the bin, or take it out again; only its author throws it away. */
export async function discard(id, isIn = true) {
  await alter(id, (row) => (row.reason || row.deleted_at ? { ...row, deleted_at: isIn ? Date.now() : null } : null));
  run(); // another number waits: the server hears of it
}

/** Take out of the bin for good what has lain there for thirty days. */
export async function emptyBin(owner, now = Date.now()) {
  for (const { id, deleted_at } of await rowsOf(owner)) {
    if (!deleted_at || now - deleted_at < KEPT_IN_BIN) continue;
    await transact(["records"], "readwrite", (one) => one.remove("records", id));
  }
}

/** Send something that waits for its author as it is; `change` may say more in its letter's body. */
export async function again(id, change = {}) {
  const row = await get("records", id);
  if (!row || row.receipt) return;
  const letter = await letterOf(row);
  const body = { ...letter.body, ...change };
  const by = await author(row.owner);
  const sealed = await seal({ ...letter, body, answer: null }, nameOf("records", row.owner, id), by);
  const fresh = { sealed, reason: null, failed: null, failures: 0, attempts: 0, next_at: 0, sending_at: null };
  await alter(id, (now) => (now.receipt ? null : { ...now, ...fresh }));
  run({ asked: true });
}
