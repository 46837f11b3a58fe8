// What lies on this device opens for its owner alone. docs/device-safety.md says what that is worth.
//
// Each owner has one random key per browser. It is kept wrapped twice: by what the owner's PIN
// gives, and by the server's public key, so that a forgotten PIN loses nothing. Open, it is in the
// memory of the pages and of the worker (keeping.js), where no script can read its bytes.
import { hear, tell } from "./channel.js";
import { FLAG } from "../here.js";
import { CURRENT } from "./keeping.js";
import { ask, Unanswered } from "./server.js";
import { all, get, keys, put, readMeta, remove, transact, writeMeta } from "./store.js";

export const ADDRESS = "/api/v1/device/";
const ROUNDS = 600_000;
const SHORTEST_PIN = 6;
const MINUTE = 60_000;
const IDLE = { shared: 5 * MINUTE, own: 30 * MINUTE };
/** After so many wrong PINs in a row each further one waits, twice as long every time. */
const FREE_TRIES = 5;
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 15 * MINUTE;
const TOLD_EVERY = 15_000;
/** So long what is being written may take to be sealed before the key goes all the same. */
const LAST_LETTERS = 5_000;
/** How long a key that was just opened waits for the worker to be there. */
const WORKER_WAIT = 5_000;
/** A worker that hears nothing for half a minute is put to sleep, and forgets. */
const PING_EVERY = 20_000;

/** Nothing can be read or written: the vault is locked, or was never set up. */
export class Locked extends Error {
  constructor() {
    super("The vault is locked.");
    this.name = "Locked";
  }
}

/** The PIN was refused: `code` is "wrong", "wait" (with `seconds`), "short" or "easy". */
export class PinRefused extends Error {
  constructor(code, seconds = 0) {
    super(code);
    this.name = "PinRefused";
    this.code = code;
    this.seconds = seconds;
  }
}

/** This browser cannot keep a secret: no cryptography outside https. */
export class Unfit extends Error {
  constructor() {
    super("No cryptography here.");
    this.name = "Unfit";
  }
}

let held = null; // { owner, key, idle, seen }: the key, and when somebody was last there
const flushing = new Set();
const locking = new Set();

const bytes = (text) => new TextEncoder().encode(text);
const toBase64 = (data) => btoa(String.fromCharCode(...new Uint8Array(data)));
const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const hex = (data) =>
  Array.from(new Uint8Array(data), (one) => one.toString(16).padStart(2, "0")).join("");

// --- Who, and whether -----------------------------------------------------------------------------

/** Whoever is signed in on this browser, as the server calls them, or undefined. */
export const currentOwner = () => readMeta(CURRENT);

/** How the key of whoever is signed in opens: `{ owner, device, name, shared, … }`, or undefined. */
export async function whoseDevice() {
  const owner = await currentOwner();
  return owner && get("owners", owner);
}

export const isSetUp = async () => (await whoseDevice()) !== undefined;

/** Whether anybody at all has set this browser up. */
export const isSomebodys = async () => (await keys("owners")).length > 0;

/** Whether nobody is signed in here, where somebody has set this browser up. */
export const isSignedOut = async () => !(await currentOwner()) && (await isSomebodys());

/**
 * Tell every page (here.js) that this is somebody's device, whoever is signed in: a shared one as soon
 * as one of its owners calls it so.
 */
export async function markDevice() {
  const owners = await all("owners");
  if (owners.length) localStorage.setItem(FLAG, owners.some(({ shared }) => shared) ? "shared" : "own");
  else localStorage.removeItem(FLAG);
}

/** Whether the vault is open, here or in another tab. */
export const isOpen = async () => (await reach()) !== null;

/** The id of this device for its owner. */
export const deviceId = async () => (await whoseDevice())?.device;

/** Ask the server who is signed in; `{ owner, key: { id, spki } }`. Locks whoever was before. */
export async function meetServer() {
  const told = await ask("GET", ADDRESS);
  if (held && held.owner !== told.owner) await giveWay();
  const worker = await workerOf();
  if (worker) await askWorker(worker, { kind: "who", owner: told.owner });
  if ((await currentOwner()) !== told.owner) {
    await writeMeta(CURRENT, told.owner);
    tell("locked", { but: told.owner });
  }
  return told;
}

