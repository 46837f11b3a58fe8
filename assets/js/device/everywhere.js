// What every page says on a browser that was set up as somebody's device: "2 ikke sendt", and a button
// that locks. It stays open while somebody is there (vault.js).
import { renewKits } from "./kits.js";
import { subscribe, unsentOf } from "./rows.js";
import { fetchShell, hasShell } from "./shell.js";
import { get } from "./store.js";
import { currentOwner, isOpen, isSetUp, lock, markDevice } from "./vault.js";

/** What the page itself asks for goes first. */
const FETCH_AFTER = 3_000;

/** Whose page it is, as the server has drawn it; on a page of the device whoever has signed in. */
const ownerHere = async () => document.querySelector("[data-person]")?.dataset.person ?? currentOwner();

/** Counted in what lies here, whichever page is open. */
async function tellUnsent(link) {
  const owner = await ownerHere();
  const { count } = owner ? await unsentOf(owner) : { count: 0 };
  link.hidden = !count;
  link.firstElementChild.textContent = count;
}

/** What the pages of the device need without net is here, also of those that were never opened. */
async function keepReady() {
  if (!navigator.onLine || !(await isSetUp())) return;
  if (!(await hasShell())) fetchShell().catch(() => null); // a link broke, another may hold
  if (await isOpen()) await renewKits(await currentOwner());
}

/** Whoever has nothing here that could be locked is not asked to. */
async function tellLock(link) {
  const owner = await ownerHere();
  link.hidden = !owner || !(await get("owners", owner));
}

export function tellEverywhere() {
  markDevice().catch(() => null); // this browser keeps nothing
  setTimeout(() => keepReady().catch(() => null), FETCH_AFTER);
  for (const link of document.querySelectorAll("[data-unsent]")) {
    const tell = () => tellUnsent(link).catch(() => null); // this browser keeps nothing
    tell();
    subscribe(tell);
  }
  for (const link of document.querySelectorAll("[data-lock-device]")) {
    tellLock(link).catch(() => null);
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      await lock();
      location.assign(link.href);
    });
  }
}
