// A course or a path that is taken along: fetched in pieces, each checked by its hash, going on where
// it was cut. docs/courses-to-take-along.md tells why it is done so.
//
// A row of `downloads` says what is wanted and what is whole; which pieces are here is asked of the
// store, never of a flag.
//   { course, owner, id, url, language, pictures, paused, current, next, etag, as_of, checked_at, gone }
// `current` is the list of contents that is here whole and is read; `next` the one being fetched.
import { hear, tell } from "./channel.js";
import { CURRENT } from "./keeping.js";
import { all, get, keys, put, readMeta, remove, writeMeta } from "./store.js";

const LOCK = "sidemand-travel";
/** In `meta`: whether something is not whole yet; the worker looks there at every page. */
const UNDER_WAY = "travel";
const LANES = 3;
const SILENCE = 20_000; // without a byte for so long, a link is cut
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const MEASURED = 10_000;
const CHECK_EVERY = 6 * 3_600_000;

/** The server does not give it any more. */
export class Gone extends Error {}
/** Somebody has to sign in. */
export class SignIn extends Error {}
/** What came is not what was announced. */
class Damaged extends Error {}

export const keyOf = (owner, id) => `${owner}/${id}`;

// --- What there is --------------------------------------------------------------------------------

/** Everything that is taken along on this browser by `owner`, as it was chosen. */
export const downloadsOf = (owner) => all("downloads", owner);

/** Every lesson and case of a list of contents, in its order. */
export const partsOf = (contents) =>
  contents.modules.flatMap((module) => [
    ...module.lessons.map((one) => ({ ...one, kind: "lesson", module })),
    ...module.cases.map((one) => ({ ...one, kind: "case", module })),
  ]);

/** The pieces of a list of contents, each once: hash by kind and size. */
export function piecesOf(contents, { pictures = true } = {}) {
  const found = new Map();
  for (const { pieces } of partsOf(contents)) {
    for (const [hash, kind, size] of pieces) if (pictures || kind !== "picture") found.set(hash, { hash, kind, size });
  }
  return found;
}

/** How far a download is: `{ done, total, pieces, missing }`, in bytes; asked of the store. */
export async function progressOf(row) {
  const contents = row.next ?? row.current;
  if (!contents) return { done: 0, total: 0, missing: [] };
  const here = new Set(await keys("pieces"));
  const wanted = [...piecesOf(contents, row).values()];
  const missing = wanted.filter(({ hash }) => !here.has(hash));
  const weigh = (pieces) => pieces.reduce((sum, { size }) => sum + size + contents.head_bytes, 0);
  const total = weigh(wanted);
  return { done: total - weigh(missing), total, missing };
}

/** What a text piece says, or null where it is not here. */
export async function readPiece(hash) {
  const row = await get("pieces", hash);
  return row ? JSON.parse(new TextDecoder().decode(await unpacked(row.data))) : null;
}

/** A picture as a Blob, or null. */
export async function picture(hash) {
  const row = await get("pieces", hash);
  return row ? new Blob([row.data], { type: "image/webp" }) : null;
}