// --- Sealing --------------------------------------------------------------------------------------

/** Names a row, so that what is sealed in it passes for no other row's. */
export const nameOf = (store, owner, id) => `${store}/${owner}/${id}`;

/**
 * Seal any value that JSON can hold; `name` says whose place it has, as from `nameOf`.
 *
 * A key that is still here seals also when nobody has been there for too long: it shows nothing, and
 * what is being written must be kept before the key goes. Locking waits for it, so it waits for no lock.
 * `by` is the key of its author, as from `author`.
 */
export async function seal(value, name, by) {
  const { key } = by ?? held ?? (await mustBeOpen());
  const iv = random(12);
  const sealed = await crypto.subtle.encrypt(algorithm(iv, name), key, bytes(JSON.stringify(value)));
  const whole = new Uint8Array(iv.length + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), iv.length);
  return whole;
}

/**
 * The value again, by the key held here or by that of `other`. Throws `Locked`, or an OperationError
 * for what was sealed under another name.
 */
export async function unseal(sealed, name, other) {
  const { key } = other ?? (await mustBeOpen());
  const iv = sealed.subarray(0, 12);
  const opened = await crypto.subtle.decrypt(algorithm(iv, name), key, sealed.subarray(12));
  return JSON.parse(new TextDecoder().decode(opened));
}

const algorithm = (iv, name) => ({ name: "AES-GCM", iv, additionalData: bytes(`sidemand/1/${name}`) });

/**
 * Whoever writes in this page, with their key: `{ owner, key }`. That is who opened it, also where
 * somebody else has signed in since: the last letters are theirs. Where `owner` is named it is nobody
 * else. Throws `Locked`.
 */
export async function author(owner) {
  const found = held ?? (await mustBeOpen());
  return ownKey(found, owner ?? found.owner);
}

/** Whoever may read here, with their key: `owner`, who is signed in and has it open. Throws `Locked`. */
export const reader = async (owner) => ownKey(await mustBeOpen(), owner);

function ownKey(found, owner) {
  if (found.owner !== owner) throw new Locked();
  return found;
}

async function mustBeOpen() {
  const found = await reach();
  if (!found) throw new Locked();
  return found;
}

// --- Setting up, opening, changing the PIN --------------------------------------------------------

/** Why this PIN is refused: "short", "easy", or "" for a good one. */
export function weakness(pin) {
  if ([...pin].length < SHORTEST_PIN) return "short";
  const codes = [...pin].map((one) => one.codePointAt(0));
  const steps = new Set(codes.slice(1).map((code, at) => code - codes[at]));
  const isRow = steps.size === 1 && Math.abs([...steps][0]) <= 1; // 111111, 123456, 654321
  const half = pin.length / 2;
  const isTwice = pin.slice(0, half) === pin.slice(half); // 123123
  const isPairs = new Set(codes).size <= 2; // 121212, 112211
  return isRow || isTwice || isPairs ? "easy" : "";
}

/**
 * Make a key for whoever is signed in, and tell the server of the device. Needs net.
 *
 * Throws `PinRefused`, `Unfit`, `Unanswered`, `Full`, `NoStore`. Nothing is kept then.
 */
export async function setUp({ pin, shared, name }) {
  refuseWeak(pin);
  if (!globalThis.crypto?.subtle) throw new Unfit();
  const { owner, key: server } = await meetServer();
  const raw = random(32);
  const device = crypto.randomUUID();
  const row = {
    owner,
    device,
    shared,
    name,
    set_up_at: new Date().toISOString(),
    fingerprint: await fingerprintOf(raw),
    ...(await wrappedByServer(raw, server, owner, device)),
    ...(await wrappedByPin(raw, pin, owner)),
    tries: 0,
    wait_until: 0,
  };
  await transact(["owners"], "readwrite", async (one) => {
    // A second key in the place of the first would close for ever what that one sealed.
    if (await one.get("owners", owner)) throw new Unanswered("exists");
    await one.put("owners", row);
  });
  try {
    await register(row);
  } catch (failure) {
    await remove("owners", owner);
    throw failure;
  }
  await markDevice();
  await hold(row, raw);
}

