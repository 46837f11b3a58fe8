// What is being written: kept within a second of the last keystroke, sealed, until it is queued.
//
//   { id, owner, kind, version, changed_at, deleted_at, size, sealed }
// A draft has a version. Whoever keeps one names the version they saw; if another tab was faster,
// theirs becomes a draft of its own beside it. Nothing is written over that nobody saw.
import { changed, readable } from "./rows.js";
import { all, get, transact } from "./store.js";
import { author, beforeLock, currentOwner, Locked, nameOf, reader, seal, unseal } from "./vault.js";

const QUIET = 300; // milliseconds after the last keystroke
const LONGEST = 800; // and at the latest after so many
const AGAIN = 5000;
const KEPT_IN_BIN = 30 * 24 * 3_600_000;

/** The drafts of an owner without what they say, the newest first; those in the bin as well. */
export async function rowsOf(owner) {
  const rows = await all("drafts", owner);
  return rows.sort((one, other) => other.changed_at - one.changed_at);
}

const contentOf = async (row) => unseal(row.sealed, nameOf("drafts", row.owner, row.id), await reader(row.owner));

/** What is shown of a draft that does not open. */
const BLANK = { fields: {}, label: "", isBlank: true };

/** The drafts with what they say: `{ row, content }`; one that does not open hides no other. Throws `Locked`. */
export async function list(owner) {
  const rows = await rowsOf(owner);
  return Promise.all(rows.map(async (row) => ({ row, content: (await readable(contentOf(row))) ?? BLANK })));
}

/** A draft of whoever is signed in, or null. */
export async function read(id) {
  const row = id && (await get("drafts", id));
  if (!row || row.owner !== (await currentOwner())) return null;
  return { row, content: await contentOf(row) };
}

/**
 * Keep `content`, which was made from version `seen` of the draft (0: from none).
 *
 * Gives `{ id, version, at, clash }`. After a clash `id` is that of a new draft beside the first: two texts
 * are two versions, so what it is sent as is new, too. It is its author's, also where somebody else has
 * signed in since; `whose` says whose it must be.
 */
export async function keep(id, kind, content, seen, whose) {
  const by = await author(whose);
  const { owner } = by;
  const beside = crypto.randomUUID();
  const other = content.version ? { ...content, version: crypto.randomUUID() } : content;
  const [sealed, sealedBeside] = await Promise.all(
    [[id, content], [beside, other]].map(([name, text]) => seal(text, nameOf("drafts", owner, name), by)),
  );
  const at = Date.now();
  const size = sealed.length;
  const kept = await transact(["drafts", "records"], "readwrite", async (one) => {
    const row = await one.get("drafts", id);
    if (row && row.owner !== owner) throw new Locked();
    const isGone = !row && seen > 0; // queued or thrown away in another tab
    const clash = isGone || (row && row.version !== seen);
    const own = { owner, kind, changed_at: at, deleted_at: null, size };
    const fresh = clash
      ? { ...own, id: beside, version: 1, sealed: sealedBeside }
      : { ...own, id, version: seen + 1, sealed };
    await one.put("drafts", fresh);
    return { id: fresh.id, version: fresh.version, at, clash: Boolean(clash) };
  });
  changed({ draft: kept.id });
  return kept;
}

/** Put a draft into the bin, or take it out again. */
export async function bin(id, isIn = true) {
  await transact(["drafts"], "readwrite", async (one) => {
    const row = await one.get("drafts", id);
    if (row) await one.put("drafts", { ...row, deleted_at: isIn ? Date.now() : null });
  });
  changed({ draft: id });
}

/** Take out of the bin for good what has lain there for thirty days. */
export async function emptyBin(owner, now = Date.now()) {
  for (const { id, deleted_at } of await rowsOf(owner)) {
    if (!deleted_at || now - deleted_at < KEPT_IN_BIN) continue;
    await transact(["drafts"], "readwrite", (one) => one.remove("drafts", id));
  }
}

/**
 * Make a draft of a record, to change it: `{ id }` of the draft.
 *
 * What was never tried is taken out of the queue with its ids, and what it took the place of waits
 * for its author again, until the draft is sent. Anything else stays as it is; the draft becomes a
 * new version of it (`change(letter, row)` gives the content for either).
 */
export async function ofRecord(row, letter, kind, change) {
  const id = crypto.randomUUID();
  const isFree = !row.frozen_at && !row.receipt && !row.reason;
  const before = isFree ? (await all("records", row.owner)).filter(({ replaced_by }) => replaced_by === row.id) : [];
  const replaces = before.at(-1)?.id;
  const content = { ...change(letter, row, isFree), ...(replaces ? { replaces } : {}) };
  const sealed = await seal(content, nameOf("drafts", row.owner, id), await author(row.owner));
  const at = Date.now();
  const made = await transact(["drafts", "records"], "readwrite", async (one) => {
    const now = await one.get("records", row.id);
    if (isFree && (!now || now.frozen_at)) return false; // it is on its way meanwhile
    if (isFree) await one.remove("records", row.id);
    for (const { id: replaced } of before) {
      const then = await one.get("records", replaced);
      if (then?.replaced_by === row.id) await one.put("records", { ...then, replaced_by: null });
    }
    const own = { owner: row.owner, kind, changed_at: at, deleted_at: null, size: sealed.length };
    await one.put("drafts", { ...own, id, version: 1, sealed });
    return true;
  });
  if (!made) return ofRecord(await get("records", row.id), letter, kind, change);
  changed({ draft: id });
  return { id };
}

/**
 * Keep a form by itself while somebody writes in it.
 *
 * @param {() => object} look gives what the form says now
 * @param {object} begun `{ id, kind, version }`
 * @param {(told: object) => void} tell hears `{ at }`, `{ clash, id }` or `{ failure }`
 */
export function autosave(look, begun, tell) {
  const draft = { ...begun };
  const whose = author().then(({ owner }) => owner, () => undefined);
  let timer = null;
  let since = null; // of the first letter that is not kept
  let going = null;
  let isDirty = false;

  async function flush() {
    clearTimeout(timer);
    timer = null;
    while (going) await going;
    if (!isDirty) return;
    isDirty = false;
    since = null;
    going = whose
      .then((owner) => keep(draft.id, draft.kind, look(), draft.version, owner))
      .then((kept) => {
        Object.assign(draft, { id: kept.id, version: kept.version });
        tell(kept);
      })
      .catch((failure) => {
        isDirty = true;
        timer ??= setTimeout(flush, AGAIN); // perhaps there is room by then
        tell({ failure });
      })
      .finally(() => (going = null));
    await going;
  }

  function touch() {
    isDirty = true;
    since ??= Date.now();
    clearTimeout(timer);
    timer = setTimeout(flush, Math.max(0, Math.min(QUIET, since + LONGEST - Date.now())));
  }

  const hide = () => document.visibilityState === "hidden" && flush();
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", hide);
  const unhook = beforeLock(flush);
  const stop = () => {
    clearTimeout(timer);
    removeEventListener("pagehide", flush);
    document.removeEventListener("visibilitychange", hide);
    unhook();
  };
  return { draft, touch, flush, stop, isDirty: () => isDirty || going !== null };
}
