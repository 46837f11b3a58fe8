// What every page of the outbox asks first: is this device set up, is it open, and does it send?
import { halted, pausedUntil } from "./delivery.js";
import { currentOwner, isOpen, isSetUp, isSignedOut, meetServer, onLock, onOpen } from "./vault.js";
import { momentOf, part, show, slot, words } from "./words.js";

const CLOSED = ["not-set-up", "signed-out", "locked"];

/** Give the owner once what lies here can be read; shows what is in the way until then. */
export async function whenOpen(page) {
  // Whoever has signed in since is named by the server.
  if (await isSignedOut()) await meetServer().catch(() => null);
  if (await isSignedOut()) {
    comeBack(slot(page, "enter"), "next");
    show(page, CLOSED, ["signed-out"]);
    return new Promise(() => null);
  }
  if (!(await isSetUp())) {
    comeBack(slot(page, "ready"));
    show(page, CLOSED, ["not-set-up"]);
    return new Promise(() => null);
  }
  // Whatever is shown goes with the key; what was written is kept by then.
  onLock(() => location.reload());
  if (!(await isOpen())) {
    comeBack(slot(page, "unlock"));
    show(page, CLOSED, ["locked"]);
    await new Promise((resolve) => onOpen(resolve));
  }
  show(page, CLOSED, []);
  return currentOwner();
}

/** Let a link lead on to this very page afterwards. */
function comeBack(link, name = "videre") {
  const here = location.pathname + location.search;
  link.href = `${new URL(link.href).pathname}?${name}=${encodeURIComponent(here)}`;
}

/** Say why nothing is sent just now, if so. */
export async function tellHalt(page, owner) {
  const halt = await halted(owner);
  const box = part(page, "halted");
  box.hidden = !halt;
  if (halt) {
    const [why, todo] = words.halts[halt.why] ?? words.halts.forbidden;
    slot(box, "why").textContent = why;
    slot(box, "todo").textContent = todo;
    slot(box, "sign-in").hidden = halt.why === "closed";
  }
  const until = await pausedUntil(owner);
  part(page, "paused").hidden = until <= Date.now();
  slot(page, "until").textContent = momentOf(until);
}