/** Open with the PIN. Throws `PinRefused` with "wrong" or "wait", or `Locked` when not set up. */
export async function open(pin) {
  const { row, raw } = await tried(pin);
  await markDevice();
  renewServerWrap(row, raw.slice()).catch(() => null); // without net: another time
  await hold(row, raw);
}

/** Another PIN for the same key. Throws as `open` does. */
export async function changePin(old, pin) {
  refuseWeak(pin);
  const { row, raw } = await tried(old);
  await put("owners", { ...row, ...(await wrappedByPin(raw, pin, row.owner)) });
  await hold(row, raw);
}

/**
 * Let the server open it for whoever has just signed in, and choose another PIN. Loses nothing.
 *
 * Throws `Unanswered`: "reauthenticate" asks for the password first, "revoked" when the owner has
 * given the device up, "sign_in", "offline".
 */
export async function recover(pin) {
  refuseWeak(pin);
  const { owner } = await meetServer();
  const row = await get("owners", owner);
  if (!row) throw new Locked();
  const { device, wrapped, wrapped_with: key } = row;
  const opening = () => ask("POST", `${ADDRESS}open/`, { device, key, wrapped: toBase64(wrapped) });
  const told = await known(row, opening);
  const raw = fromBase64(told.opened);
  if ((await fingerprintOf(raw)) !== row.fingerprint) throw new Unanswered("failed");
  await put("owners", { ...row, ...(await wrappedByPin(raw, pin, owner)), tries: 0, wait_until: 0 });
  await markDevice();
  await hold(row, raw);
}

/** Tell the server of the device; as often as it takes. */
const register = ({ device, name, shared, fingerprint }) =>
  ask("POST", ADDRESS, { device, name, is_shared: shared, fingerprint });

/** Tell the server how much waits on this device: a count and a moment, never what it says. */
export async function tellContact({ unsent, oldest_at = null }) {
  const row = await whoseDevice();
  if (!row) throw new Locked();
  return known(row, () =>
    ask("POST", `${ADDRESS}contact/`, { device: row.device, unsent, oldest_unsent_at: oldest_at }));
}

/**
 * What the server answers about a device of this browser. Where it does not know the device it is told
 * of it once: the answer was lost when it was set up, or the server was put back from an older backup.
 */
export async function known(row, question) {
  try {
    return await question();
  } catch (failure) {
    if (failure.code !== "not_found" || (await meetServer()).owner !== row.owner) throw failure;
    await register(row);
    return question();
  }
}

function refuseWeak(pin) {
  const code = weakness(pin);
  if (code) throw new PinRefused(code);
}

/** The row of the owner, and the bytes of the key if the PIN is right; every try counts. */
async function tried(pin) {
  const owner = await currentOwner();
  const row = owner && (await countTry(owner));
  if (!row) throw new Locked();
  const pinKey = await keyOfPin(pin, row.salt, row.rounds);
  const way = algorithm(row.pin_iv, `key/${owner}`);
  const raw = await crypto.subtle.decrypt(way, pinKey, row.by_pin).catch(() => null);
  if (!raw) throw new PinRefused("wrong");
  const opened = { ...row, tries: 0, wait_until: 0 };
  await put("owners", opened);
  return { row: opened, raw: new Uint8Array(raw) };
}

/** Counted before the PIN is looked at: closing the browser in the middle gives no free try. */
function countTry(owner) {
  return transact(["owners"], "readwrite", async (one) => {
    const row = await one.get("owners", owner);
    if (!row) return null;
    const now = Date.now();
    // A clock that was set back must not lock for days.
    const left = Math.min(row.wait_until - now, LONGEST_WAIT);
    if (left > 0) throw new PinRefused("wait", Math.ceil(left / 1000));
    const tries = row.tries + 1;
    const wait = tries < FREE_TRIES ? 0 : FIRST_WAIT * 2 ** Math.min(tries - FREE_TRIES, 10);
    const counted = { ...row, tries, wait_until: wait && now + Math.min(wait, LONGEST_WAIT) };
    await one.put("owners", counted);
    return counted;
  });
}

