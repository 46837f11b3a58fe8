// The pages where a PIN is chosen, typed or forgotten: /enhed/klar/, /enhed/laas-op/, /enhed/kode/ and
// /enhed/glemt/. What the PIN opens is vault.js.
import { hasCprLike } from "./identity.js";
import { calm, complain, onSubmit, onwards, say, show } from "./forms.js";
import { hasKits, renewKits } from "./kits.js";
import { askToPersist } from "./room.js";
import { fetchShell, hasShell } from "./shell.js";
import { Full, NoStore } from "./store.js";
import {
  changePin,
  currentOwner,
  isOpen,
  isSetUp,
  isSignedOut,
  isSomebodys,
  lock,
  meetServer,
  onOpen,
  open,
  PinRefused,
  recover,
  setUp,
  Unfit,
  weakness,
  whoseDevice,
} from "./vault.js";

const LONGEST_NAME = 60;
/** So long whoever has set a device up waits for what it needs without net; the rest comes later. */
const PATIENCE = 10_000;

/** A new PIN, typed twice: what is wrong with it. */
function pinErrors(page, given) {
  const code = weakness(given.get("pin"));
  if (code) return [["pin", say(page, code)]];
  return given.get("pin") === given.get("again") ? [] : [["again", say(page, "differs")]];
}

/** Why it did not work, at the field `name` where it is about a PIN. */
function reasonOf(page, failure, name) {
  if (failure instanceof PinRefused) {
    const minutes = Math.ceil(failure.seconds / 60);
    return [name, say(page, failure.code, { minutes })];
  }
  if (failure instanceof Full || failure instanceof NoStore) return [null, say(page, "no_room")];
  if (failure instanceof Unfit) return [null, say(page, "unfit")];
  return [null, say(page, failure.code ?? "failed")];
}

function empty(form) {
  for (const field of form.querySelectorAll("input[type=password]")) field.value = "";
}

// --- Setting up -----------------------------------------------------------------------------------

/** A first name for the device: the browser and the system, as its owner would say it. */
function guessedName() {
  const { userAgent } = navigator;
  const browser = [["Firefox", /Firefox/], ["Edge", /Edg/], ["Chrome", /Chrom/], ["Safari", /Safari/]];
  const system = [["Android", /Android/], ["iPhone", /iPhone/], ["iPad", /iPad/], ["Windows", /Windows/], ["Mac", /Mac OS/], ["Linux", /Linux/]];
  const first = (list) => list.find(([, pattern]) => pattern.test(userAgent))?.[0];
  return [first(browser), first(system)].filter(Boolean).join(", ");
}

async function lookWhetherReady(page, form) {
  if (!globalThis.crypto?.subtle || !navigator.serviceWorker || !globalThis.indexedDB) {
    return show(page, "unfit");
  }
  try {
    const { key } = await meetServer();
    // The worker keeps the key between pages. Whoever has not signed in gets none.
    fetchShell().catch(() => null); // tried again when it is needed
    if (await isSetUp()) return showReady(page);
    show(page, key ? "form" : "not_ready");
    if (key && !form.elements.name.value) form.elements.name.value = guessedName();
  } catch (failure) {
    if (failure.code === "offline" && (await isSetUp())) return showReady(page);
    show(page, failure instanceof NoStore ? "unfit" : failure.code === "sign_in" ? "sign_in" : "offline");
  }
}

async function showReady(page) {
  const row = await whoseDevice();
  page.querySelector("[data-name]").textContent = row.name;
  for (const said of page.querySelectorAll("[data-kind]")) {
    said.hidden = said.dataset.kind !== (row.shared ? "shared" : "own");
  }
  fetchWhatItNeeds(page);
  show(page, "ready");
}

/** Fetch what it needs without net, and say so as long as it has not got that. */
async function fetchWhatItNeeds(page) {
  const owner = await currentOwner();
  const tell = async () => {
    const isWhole = (await hasShell()) && (await hasKits(owner));
    for (const said of page.querySelectorAll("[data-not-whole]")) said.hidden = isWhole;
  };
  await tell();
  await Promise.allSettled([renewKits(owner), fetchShell()]);
  await tell();
}

