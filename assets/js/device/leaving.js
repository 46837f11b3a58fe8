// Signing out, /enhed/log-ud/: stopped and explained while something here is not sent. After it nothing
// here can be read, and what waits stays sealed, for nobody but whoever wrote it. /enhed/fil/ saves what
// waits as a file.
import { saveFile } from "./escape.js";
import { say, show } from "./forms.js";
import { isUnsent, rowsOf, run } from "./queue.js";
import { ask, token } from "./server.js";
import { all } from "./store.js";
import { ADDRESS, currentOwner, isOpen, isSetUp, leave, lock, meetServer } from "./vault.js";

/** How much waits: records that the server may not have, and drafts that are not in the bin. */
async function waiting() {
  const owner = await currentOwner();
  if (!owner) return { records: 0, drafts: 0 };
  const [records, drafts] = [await rowsOf(owner), await all("drafts", owner)];
  return {
    records: records.filter(isUnsent).length,
    drafts: drafts.filter((row) => !row.deleted_at).length,
  };
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
  const { records, drafts } = await waiting();
  for (const [name, count] of Object.entries({ records, drafts })) {
    const line = page.querySelector(`[data-count="${name}"]`);
    line.hidden = !count;
    line.textContent = say(page, count === 1 ? `one_${name}` : `many_${name}`, { count });
  }
  page.querySelector("[data-save]").hidden = !records;
  if (records || drafts) return show(page, "waiting");
  return signOut(page);
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
  const count = await saveFile();
  const told = page.querySelector("[data-saved]");
  told.hidden = !count;
  told.querySelector("[data-text]").textContent = say(page, "saved", { count });
}

/** /enhed/fil/ */
export async function offerFile(page) {
  if (!(await currentOwner())) await meetServer().catch(() => null);
  if (!(await currentOwner())) return show(page, "sign_in");
  if (!(await isSetUp())) return show(page, "not_set_up");
  const { records: count } = await waiting();
  page.querySelector("[data-count]").textContent = say(page, count === 1 ? "one_records" : "many_records", { count });
  show(page, count ? "waiting" : "nothing");
  page.querySelector("[data-save-file]").addEventListener("click", () => save(page));
}