// --- Wrapping -------------------------------------------------------------------------------------

async function keyOfPin(pin, salt, rounds) {
  const known = await crypto.subtle.importKey("raw", bytes(pin.normalize("NFC")), "PBKDF2", false, [
    "deriveKey",
  ]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds },
    known,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

async function wrappedByPin(raw, pin, owner) {
  const [salt, pin_iv] = [random(16), random(12)];
  const pinKey = await keyOfPin(pin, salt, ROUNDS);
  const by_pin = await crypto.subtle.encrypt(algorithm(pin_iv, `key/${owner}`), pinKey, raw);
  return { salt, pin_iv, by_pin: new Uint8Array(by_pin), rounds: ROUNDS };
}

/** The label binds it to owner and device: the server opens it for nobody else. */
async function wrappedByServer(raw, server, owner, device) {
  const spki = fromBase64(server.spki);
  const key = await crypto.subtle.importKey("spki", spki, { name: "RSA-OAEP", hash: "SHA-256" }, false, [
    "encrypt",
  ]);
  const label = bytes(`sidemand/1/${owner}/${device}`);
  const wrapped = await crypto.subtle.encrypt({ name: "RSA-OAEP", label }, key, raw);
  return { wrapped: new Uint8Array(wrapped), wrapped_with: server.id };
}

/** When the server has a new key: it may throw its old one away once every device did this. */
async function renewServerWrap(row, raw) {
  const { key: server } = await meetServer().catch((failure) => {
    raw.fill(0);
    throw failure;
  });
  const renewed = server.id !== row.wrapped_with && (await wrappedByServer(raw, server, row.owner, row.device));
  raw.fill(0);
  if (!renewed) return;
  await transact(["owners"], "readwrite", async (one) => {
    const now = await one.get("owners", row.owner);
    if (now?.fingerprint === row.fingerprint) await one.put("owners", { ...now, ...renewed });
  });
}

const fingerprintOf = async (raw) => hex(await crypto.subtle.digest("SHA-256", raw));

// --- Open, in this page and the next --------------------------------------------------------------

/** Take the key into memory, where only the browser reads it; the bytes given are wiped. */
async function hold(row, raw) {
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  keepHere({ owner: row.owner, key, idle: row.shared ? IDLE.shared : IDLE.own, seen: Date.now() });
  await handOver();
  tell("opened");
}

function keepHere(one) {
  held = one;
  watch();
}

/** What is held here, or else by the worker or another tab; null when locked. */
async function reach() {
  if (held && isIdle()) await lock();
  await makeSure();
  if (held) return held;
  const owner = await currentOwner();
  const worker = owner && (await workerOf());
  const told = worker && (await askWorker(worker, { kind: "key-get", owner }));
  if (told?.key && !held) keepHere({ owner, ...told });
  return held;
}

/** A key of somebody who is signed in no more reads nothing. */
async function makeSure() {
  if (held && held.owner !== (await currentOwner())) await giveWay();
}

let worker = null;

async function workerOf() {
  worker ??= navigator.serviceWorker?.controller ?? null;
  worker ??= (await navigator.serviceWorker?.getRegistration())?.active ?? null;
  return worker;
}

function askWorker(who, question) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, 3000, null);
    who.postMessage(question, [port2]);
  });
}

/** A device is often set up while its worker is still on its way: who goes on at once stays in. */
async function workerThatComes() {
  const ready = navigator.serviceWorker?.ready ?? null;
  return (await workerOf()) ?? (await Promise.race([ready, pause(WORKER_WAIT)]))?.active ?? null;
}

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function handOver() {
  const who = await workerThatComes();
  worker ??= who;
  if (held && who) {
    const { owner, key, idle, seen } = held;
    await askWorker(who, { kind: "key-put", owner, key, idle, seen });
  }
}

