// Runs in the service worker and keeps the open key from one page to the next: in its memory alone.
// A browser that is closed, or a worker that has slept, has forgotten it.
import { hear, tell } from "./channel.js";
import { readMeta, remove, writeMeta } from "./store.js";

/** In `meta`: who is signed in, as the server calls them. Nobody else's key opens. */
export const CURRENT = "owner";
/** A page that is about to go may still hand its key over. */
const HAND_OVER = 700;

let kept = null; // { owner, key, idle, seen }: the key, and when somebody was last there
let waiting = [];
let drops = 0;
let typed = null; // in a form of the server while its language is switched (keep.js)

function drop() {
  kept = typed = null;
  drops += 1;
}

/** Clocks jump: whatever lies further off than the idle time, on either side, is too long ago. */
const isFresh = (one) => one !== null && Math.abs(Date.now() - one.seen) < one.idle;

/** A key that arrives late, from a page that is going, opens nothing that was locked meanwhile. */
async function put({ owner, key, idle, seen }) {
  const before = drops;
  const current = await readMeta(CURRENT);
  if (current !== owner || drops !== before) return;
  kept = { owner, key, idle, seen };
  for (const wake of waiting.splice(0)) wake();
}

async function give(owner, clients) {
  if (!isFresh(kept)) {
    drop();
    const others = await clients.matchAll({ type: "window", includeUncontrolled: true });
    for (const one of others) one.postMessage({ kind: "key-wanted" });
    await new Promise((resolve) => {
      waiting.push(resolve);
      setTimeout(resolve, HAND_OVER);
    });
  }
  if (!isFresh(kept) || kept.owner !== owner) return null;
  const { key, idle, seen } = kept;
  return { key, idle, seen };
}

/** Somebody is signed in: whoever was here before has left. */
async function meet(owner) {
  if (!owner) return;
  const before = await readMeta(CURRENT);
  if (before === owner && (!kept || kept.owner === owner)) return;
  try {
    await writeMeta(CURRENT, owner);
  } finally {
    // Also where nothing is kept here: their pages may hold a key that a worker which slept has forgotten.
    tell("locked", { but: owner });
    drop();
  }
}

async function leave() {
  drop();
  tell("locked");
  await remove("meta", CURRENT);
}

export function keepKey(worker) {
  worker.addEventListener("message", (event) => {
    const { kind, ...said } = event.data ?? {};
    const [port] = event.ports;
    const answer = (promise) => event.waitUntil(promise.then((told) => port?.postMessage(told)));
    if (kind === "key-put") answer(put(said));
    else if (kind === "key-get") answer(give(said.owner, worker.clients));
    else if (kind === "key-drop") drop();
    else if (kind === "typed-put") typed = said.typed;
    else if (kind === "typed-get") port?.postMessage(typed);
    else if (kind === "seen" && kept) kept.seen = Math.max(kept.seen, said.seen);
    else if (kind === "who") answer(meet(said.owner));
    else if (kind === "leave") answer(leave());
  });
  hear("locked", ({ but }) => (kept && kept.owner === but) || drop());
}
