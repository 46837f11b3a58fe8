// Sends what waits, one record after the other, until each has its own receipt. One failure never
// stops the rest, and one tab sends at a time. docs/outbox.md tells what each answer means.
import { judge } from "./answers.js";
import { putBy } from "./reserve.js";
import { alter, BLANK, changed, isUnsent, letterOf, PATIENCE, readable, rowsOf, stateOf, unsentOf } from "./rows.js";
import { ask, token } from "./server.js";
import { Full, get, readMeta, remove, writeMeta } from "./store.js";
import {
  ADDRESS,
  author,
  currentOwner,
  deviceId,
  isOpen,
  isSetUp,
  Locked,
  meetServer,
  nameOf,
  onOpen,
  seal,
  tellContact,
} from "./vault.js";

const LOCK = "sidemand-queue";
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 600_000;
/** A server may ask for a pause; an hour is long enough, whatever a network makes of it. */
const LONGEST_PAUSE = 3_600_000;
/** So many cuts one after the other: there is no net, and the pass ends. */
const CUTS = 2;

/** How long to wait after so many failures: 5 s doubling to 10 min, and not all devices at once. */
export function waitAfter(failures, chance = Math.random()) {
  const doubled = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, failures - 1));
  return Math.min(LONGEST_WAIT, Math.round(doubled * (0.8 + 0.4 * chance)));
}

let timer = null;
let broken = 0; // passes in a row that ended without net, or without somebody signed in
let quietUntil = 0;
let isSeen = false; // something has happened that tells of net: what was cut is due

const pauseOf = (owner) => `pause:${owner}`;
const haltOf = (owner) => `halt:${owner}`;
/** Which database an owner met last; an earlier client noted one for the whole browser, as "database". */
const databaseOf = (owner) => `database:${owner}`;

/** Why nothing is sent: `{ why, at }`, or undefined. "sign_in", "closed", "other_owner", … */
export const halted = (owner) => readMeta(haltOf(owner));

/** Until when the server asked for a pause; 0 for none. */
export async function pausedUntil(owner) {
  const until = (await readMeta(pauseOf(owner))) ?? 0;
  return until - Date.now() > LONGEST_PAUSE ? 0 : until; // a clock that was set back waits no year
}

/**
 * Send what is due, in one tab at a time. `asked`: somebody pressed "Send now", so what waits for
 * its turn is due too; a pause that the server asked for is kept all the same.
 */
export function run({ asked = false } = {}) {
  clearTimeout(timer);
  timer = null;
  if (!navigator.locks) return pass(asked).finally(plan);
  const way = asked ? {} : { ifAvailable: true };
  return navigator.locks.request(LOCK, way, (lock) => (lock ? pass(asked) : null)).finally(plan);
}

async function pass(asked) {
  const owner = await currentOwner();
  if (!owner || !(await isOpen())) return;
  const seen = isSeen;
  isSeen = false;
  if (asked) quietUntil = 0;
  const done = new Set();
  let cuts = 0;
  let [isReached, isQuiet] = [false, false];
  for (;;) {
    const now = Date.now();
    isQuiet = (await pausedUntil(owner)) > now || quietUntil > now;
    if (isQuiet) break;
    const id = await nextDue(owner, now, { asked, seen }, done);
    if (!id) break;
    done.add(id);
    const outcome = await send(id, owner, seen).catch(withoutRoom);
    cuts = outcome === "cut" ? cuts + 1 : 0;
    if (outcome !== "cut") isReached = outcome !== "stop";
    if (outcome === "stop" || cuts >= CUTS) {
      broken += 1;
      quietUntil = Date.now() + waitAfter(broken);
      isQuiet = true;
      break;
    }
    if (outcome !== "cut") broken = 0;
  }
  if (!isQuiet && cuts === 0) await contact(owner, isReached);
}

/** A device so full that not even a try can be marked rests as one without net. */
function withoutRoom(failure) {
  if (!(failure instanceof Full)) throw failure;
  return "stop";
}

/** The next row to send: nothing before what it rests on, nothing twice in a pass. */
async function nextDue(owner, now, { asked, seen }, done) {
  const rows = await rowsOf(owner);
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const row of rows) {
    if (!isUnsent(row) || row.reason || done.has(row.id)) continue;
    const isDue = asked || (seen && row.failed === "network");
    if (!isDue && row.next_at > now && row.next_at - now <= LONGEST_PAUSE) continue;
    const first = known.get(row.after);
    if (first && !first.receipt && first.reason !== "conflict") {
      // Looked at again in the next pass, with what it rests on then.
      if (first.reason || (!row.frozen_at && failsAlone(first, rows))) await restOn(row, first).catch(withoutRoom);
      continue;
    }
    return row.id;
  }
  return null;
}

/** Whether the server fails on this one each time, and has taken another one since it began to. */
function failsAlone(row, rows) {
  const isSince = (one) => one.receipt && one.changed_at > row.failing_since;
  return !row.reason && stateOf(row) === "attention" && rows.some(isSince);
}