function handOverNow() {
  if (!held || !worker) return;
  const { owner, key, idle, seen } = held;
  worker.postMessage({ kind: "key-put", owner, key, idle, seen });
}

let ending = null;

const once = (end) => (ending ??= end().finally(() => (ending = null)));

/** Lock, in every tab, once at a time. What is being written is kept first (`beforeLock`). */
export const lock = () => once(async () => {
  await close();
  (await workerOf())?.postMessage({ kind: "key-drop" });
  tell("locked");
});

/** Lock this page alone: somebody else is signed in, and what they have open stays so. */
const giveWay = () => once(close);

async function close() {
  await lastLetters();
  drop();
}

/** Whatever hangs there keeps no computer open. */
const lastLetters = () =>
  Promise.race([Promise.allSettled([...flushing].map((flush) => flush())), pause(LAST_LETTERS)]);

function drop() {
  const was = held !== null;
  held = null;
  if (was) for (const react of locking) react();
}

/** Leave the device: locked, and nobody's until somebody signs in. What is sealed stays sealed. */
export async function leave() {
  const owner = await currentOwner();
  await lock();
  if (owner) {
    await transact(["kits"], "readwrite", async (one) => {
      for (const { name } of await one.all("kits", owner)) {
        // A case half played and answers that are not sent ("play:…", "answers:…") are nobody else's copy.
        if (!name.includes(":")) await one.remove("kits", [owner, name]);
      }
    });
  }
  const who = await workerOf();
  if (who) await askWorker(who, { kind: "leave" });
  await remove("meta", CURRENT);
  await markDevice();
  sessionStorage.clear();
}

/** Call `flush` before the key goes, so that the last letters are sealed with it. */
export function beforeLock(flush) {
  flushing.add(flush);
  return () => flushing.delete(flush);
}

/** Call `react` when it is locked, wherever that was done: show nothing any more. */
export function onLock(react) {
  locking.add(react);
  return () => locking.delete(react);
}

/** Call `react` when another tab has opened it. */
export const onOpen = (react) => hear("opened", react);

// --- Nobody there ---------------------------------------------------------------------------------

const ACTIVE = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "focusin"];
let watching = false;
let told = 0;
let pinged = 0;

/** Clocks jump: further off than the idle time, on either side, is too long ago. */
const isIdle = () => Math.abs(Date.now() - held.seen) >= held.idle;

function watch() {
  if (watching) return;
  watching = true;
  for (const kind of ACTIVE) addEventListener(kind, noteActivity, { passive: true, capture: true });
  // Seldom enough to cost nothing; also asked when the lid opens, where timers have stood still.
  setInterval(look, 5000);
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
}

function look() {
  if (!held) return;
  if (isIdle()) return void lock();
  makeSure().catch(() => null); // this browser keeps nothing
  if (document.hidden || Date.now() - pinged < PING_EVERY) return;
  pinged = Date.now();
  if (worker) worker.postMessage({ kind: "seen", seen: held.seen });
  else handOver(); // it has been installed meanwhile
}

function noteActivity() {
  if (!held) return;
  if (isIdle()) return void lock(); // whoever comes back after hours does not open it by a touch
  held.seen = Date.now();
  if (held.seen - told < TOLD_EVERY) return;
  told = held.seen;
  tell("seen", { seen: held.seen });
  worker?.postMessage({ kind: "seen", seen: held.seen });
}

hear("seen", ({ seen }) => held && (held.seen = Math.max(held.seen, seen)));
hear("locked", ({ but }) => (held && held.owner === but) || giveWay());
let isBlank = false;
addEventListener("pagehide", ({ persisted }) => {
  handOverNow();
  if (!persisted || !held) return;
  // A page that lies in the browser's memory for "back" shows nothing, and opens anew.
  isBlank = document.body.hidden = true;
  held = null;
});
addEventListener("pageshow", () => isBlank && location.reload());
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data?.kind === "key-wanted") handOverNow();
});
navigator.serviceWorker?.ready.then(({ active }) => {
  worker ??= active;
  return handOver(); // it may have been installed after the key was opened
});
