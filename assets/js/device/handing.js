// The server's own log form on a device that is set up: what is written there goes to the page of the
// device, which keeps every letter. While the device is locked, the form stays as it is and says so.
import { keep } from "./drafts.js";
import { kitOf, renewKit } from "./kits.js";
import { fieldsOf } from "./session.js";
import { isDirty } from "../keep.js";
import { currentOwner, isOpen, isSetUp, onOpen } from "./vault.js";

/** `part` names, beside its form, where the page of the device lies (`data-log`). */
export async function takeOver(part) {
  if (!(await isSetUp())) return;
  const form = document.getElementById("session");
  // With errors it has been sent already, and its answer is what counts.
  if (!form || document.querySelector(".error-summary, .alert-warm")) return;
  if (!(await isOpen())) {
    part.hidden = false;
    await new Promise((resolve) => onOpen(resolve));
    part.hidden = true;
  }
  const owner = await currentOwner();
  const kit = (await kitOf(owner, "log")) ?? (await renewKit(owner, "log"));
  const ids = Object.fromEntries(
    ["pairing", "session", "version", "parent"].map((name) => [name, form.elements[name]?.value || null]),
  );
  if (!kit?.pairings.some(({ id }) => id === ids.pairing)) return;
  const address = new URL(part.dataset.log, location.href);
  const isWritten = [...form.elements].some((field) => field.name && field.type !== "hidden" && isDirty(field));
  if (ids.parent || isWritten) {
    const draft = { ...ids, joins: null, fields: fieldsOf(form), label: document.title };
    const { id } = await keep(crypto.randomUUID(), "session", draft, 0);
    address.search = `?kladde=${id}`;
  } else address.search = location.search;
  // It is kept: the browser need not ask whether one may leave.
  form.dataset.kept = "";
  location.replace(address);
}
