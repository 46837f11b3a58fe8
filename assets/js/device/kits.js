// What a page needs where there is no net: fetched with net, kept sealed, and asked for anew now and
// then with the mark of what is here already.
import { meetDatabase, settleConflicts } from "./delivery.js";
import { readable } from "./rows.js";
import { get, put } from "./store.js";
import { author, nameOf, reader, seal, unseal } from "./vault.js";

/** Every kit there is; of some a person has none. */
const KITS = ["log", "confirm", "handover", "courses"];
const FRESH = 10 * 60_000;
const DAY = 24 * 3_600_000;
const PATIENCE = 30_000;

/** Every training that a kit of the log knows: those of today, and one that was remembered. */
export const trainingsOf = (kit) => [...kit.pairings, ...(kit.remembered ?? [])];

/**
 * What a draft or a record keeps of its training, to be read and finished by: once a stay has ended
 * the server names nobody of it. It lies sealed with the text it belongs to, and goes with it.
 */
export const memoryOf = ({ id, label, people, mentors, owners, places }) => ({ id, label, people, mentors, owners, places });

/** The kit, knowing as well what was remembered of a training that it knows no more. */
export const recalling = (kit, memory) =>
  memory && !kit.pairings.some(({ id }) => id === memory.id) ? { ...kit, remembered: [memory] } : kit;

/** The kit of this name as it lies here, or null. */
export async function kitOf(owner, name) {
  const row = await get("kits", [owner, name]);
  return row?.sealed ? unseal(row.sealed, nameOf("kits", owner, name), await reader(owner)) : null;
}

/** When the server said last that this is the kit, by the clock of the device; 0 where that is not known. */
export const toldAt = async (owner, name) => (await get("kits", [owner, name]))?.told_at ?? 0;

/**
 * Ask the server for the kit, unless that was done less than `fresh` milliseconds ago; the kit if it
 * is new, false if there is none any more, else null. Without net nothing happens.
 */
export async function renewKit(owner, name, { fresh } = {}) {
  const row = await get("kits", [owner, name]);
  const now = Date.now();
  if (row && Math.abs(now - row.changed_at) < (fresh ?? (row.sealed ? FRESH : 0))) return null;
  try {
    const response = await fetch(`/api/v1/device/kit/${name}/`, {
      headers: {
        Accept: "application/json",
        "X-Sidemand-Owner": owner,
        ...(row?.etag ? { "If-None-Match": row.etag } : {}),
      },
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await taken(response, { owner, name, row, now });
  } catch {
    return null; // another time
  }
}

/** What an answer about a kit means for what lies here; a database that was restored is met first. */
async function taken(response, { owner, name, row, now }) {
  const { status, headers } = response;
  const [etag, database] = [headers.get("ETag"), headers.get("X-Sidemand-Database")];
  if (database && (response.ok || status === 304)) await meetDatabase(owner, database);
  const isOurs = /^application\/json\b/.test(headers.get("Content-Type") ?? "");
  if (status === 200 && isOurs && etag) {
    const content = await response.json();
    const sealed = await seal(content, nameOf("kits", owner, name), await author(owner));
    await put("kits", { owner, name, etag, changed_at: now, told_at: now, size: sealed.length, sealed });
    if (content.beside) await settleConflicts(owner, content.beside, now, database);
    return content;
  }
  if (status === 204 && database) return givenNoMore({ owner, name, row, now }); // and no network's "nothing"
  if (status === 304 && row?.sealed) {
    await put("kits", { ...row, changed_at: now, told_at: now });
    const { beside } = await kitOf(owner, name);
    if (beside) await settleConflicts(owner, beside, now, database);
  }
  return null;
}

/** What a draft still needs of a kit that somebody is given no more: the words and steps of the log, and nobody. */
const LEFT = { log: (kit) => ({ ...kit, pairing: null, pairings: [], plans: {}, beside: [], names: {} }) };

/** The server has none for this person, so none lies here; what is left of it, or false if it is gone. */
async function givenNoMore({ owner, name, row, now }) {
  const before = row?.sealed && LEFT[name] ? await readable(kitOf(owner, name)) : null;
  const left = before && LEFT[name](before);
  const sealed = left && (await seal(left, nameOf("kits", owner, name), await author(owner)));
  await put("kits", { owner, name, etag: null, changed_at: now, size: sealed?.length ?? 0, sealed });
  return row?.sealed ? (left ?? false) : null;
}

/** Whether the server has said of every kit what it is, or that there is none. */
export const hasKits = async (owner) =>
  (await Promise.all(KITS.map((name) => get("kits", [owner, name])))).every(Boolean);

/** Ask for every kit that was not asked for within a day: a page may be opened first without net. */
export async function renewKits(owner) {
  for (const name of KITS) await renewKit(owner, name, { fresh: DAY });
}