/** /enhed/klar/ */
export function tellReady(page) {
  const form = page.querySelector("form");
  lookWhetherReady(page, form);
  page.querySelector("[data-again]").addEventListener("click", () => lookWhetherReady(page, form));
  onSubmit(form, async (given) => {
    const name = given.get("name").trim();
    const errors = [];
    if (!given.get("kind")) errors.push(["kind", say(page, "choose")]);
    if (!name || [...name].length > LONGEST_NAME) errors.push(["name", say(page, "name")]);
    else if (hasCprLike(name)) errors.push(["name", say(page, "cpr_like")]);
    errors.push(...pinErrors(page, given));
    if (errors.length) return complain(form, errors);
    const isKept = await askToPersist();
    try {
      await setUp({ pin: given.get("pin"), shared: given.get("kind") === "shared", name });
    } catch (failure) {
      if (failure.code === "exists") return lookWhetherReady(page, form);
      return complain(form, [reasonOf(page, failure, "pin")]);
    }
    // "Ready, also without net" is said once that holds.
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    await Promise.race([fetchWhatItNeeds(page), late]);
    empty(form);
    const next = onwards("");
    const link = page.querySelector("[data-next]");
    if (next) link.href = next;
    page.querySelector("[data-not-kept]").hidden = isKept;
    show(page, "done");
    page.querySelector("[data-when=done] h2").focus();
  });
}

// --- Opening --------------------------------------------------------------------------------------

/** /enhed/laas-op/; also as a part of any other page of the device. */
export async function tellLocked(page) {
  const form = page.querySelector("form");
  const goOn = () => location.replace(onwards(page.dataset.home));
  if (!(await isSomebodys())) return show(page, "not_set_up");
  if (!(await currentOwner())) {
    // Whoever signed out opens it after signing in: the server says who that is.
    await meetServer().catch(() => null);
    if (!(await currentOwner())) return show(page, "sign_in");
  }
  if (!(await isSetUp())) return show(page, "not_set_up");
  if (await isOpen()) return goOn();
  onOpen(goOn);
  show(page, "form");
  form.elements.pin.focus();
  onSubmit(form, async (given) => {
    try {
      await open(given.get("pin"));
    } catch (failure) {
      empty(form);
      return complain(form, [reasonOf(page, failure, "pin")]);
    }
    empty(form);
    goOn();
  });
}

/** The button that locks every tab. */
export async function offerLock(page) {
  const button = page.querySelector("button");
  page.hidden = !(await isSetUp()) || !(await isOpen());
  onOpen(() => (page.hidden = false));
  button.addEventListener("click", async () => {
    await lock();
    location.assign(page.dataset.locked);
  });
}

// --- Another PIN ----------------------------------------------------------------------------------

async function withDevice(page, form) {
  if (await isSignedOut()) return show(page, "sign_in");
  if (!(await isSetUp())) return show(page, "not_set_up");
  show(page, "form");
  form.querySelector("input").focus();
}

function tellDone(page, form) {
  empty(form);
  calm(form);
  show(page, "done");
  page.querySelector("[data-when=done] h2").focus();
}

/** /enhed/kode/ */
export function tellChangePin(page) {
  const form = page.querySelector("form");
  withDevice(page, form);
  onSubmit(form, async (given) => {
    const errors = pinErrors(page, given);
    if (errors.length) return complain(form, errors);
    try {
      await changePin(given.get("old"), given.get("pin"));
    } catch (failure) {
      return complain(form, [reasonOf(page, failure, "old")]);
    }
    tellDone(page, form);
  });
}

/** /enhed/glemt/ */
export async function tellForgotten(page) {
  const form = page.querySelector("form");
  if (await isSomebodys()) await meetServer().catch(() => null);
  await withDevice(page, form);
  onSubmit(form, async (given) => {
    const errors = pinErrors(page, given);
    if (errors.length) return complain(form, errors);
    try {
      await recover(given.get("pin"));
    } catch (failure) {
      if (failure.code === "reauthenticate" || failure.code === "sign_in") return show(page, failure.code);
      return complain(form, [reasonOf(page, failure, "pin")]);
    }
    tellDone(page, form);
  });
}
