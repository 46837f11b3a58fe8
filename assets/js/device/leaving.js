// Signing out, /enhed/log-ud/: stopped and explained while something here is not sent. After it nothing
// here can be read, and what waits stays sealed, for nobody but whoever wrote it. /enhed/fil/ saves what
// waits as a file, and brings the drafts of one here.
import { run } from "./delivery.js";
import { bringDrafts, saveFile, unsentRows } from "./escape.js";
import { complain, onSubmit, say, show } from "./forms.js";
import { ask, token } from "./server.js";
import { Full } from "./store.js";
import { ADDRESS, currentOwner, isOpen, isSetUp, leave, lock, Locked, meetServer } from "./vault.js";

/** Say in the lines of the page how much waits; whether anything does. */
async function tellWaiting(page) {
  const owner = await currentOwner();
  const found = owner ? await unsentRows(owner) : { records: [], drafts: [] };
  for (const [name, { length: count }] of Object.entries(found)) {
    const line = page.querySelector(`[data-count="${name}"]`);
    line.hidden = !count;
    line.textContent = say(page, count === 1 ? `one_${name}` : `many_${name}`, { count });
  }
  return found.records.length + found.drafts.length > 0;
}

/** Whether the server has ended the session: it says that nobody is signed in, and nothing less. */
async function endSession(address) {
  await fetch(address, {
    method: "POST",
    body: new URLSearchParams({ csrfmiddlewaretoken: token() }),
    credentials: "same-origin",
    redirect: "manual",
  }).catch(() => null);
  return ask("GET", ADDRESS).then(
    () => false,
    (failure) => failure.code === "sign_in",
  );
}

async function signOut(page) {
  show(page, "busy");
  if (!(await endSession(page.dataset.signOut))) return show(page, "failed");
  await leave();
  location.replace(page.dataset.home);
}

async function look(page) {
  try {
    await meetServer();
  } catch (failure) {
    // Where the time has run out, what is left is to leave the device.
    if (failure.code !== "sign_in") return show(page, "offline");
  }
  return (await tellWaiting(page)) ? show(page, "waiting") : signOut(page);
}

/** /enhed/log-ud/ */
export function tellLeaving(page) {
  look(page);
  page.addEventListener("click", async ({ target }) => {
    if ("anyway" in target.dataset) signOut(page);
    if ("again" in target.dataset) look(page);
    if ("send" in target.dataset) {
      if (!(await isOpen())) return location.assign(page.dataset.unlock);
      target.setAttribute("aria-disabled", "true");
      await run({ asked: true });
      target.removeAttribute("aria-disabled");
      await look(page);
    }
    if ("lock" in target.dataset) {
      await lock();
      location.assign(page.dataset.unlock);
    }
    if ("saveFile" in target.dataset) await save(page);
  });
}

async function save(page) {
  const file = await saveFile();
  const told = page.querySelector("[data-saved]");
  told.hidden = !file;
  if (file) told.querySelector("[data-text]").textContent = say(page, "saved", file);
}

/** /enhed/fil/ */
export async function offerFile(page) {
  if (!(await currentOwner())) await meetServer().catch(() => null);
  if (!(await currentOwner())) return show(page, "sign_in");
  if (!(await isSetUp())) return show(page, "not_set_up");
  const look = async () => show(page, (await tellWaiting(page)) ? "waiting" : "nothing", "bring");
  await look();
  page.querySelector("[data-save-file]").addEventListener("click", () => save(page));
  const form = page.querySelector("form");
  onSubmit(form, async (given) => {
    if (!(await isOpen())) return location.assign(page.dataset.unlock);
    try {
      const count = await bringDrafts(given.get("file"));
      form.reset();
      await look();
      const told = page.querySelector("[data-brought]");
      told.hidden = false;
      told.querySelector("[data-text]").textContent = say(page, count ? "brought" : "none_brought", { count });
      told.focus();
    } catch (failure) {
      if (failure.code === "reauthenticate" || failure.code === "sign_in") return show(page, failure.code);
      if (failure instanceof Locked) return location.assign(page.dataset.unlock);
      const code = failure instanceof Full ? "no_room" : failure.code;
      complain(form, [["file", say(page, code ?? "failed")]]);
    }
  });
}