async function unpacked(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// --- Choosing and giving back ---------------------------------------------------------------------

/** Take `contents` along, fetched from `url`, or go on with it. */
export async function take(owner, url, answer, { pictures }) {
  const { contents, etag, at } = answer;
  const course = keyOf(owner, contents.id);
  const row = (await get("downloads", course)) ?? { course, owner, id: contents.id, current: null };
  await put("downloads", {
    ...row,
    ...{ url, language: contents.language, pictures, paused: false, gone: false },
    ...{ next: contents, etag, as_of_next: at, checked_at: Date.now() },
  });
  await writeMeta(UNDER_WAY, true);
  changed(course);
  start();
}

/** Let it rest until somebody goes on. */
export async function pause(course, isPaused = true) {
  const row = await get("downloads", course);
  if (!row) return;
  await put("downloads", { ...row, paused: isPaused });
  if (!isPaused) await writeMeta(UNDER_WAY, true);
  changed(course);
  if (!isPaused) start();
}

/** Take it off this device; pieces that nothing else needs go with it. */
export async function drop(course) {
  await remove("downloads", course);
  await sweep();
  changed(course);
}

/** Throw away the pieces that no list of contents names. */
async function sweep() {
  const needed = new Set();
  for (const row of await all("downloads")) {
    for (const contents of [row.current, row.next]) {
      if (contents) for (const hash of piecesOf(contents, row).keys()) needed.add(hash);
    }
  }
  for (const hash of await keys("pieces")) if (!needed.has(hash)) await remove("pieces", hash);
}

// --- Asking the server ----------------------------------------------------------------------------

/** The list of contents: `{ contents, etag, at, bytes, seconds }`, or null where it is as before. */
export async function askContents(url, etag = null) {
  const begun = performance.now();
  const response = await fetch(url, {
    headers: { Accept: "application/json", ...(etag ? { "If-None-Match": etag } : {}) },
    credentials: "same-origin",
    redirect: "manual",
    cache: "no-store",
  });
  const at = new Date(response.headers.get("Date") ?? Date.now()).toISOString();
  if (response.status === 304) return { contents: null, etag, at };
  refuse(response);
  const text = await response.text();
  const seconds = (performance.now() - begun) / 1000;
  const contents = JSON.parse(text);
  if (contents?.schema !== 1) throw new Damaged(url);
  return { contents, etag: response.headers.get("ETag"), at, bytes: text.length, seconds };
}

function refuse(response) {
  if (response.status === 401 || response.type === "opaqueredirect") throw new SignIn();
  if (response.status === 404 || response.status === 410) throw new Gone();
  if (!response.ok) throw new Error(String(response.status));
}

/** Look whether something is new, of which `than` is not the mark; every six hours unless somebody asks. */
export async function lookForNews(course, { asked = false, than = null } = {}) {
  const row = await get("downloads", course);
  if (!row || (!asked && Math.abs(Date.now() - (row.checked_at ?? 0)) < CHECK_EVERY)) return false;
  try {
    const answer = await askContents(row.url, than ?? (row.next ? null : row.etag));
    const { etag, at } = answer;
    const contents = etag === than ? null : answer.contents;
    const now = await get("downloads", course);
    if (!now) return false;
    const facts = contents ? { next: contents, etag, as_of_next: at } : { as_of: at };
    await put("downloads", { ...now, ...facts, checked_at: Date.now(), gone: false });
    if (contents) await writeMeta(UNDER_WAY, true);
    changed(course);
    if (contents) start();
    return Boolean(contents);
  } catch (failure) {
    if (!(failure instanceof Gone)) throw failure;
    const now = await get("downloads", course);
    if (!now) return false;
    // Of a first download that never came whole its list stays: by it one reads which it was.
    const facts = now.current ? { next: null } : { paused: true };
    await put("downloads", { ...now, ...facts, gone: true, checked_at: Date.now() });
    changed(course);
    return false;
  }
}

// --- Fetching -------------------------------------------------------------------------------------

/** What came of each piece before the link was cut; goes on from there. */
const begun = new Map();

/** Fetch one piece and keep it. `count` hears of every byte. */
async function fetchPiece({ hash, kind, size }, count) {
  const chunks = begun.get(hash) ?? [];
  begun.set(hash, chunks);
  const from = lengthOf(chunks);
  if (from < size) {
    const ending = new AbortController();
    let silence = setTimeout(() => ending.abort(), SILENCE);
    try {
      const response = await fetch(`/api/v1/pieces/${hash}`, {
        headers: { Accept: "application/json", ...(from ? { Range: `bytes=${from}-` } : {}) },
        credentials: "same-origin",
        redirect: "manual",
        cache: "no-store", // it is kept once, here
        signal: ending.signal,
      });
      refuse(response);
      if (from && response.status !== 206) chunks.length = 0;
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(silence);
        silence = setTimeout(() => ending.abort(), SILENCE);
        chunks.push(value);
        count(value.length);
      }
    } finally {
      clearTimeout(silence);
    }
  }
  if (lengthOf(chunks) < size) throw new Error("cut");
  begun.delete(hash);
  const data = joined(chunks);
  if ((await hashOf(data, kind)) !== hash) throw new Damaged(hash);
  await put("pieces", { hash, kind, size, data });
}

const lengthOf = (chunks) => chunks.reduce((sum, one) => sum + one.length, 0);

function joined(chunks) {
  const whole = new Uint8Array(lengthOf(chunks));
  let at = 0;
  for (const one of chunks) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

async function hashOf(data, kind) {
  let content = data;
  if (kind !== "picture") content = await unpacked(data).catch(() => new Uint8Array());
  const digest = await crypto.subtle.digest("SHA-256", content);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pauseAfter = (failures) => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1)) * (0.8 + 0.4 * Math.random());

/** Wait, or until there is net again. */
const resting = (time) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, time);
    addEventListener("online", done);
  });

