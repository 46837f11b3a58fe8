// A way out for what cannot be sent: a file that only the server opens (site/devices/taking_in.py).
// It holds records and drafts as they lie sealed, and their key as it was wrapped for the server when
// the device was set up. So it is made without the PIN, and also where the PIN is forgotten.
//
// Whoever looks after somebody takes their records in. A draft nobody has sent: it stays its author's,
// who brings it from the file to any device of theirs.
import { contentHash } from "./canonical.js";
import { changed, isUnsent, letterOf, readable, rowsOf, unsentOf } from "./rows.js";
import { ask, Unanswered } from "./server.js";
import { contentFrom } from "./session.js";
import { all, get, transact } from "./store.js";
import { ADDRESS, author, currentOwner, known, nameOf, seal, tellContact, unseal, whoseDevice } from "./vault.js";

const FORMAT = "sidemand-unsent/1";
const PART = 0x8000; // so many arguments a call takes on every browser

function toBase64(data) {
  let text = "";
  for (let at = 0; at < data.length; at += PART) text += String.fromCharCode(...data.subarray(at, at + PART));
  return btoa(text);
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/** What an owner has here that the server may not have: rows of records, and of drafts out of the bin. */
export async function unsentRows(owner) {
  const [records, drafts] = [await rowsOf(owner), await all("drafts", owner)];
  return { records: records.filter(isUnsent), drafts: drafts.filter((row) => !row.deleted_at) };
}

/** The file of what waits, `{ name, blob, records, drafts }` with their counts, or null for nothing. */
export async function fileOfUnsent(now = new Date()) {
  const row = await whoseDevice();
  if (!row) return null;
  const { records, drafts } = await unsentRows(row.owner);
  if (!records.length && !drafts.length) return null;
  const letter = {
    format: FORMAT,
    device: row.device,
    made_at: now.toISOString(),
    key: row.wrapped_with,
    wrapped: toBase64(row.wrapped),
    records: records.map(({ id, sealed }) => ({ id, sealed: toBase64(sealed) })),
    drafts: drafts.map(({ id, kind, sealed }) => ({ id, kind, sealed: toBase64(sealed) })),
  };
  const blob = new Blob([JSON.stringify(letter)], { type: "application/octet-stream" });
  const name = `sidemand-${letter.made_at.slice(0, 10)}.sidemand`;
  return { name, blob, records: records.length, drafts: drafts.length };
}

/**
 * Let the browser save the file where it saves files; what it holds, or null. With net the server hears
 * of the device as well: it takes in the file of one that it knows.
 */
export async function saveFile() {
  const file = await fileOfUnsent();
  if (!file) return null;
  tellWaiting().catch(() => null);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file.blob);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return file;
}

async function tellWaiting() {
  const { count, since } = await unsentOf(await currentOwner());
  await tellContact({ unsent: count, oldest_at: since && new Date(since).toISOString() });
}

/**
 * Bring the drafts of a file onto this device; how many were not here yet. As often as one likes.
 *
 * The server opens the key for whoever has just shown who they are, as it does for a forgotten PIN.
 * Throws `Unanswered`: "malformed" for no such file, "unopened" for one that fits no key, and what
 * the server says; `Locked`, `Full`.
 */
export async function bringDrafts(file) {
  const letter = await readLetter(file);
  const { device, key: id, wrapped } = letter;
  const opening = () => ask("POST", `${ADDRESS}open/`, { device, key: id, wrapped });
  const own = await whoseDevice();
  const { opened } = await (own?.device === device ? known(own, opening) : opening());
  const key = await crypto.subtle.importKey("raw", fromBase64(opened), "AES-GCM", false, ["decrypt"]);
  const owner = await currentOwner();
  let brought = 0;
  for (const draft of letter.drafts) brought += await bring(draft, key, owner);
  if (brought) changed({});
  return brought;
}

async function readLetter(file) {
  try {
    const letter = JSON.parse(await file.text());
    if (letter.format !== FORMAT) throw new Error(letter.format);
    const drafts = (letter.drafts ?? []).map((one) => ({ ...one, sealed: fromBase64(one.sealed) }));
    return { ...letter, drafts };
  } catch {
    throw new Unanswered("malformed");
  }
}

async function saysTheSame(row, { fields }, owner) {
  const letter = await readable(letterOf(row));
  return letter?.expected.sha256 === (await contentHash(contentFrom(fields, owner)));
}

/** One draft, unless it lies here already, perhaps with more in it, or was sent from here as it is. */
async function bring({ id, kind, sealed }, key, owner) {
  const name = nameOf("drafts", owner, id);
  const content = await unseal(sealed, name, { key }).catch(() => {
    throw new Unanswered("unopened");
  });
  const sent = content.version && (await get("records", content.version));
  // Written on since it was sent from here: two texts are two versions.
  if (sent && !(await saysTheSame(sent, content, owner))) content.version = crypto.randomUUID();
  const own = await seal(content, name, await author(owner));
  return transact(["drafts", "records"], "readwrite", async (one) => {
    if (await one.get("drafts", id)) return 0;
    if (content.version && (await one.get("records", content.version))) return 0;
    const facts = { version: 1, changed_at: Date.now(), deleted_at: null, size: own.length };
    await one.put("drafts", { id, owner, kind, ...facts, sealed: own });
    return 1;
  });
}