/**
 * What `row` was made from was refused, or the server fails on it alone: it lies nowhere but here. Name
 * what that was made from, and settle what that settled.
 */
async function restOn(row, first) {
  const [letter, refused] = await Promise.all([row, first].map((one) => readable(letterOf(one))));
  if (row.frozen_at || !letter || !refused) {
    // Its author decides.
    await settle(row.id, { reason: letter ? "parent_unknown" : "unreadable", failed: null });
    return;
  }
  const { parent = null, joins = null } = refused.body;
  const body = { ...letter.body, parent, joins: letter.body.joins ?? joins };
  const by = await author(row.owner);
  const sealed = await seal({ ...letter, body }, nameOf("records", row.owner, row.id), by);
  await alter(row.id, (now) => (now.frozen_at ? null : { ...now, sealed, after: first.after }));
  await alter(first.id, (now) => ({ ...now, replaced_by: row.id }));
}

/** What a failure leaves in a row: the wait doubles as long as it is the same, and begins anew with another. */
function failing(row, why, isFirst = false) {
  const failures = row.failed === why && !isFirst ? (row.failures ?? row.attempts - 1) + 1 : 1;
  const now = Date.now();
  const failing_since = failures === 1 ? now : row.failing_since;
  return { failed: why, failures, failing_since, next_at: now + waitAfter(failures) };
}

