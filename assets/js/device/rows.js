// The rows of what is to be sent and what was, as they lie on the device: one for each record, kept
// until its own receipt is here and readable as sent after that. docs/outbox.md tells why.
//
// A row shows how far it is by what lies in it, never by a flag: a receipt, a reason, or neither.
//   { id, owner, kind, after, attempts, next_at, frozen_at, sending_at, failed, failures, reason,
//     receipt, database, replaced_by, deleted_at, made_at, changed_at, size, sealed }
// `sealed` holds { method, url, body, expected, label, facts, memory, answer }.
import { hear, tell } from "./channel.js";
import { withReserve } from "./reserve.js";
import { all, transact } from "./store.js";
import { Locked, nameOf, reader, unseal } from "./vault.js";

/** An answer that takes longer is taken for lost. */
export const PATIENCE = 60_000;
/** From so many failures of the server on, the author is told of it; it is still tried. */
const TOLD_AFTER = 5;

/** How far a row is, computed from what lies in it: "waiting", "sending", "received", "attention". */
export function stateOf(row, now = Date.now()) {
  if (row.receipt) return "received";
  if (row.reason) return "attention";
  if (row.sending_at && Math.abs(now - row.sending_at) < PATIENCE + 5_000) return "sending";
  return row.failed === "server" && failuresOf(row) >= TOLD_AFTER ? "attention" : "waiting";
}

/** How often the same has gone wrong, one time after the other; rows of an earlier version count tries. */
const failuresOf = (row) => row.failures ?? row.attempts;

/** Whether the server may not have it. What was written anew, or thrown away, does not count. */
export const isUnsent = (row) => !row.receipt && !row.replaced_by && !row.deleted_at;

/** The rows of one owner without what they say, the oldest first; needs no key. */
export async function rowsOf(owner) {
  const rows = await all("records", owner);
  return rows.sort((one, other) => one.made_at - other.made_at || (one.id < other.id ? -1 : 1));
}

/** How many of an owner's records the server may not have, and since when. */
export async function unsentOf(owner) {
  const waiting = (await rowsOf(owner)).filter(isUnsent);
  return { count: waiting.length, since: waiting[0]?.made_at ?? null };
}

/** Open the letter of a row: `{ method, url, body, expected, label, facts, memory, answer }`. */
export const letterOf = async (row) =>
  unseal(row.sealed, nameOf("records", row.owner, row.id), await reader(row.owner));

/** What is shown of a letter that does not open. */
export const BLANK = { body: {}, expected: {}, label: "", facts: [], answer: null, isBlank: true };

/** The rows of an owner with their letters, the oldest first; throws `Locked`. */
export async function list(owner) {
  const rows = await rowsOf(owner);
  return Promise.all(rows.map(opened));
}

/** One that does not open hides no other: it is listed as unreadable. */
async function opened(row) {
  const letter = await readable(letterOf(row));
  const told = letter || row.receipt ? row : { ...row, reason: "unreadable" };
  return { row: told, state: stateOf(told), letter: letter ?? BLANK };
}

/** What is being opened, or null where it cannot be; throws `Locked`. */
export const readable = (opening) =>
  opening.catch((failure) => {
    if (failure instanceof Locked) throw failure;
    return null;
  });

/**
 * The versions that a version on this device joins with the one that holds: between these two somebody
 * has chosen here, whether or not the server has heard of it.
 */
export const joinedIn = (listed) => new Set(listed
  .filter(({ row }) => !row.deleted_at && !row.replaced_by)
  .map(({ letter }) => letter.body.joins)
  .filter(Boolean));

/** Call `react` whenever something in here or in the drafts has changed, in whichever tab. */
export function subscribe(react) {
  listeners.add(react);
  const end = hear("changed", react);
  return () => {
    listeners.delete(react);
    end();
  };
}

const listeners = new Set();

/** Tell this tab and the others that something has changed. */
export function changed(detail = {}) {
  tell("changed", detail);
  for (const react of listeners) react(detail);
}

/** Change a row that is there, in one transaction; `change` gives the new row, or null to leave it. */
export async function alter(id, change) {
  const done = await withReserve(() => transact(["records"], "readwrite", async (one) => {
    const row = await one.get("records", id);
    const next = row && change(row);
    if (next) await one.put("records", { ...next, changed_at: Date.now() });
    return next ?? null;
  }));
  if (done) changed({ id });
  return done;
}