let running = null;

/**
 * Go on with whatever is not whole, in one place at a time: this tab, another one, or the worker, which
 * goes on while somebody reads pages of the site. Resolves when there is nothing left to do.
 */
export function start() {
  running ??= work().finally(() => (running = null));
  return running;
}

async function work() {
  if (!(await readMeta(UNDER_WAY))) return;
  if (navigator.locks) await navigator.locks.request(LOCK, pass);
  else await pass();
}

/** Only what belongs to whoever is signed in: nobody else's courses are asked for in their name. */
async function pass() {
  for (;;) {
    const owner = await readMeta(CURRENT);
    const rows = owner ? await downloadsOf(owner) : [];
    const row = rows.find((one) => one.next && !one.paused && !stuck.has(one.course));
    if (!row) break;
    try {
      await complete(row);
    } catch (failure) {
      stuck.set(row.course, reasonOf(failure));
      changed(row.course);
    }
  }
  if (!(await all("downloads")).some((row) => row.next && !row.paused)) await writeMeta(UNDER_WAY, false);
}

/** Why a download rests that nobody paused: "full", "sign_in", "gone" or "damaged", by its key. */
export const stuck = new Map();

function reasonOf(failure) {
  if (failure instanceof SignIn) return "sign_in";
  if (failure instanceof Gone) return "gone";
  return failure?.name === "Full" ? "full" : "damaged";
}

/** Somebody wants it tried again. */
export function unstick(course) {
  stuck.delete(course);
  changed(course);
  start();
}

const MOST_DAMAGED = 5;

async function complete(row) {
  const { missing } = await progressOf(row);
  let failures = 0;
  let damaged = 0;
  let end = null; // the failure that ends it, or "changed"
  const isStill = async () => {
    const now = await get("downloads", row.course);
    return now && !now.paused && now.next?.id === row.next.id && now.etag === row.etag;
  };
  async function lane() {
    for (let piece = missing.shift(); piece && !end; piece = missing.shift()) {
      if (!(await isStill())) return void (end ??= "changed");
      try {
        await fetchPiece(piece, note);
        failures = 0;
        tellProgress(row.course);
      } catch (failure) {
        if (failure instanceof SignIn || failure.name === "Full") return void (end ??= failure);
        if (failure instanceof Gone) return void (end ??= failure);
        if (failure instanceof Damaged && ++damaged > MOST_DAMAGED) return void (end ??= failure);
        missing.unshift(piece);
        failures += 1;
        await resting(pauseAfter(Math.min(failures, 6)));
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane));
  if (end === "changed") return;
  if (end instanceof Gone) {
    // An editor has published something else meanwhile: the list is another one by now.
    if (await lookForNews(row.course, { asked: true, than: row.etag })) return;
    throw end;
  }
  if (end) throw end;
  const now = await get("downloads", row.course);
  if (!now?.next || now.etag !== row.etag) return;
  await put("downloads", { ...now, current: now.next, as_of: now.as_of_next, next: null, as_of_next: null });
  await sweep();
  changed(row.course);
}

// --- How fast -------------------------------------------------------------------------------------

let counted = []; // [moment, bytes] of the last seconds

function note(bytes) {
  const now = performance.now();
  counted.push([now, bytes]);
  counted = counted.filter(([at]) => now - at < MEASURED);
}

/** Bytes a second just now, or 0 where nothing is known yet. */
export function speedNow(answer = null) {
  if (counted.length > 1) {
    const span = performance.now() - counted[0][0];
    if (span > 1000) return (counted.reduce((sum, [, bytes]) => sum + bytes, 0) / span) * 1000;
  }
  const said = navigator.connection?.downlink; // megabits, rounded; 10 or more is no measure
  if (said && said < 10) return (said * 1_000_000) / 8;
  return answer?.bytes > 5000 ? answer.bytes / answer.seconds : 0;
}

// --- Telling --------------------------------------------------------------------------------------

const listeners = new Set();

function changed(course) {
  tell("travel", { course });
  for (const react of listeners) react(course);
}

let told = 0;

/** Other tabs hear of it once a second at most. */
function tellProgress(course) {
  if (Date.now() - told > 1000) {
    told = Date.now();
    return changed(course);
  }
  for (const react of listeners) react(course);
}

/** Call `react` whenever a download has moved, in whichever tab. */
export function onTravel(react) {
  listeners.add(react);
  return hear("travel", ({ course }) => react(course));
}