/** Try one record. "received", "attention", "again", "cut" or "stop". */
async function send(id, owner, seen) {
  // From here on it is frozen: whatever becomes of the try, another text is another version.
  const row = await alter(id, (now) => {
    const at = Date.now();
    const tried = { attempts: now.attempts + 1, sending_at: at, frozen_at: now.frozen_at ?? at };
    return now.receipt || now.reason ? null : { ...now, ...tried };
  });
  if (!row) return "again";
  let letter;
  try {
    letter = await letterOf(row);
  } catch (failure) {
    const locked = failure instanceof Locked;
    await settle(id, locked ? { attempts: row.attempts - 1 } : { reason: "unreadable" });
    return locked ? "stop" : "attention";
  }
  let response;
  try {
    response = await fetch(letter.url, {
      method: letter.method,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": token(),
        "X-Sidemand-Owner": owner,
      },
      body: JSON.stringify(letter.body),
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    await settle(id, failing(row, "network", seen));
    return "cut";
  }
  const verdict = await judge(response, letter.expected);
  const database = response.headers.get("X-Sidemand-Database");
  return act(id, owner, row, letter, verdict, database);
}

async function act(id, owner, row, letter, verdict, database) {
  const now = Date.now();
  if (verdict.reason === "conflict") verdict = settledByOthers(verdict, letter) ?? verdict;
  if (verdict.receipt) {
    const { code, received_at } = verdict.receipt;
    const sealed = await sealAnswer(row, letter, verdict.receipt);
    await settle(id, { receipt: { code, received_at, database }, failed: null, ...sealed });
    await cameThrough(owner, database);
    return "received";
  }
  if (verdict.reason === "parent_unknown" && (await isOnItsWay(row.after))) verdict = { again: "unclear" };
  if (verdict.reason) {
    const sealed = await sealAnswer(row, letter, verdict.answer);
    await settle(id, { reason: verdict.reason, failed: null, database, ...sealed });
    await cameThrough(owner, database);
    return "attention";
  }
  if (verdict.wait) {
    const until = now + Math.min(verdict.wait * 1000, LONGEST_PAUSE);
    await writeMeta(pauseOf(owner), until);
    await settle(id, { failed: "busy", next_at: until });
    return "again";
  }
  if (verdict.stop) {
    await settle(id, { attempts: row.attempts - 1 });
    await writeMeta(haltOf(owner), { why: await whyStopped(verdict.stop), at: now });
    // The answer says who is signed in; whoever was before is locked out of this page by it.
    if (verdict.stop !== "second_factor") await meetServer().catch(() => null);
    changed({});
    return "stop";
  }
  await settle(id, failing(row, verdict.again));
  return "again";
}

/** Signed out for now, or for good: a device may ask whether its owner's account is closed. */
async function whyStopped(stop) {
  if (stop !== "sign_in") return stop;
  try {
    const { account } = await ask("POST", `${ADDRESS}standing/`, { device: await deviceId() });
    return account === "closed" ? "closed" : stop;
  } catch {
    return stop;
  }
}

/** Whoever has left does not see the other version: theirs has arrived, and those who stay choose. */
function settledByOthers({ answer }, { expected }) {
  const isKept = answer.receipt?.sha256 === expected.sha256 && answer.receipt.session === expected.session;
  return !answer.current && isKept ? { receipt: answer.receipt } : null;
}

const settle = (id, facts) => alter(id, (now) => ({ ...now, sending_at: null, ...facts }));

const sealAnswer = async (row, letter, answer) => ({
  sealed: await seal({ ...letter, answer }, nameOf("records", row.owner, row.id), await author(row.owner)),
});

async function isOnItsWay(id) {
  const row = id && (await get("records", id));
  return Boolean(row) && !row.receipt && !row.reason;
}

/**
 * An answer of the site itself: somebody is signed in, and this is the database it answers from.
 * Whether that is another one than before.
 */
async function cameThrough(owner, database) {
  if (await halted(owner)) {
    await remove("meta", haltOf(owner));
    changed({}); // the pages say no more that nothing is sent
  }
  if (!database || (await readMeta(databaseOf(owner))) === database) return false;
  await sendAnewTo(owner, database);
  // Not before: a device that is killed in the middle, or has no room, begins anew.
  await writeMeta(databaseOf(owner), database);
  return true;
}

/**
 * The database was restored from a backup and bears another name. What it gave receipts for after
 * the backup it does not have any more: send it again. What it has it answers with the same receipt.
 * What it kept beside another version, and what stood there until somebody chose, is no less lost.
 */
async function sendAnewTo(owner, database) {
  const rows = await rowsOf(owner);
  const isFromHere = ({ receipt, reason, database: from }) =>
    receipt ? receipt.database === database : reason !== "conflict" || from === database;
  for (const row of rows.filter((one) => !isFromHere(one))) {
    const fresh = { receipt: null, reason: null, replaced_by: null, failed: null, failures: 0, next_at: 0 };
    await alter(row.id, (now) =>
      isFromHere(now) ? null : { ...now, ...fresh, earlier: now.receipt ?? now.earlier });
  }
}

/**
 * What stood beside another version, and does not any more, was settled elsewhere: it has arrived,
 * also where a third version of its session is still to be chosen about. `beside` are the pairs that
 * stand side by side in `database`, as asked for at `asked`.
 */
export async function settleConflicts(owner, beside, asked, database) {
  const open = new Set(beside.flatMap(({ kept, current }) => [kept.version, current.version]));
  let isSettled = false;
  for (const row of await rowsOf(owner)) {
    if (row.reason !== "conflict" || row.receipt || row.changed_at > asked) continue;
    const { answer, expected } = (await readable(letterOf(row))) ?? BLANK;
    if (!answer?.receipt || answer.receipt.sha256 !== expected.sha256) continue;
    const { version = expected.version, code, received_at } = answer.receipt;
    if (open.has(version)) continue;
    await alter(row.id, (now) => ({ ...now, reason: null, receipt: { code, received_at, database } }));
    isSettled = true;
  }
  if (isSettled) run(); // fewer wait: the server hears of it
}

/** Look whether the site answers from another database, where another request has learnt of it. */
export async function meetDatabase(owner, database) {
  if (await cameThrough(owner, database)) run();
}

// --- When -----------------------------------------------------------------------------------------

/** Come back when the next one is due. */
async function plan() {
  const owner = await currentOwner().catch(() => null);
  if (!owner || !(await isOpen().catch(() => false))) return;
  const rows = await rowsOf(owner);
  const waiting = rows.filter((row) => isUnsent(row) && !row.reason);
  if (!waiting.length || timer) return;
  // What rests on another one is due when that has arrived, or is refused.
  const onTheirWay = new Set(rows.filter((row) => !row.receipt && !row.reason).map(({ id }) => id));
  const first = waiting.filter((row) => !onTheirWay.has(row.after));
  const due = isSeen ? 0 : Math.min(...first.map((row) => row.next_at));
  const at = Math.max(due, quietUntil, await pausedUntil(owner));
  const delay = Math.min(Math.max(at - Date.now(), 1000), LONGEST_WAIT);
  timer = setTimeout(run, delay);
}

const contactOf = (owner) => `contact:${owner}`;
const TOLD_EVERY = 3_600_000;
const DAY = 24 * TOLD_EVERY;

/**
 * Tell the server how many wait here, and since when: never what they say. When the number has changed,
 * hourly while some are on their way, else once a day: so it is known when the device last had net,
 * also where nothing is sent any more.
 */
async function contact(owner, isReached) {
  const { count, since } = await unsentOf(owner);
  const told = (await readMeta(contactOf(owner))) ?? {};
  const isWithin = (time, at = 0) => Math.abs(Date.now() - at) < time;
  if (told.count === count && isWithin(count && isReached ? TOLD_EVERY : DAY, told.at)) return;
  // Without net, or signed out, not with each page that is opened.
  if (!isReached && (!navigator.onLine || isWithin(LONGEST_WAIT, told.tried_at))) return;
  try {
    await tellContact({ unsent: count, oldest_at: since ? new Date(since).toISOString() : null });
    await writeMeta(contactOf(owner), { count, at: Date.now() });
  } catch {
    await writeMeta(contactOf(owner), { ...told, tried_at: Date.now() }).catch(() => null); // next time
  }
}

/** Begin: now, when the page is seen again, when there is net, and on time. No more is relied on. */
export async function start() {
  if (!(await isSetUp().catch(() => false))) return;
  const now = () => {
    broken = 0;
    quietUntil = 0;
    isSeen = true; // also where a try that hangs holds the lock just now: it ends, and then it is due
    run();
  };
  addEventListener("online", now);
  addEventListener("pageshow", (event) => event.persisted && now());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
  onOpen(now);
  now();
  putBy();
}
