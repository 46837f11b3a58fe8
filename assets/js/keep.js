// Switching language in the middle of a form loses nothing. What is typed stays on this device: it
// waits in sessionStorage until the same form is drawn in the other language; on a shared computer in
// the memory of the service worker, for a browser writes sessionStorage to the disk.
import { tellChange } from "./fields.js";
import { flag } from "./here.js";
import { recall, remember } from "./tab.js";

const KEY = "sidemand.typed";
const LONGEST_WAIT = 30 * 60 * 1000;
const NOT_KEPT = new Set(["hidden", "password", "file", "submit", "button"]);

export const owner = () => document.querySelector("[data-language-switch]")?.dataset.owner ?? "";

/** A form is the same in both languages: by its id, else by its address without the language. */
function nameOf(form) {
  return form.id || new URL(form.action, location.href).pathname.replace(/^\/[a-z]{2}\//, "/");
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !NOT_KEPT.has(field.type));
}

export function isDirty(field) {
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  if (field.options) {
    const drawn = [...field.options].some((option) => option.defaultSelected);
    return [...field.options].some((option, index) =>
      option.selected !== (drawn ? option.defaultSelected : !field.multiple && index === 0));
  }
  return field.value !== field.defaultValue;
}

function read(form) {
  const places = {};
  return fieldsOf(form).map((field) => {
    const place = (places[field.name] = (places[field.name] ?? -1) + 1);
    const chosen = field.options
      ? [...field.options].filter((option) => option.selected).map((option) => option.value)
      : null;
    return { name: field.name, place, value: field.value, checked: field.checked, chosen };
  });
}

function write(form, kept) {
  const fields = fieldsOf(form);
  for (const { name, place, value, checked, chosen } of kept) {
    const named = fields.filter((one) => one.name === name);
    // Choices may stand in another order when the form is drawn again: their value names them.
    const isChoice = (one) => one.type === "checkbox" || one.type === "radio";
    const field = named.find((one) => isChoice(one) && one.value === value) ?? named[place];
    if (!field) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else if (chosen && field.options) {
      for (const option of field.options) option.selected = chosen.includes(option.value);
    } else field.value = value;
    tellChange(field);
  }
}

function keptForms() {
  // A form that came back with errors carries what was typed as its first value.
  const answered = document.querySelector(".error-summary") !== null;
  return [...document.querySelectorAll("main form")]
    .filter((form) => answered || fieldsOf(form).some(isDirty))
    .map((form) => [nameOf(form), read(form)]);
}

const sharedMemory = () => (flag() === "shared" ? navigator.serviceWorker?.controller : null);

/** Whether what was typed is kept; null forgets. */
function put(typed) {
  sharedMemory()?.postMessage({ kind: "typed-put", typed });
  return remember(KEY, sharedMemory() ? null : typed);
}

function restore() {
  const memory = sharedMemory();
  if (!memory) return giveBack(recall(KEY));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => giveBack(data);
  memory.postMessage({ kind: "typed-get" }, [port2]);
}

function giveBack(kept) {
  if (!kept) return;
  if (Date.now() - kept.at > LONGEST_WAIT) return put(null);
  if (kept.owner !== owner()) return; // perhaps a sign-in page on the way: it waits
  const forms = new Map([...document.querySelectorAll("main form")].map((form) => [nameOf(form), form]));
  const found = kept.forms.filter(([name]) => forms.has(name));
  for (const [name, fields] of found) write(forms.get(name), fields);
  if (found.length) put(null);
}

export function keepOnLanguageSwitch() {
  restore();
  document.addEventListener("submit", ({ target }) => {
    if ("signOut" in target.dataset) put(null);
    if (!("languageSwitch" in target.dataset)) return;
    const forms = keptForms();
    // Where it could not be kept, the guard against leaving with something unsaved still asks.
    if (forms.length && !put({ at: Date.now(), owner: owner(), forms })) return;
    target.dataset.nothingLost = "";
  });
}
