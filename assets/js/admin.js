// Wagtail's admin: what looks like a citizen's number never leaves the device, and what is saved by
// hand waits for what the editor saves by itself. It sends by form, but also through fetch or jQuery:
// what it saves, previews and searches.
import { hasCprLike } from "./identity.js";

const { cpr: message } = document.currentScript.dataset;
const NO_TEXT = ["password", "checkbox", "radio", "submit", "button", "image", "reset"];
const ANSWER = {
  error: "cpr_like",
  message,
  success: false,
  error_code: "validation_error",
  error_message: message,
  is_valid: false,
  is_available: true,
};

// --- What would be sent ---

function texts(value) {
  if (value instanceof FormData || value instanceof URLSearchParams) {
    return [...value].filter(([name]) => !/password|csrf/.test(name)).flatMap((pair) => pair.flatMap(texts));
  }
  if (value instanceof File) return [value.name];
  return typeof value === "string" ? [value] : [];
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text; // no part of an address
  }
}

/** What was taken out of a page is still in its form: a number in there is not sent either. */
function forgetRemoved(body) {
  for (const [name, value] of body) {
    const row = /^(.+-)(?:deleted|DELETE)$/.exec(name)?.[1];
    if (!row || !["1", "on"].includes(value)) continue;
    for (const [inside, text] of [...body]) {
      if (!inside.startsWith(row) || !texts(text).some(hasCprLike)) continue;
      body.set(inside, "");
      for (const field of document.getElementsByName(inside)) field.value = "";
    }
  }
}

function holdsNumber(url, body) {
  if (body instanceof FormData) forgetRemoved(body);
  const { search } = new URL(url, document.baseURI);
  const found = [...texts(new URLSearchParams(search)), ...texts(body)];
  return found.some((text) => hasCprLike(text) || hasCprLike(decoded(text)));
}

// --- What is said ---

function marked() {
  const fields = [...document.querySelectorAll("input, textarea")].filter(
    (field) => !NO_TEXT.includes(field.type) && !/password|csrf/.test(field.name),
  );
  return fields.filter((field) => {
    const found = hasCprLike(field.type === "file" ? (field.files[0]?.name ?? "") : field.value);
    mark(field, found);
    return found;
  });
}

/** Wagtail's own look of an error, above the field; it goes when the number has gone. */
function mark(field, found) {
  const place = field.closest("[data-contentpath], .w-field__wrapper, .w-field, li") ?? field;
  const shown = place.parentElement.querySelector(":scope > .cpr-like");
  if (!found) {
    if (field.dataset.cpr) shown?.remove();
    delete field.dataset.cpr;
    return;
  }
  field.dataset.cpr = "found";
  if (shown) return;
  const error = document.createElement("p");
  error.className = "error-message cpr-like";
  error.setAttribute("role", "alert");
  error.textContent = message;
  place.before(error);
}

function refuse(form) {
  const fields = marked();
  const first = fields.find((field) => !form || form.contains(field) || field.form === form);
  document.dispatchEvent(
    new CustomEvent("w-messages:add", { detail: { clear: true, text: message, type: "error" } }),
  );
  // The button that was pressed no longer waits.
  setTimeout(() => {
    for (const busy of document.querySelectorAll('[data-w-progress-loading-value="true"]')) {
      busy.dataset.wProgressLoadingValue = "false";
    }
  }, 50);
  return first;
}

// --- One saving after the other ---
// On a slow link a saving by hand would overtake the editor's own: a page that is not made yet would
// be made twice, and older words could come after newer ones.

const EDITOR = 'form[data-controller~="w-autosave"]';
let underway = false; // the editor's own saving
let held = null; // what a person pressed meanwhile
let leaving = false; // what a person saved is being sent

function isAutosave(url, body) {
  const form = document.querySelector(EDITOR);
  return body instanceof FormData && url === form?.action;
}

/** What the editor saves by itself goes out, unless newer words are on their way. */
function autosave(input, options) {
  if (leaving) return Promise.reject(new TypeError("saved by hand")); // it tries again, if one stays
  underway = true;
  return fetched(input, options);
}

/** Whether what was pressed is kept until the editor's own saving has come back; else it leaves. */
function hold(event) {
  const { target: form, submitter } = event;
  if (!form.matches(EDITOR)) return false;
  if (underway) {
    held = { form, submitter };
    return true;
  }
  leaving = true;
  setTimeout(() => (leaving &&= !event.defaultPrevented));
  return false;
}

function letGo() {
  underway = false;
  if (held === null) return;
  const { form, submitter } = held;
  held = null;
  // The answer may have drawn the buttons anew, and one that waits is not sent: its name goes alone.
  const pressed = Object.assign(document.createElement("input"), { type: "hidden" });
  if (submitter?.name) Object.assign(pressed, { name: submitter.name, value: submitter.value });
  form.append(pressed);
  form.requestSubmit();
  pressed.remove();
}

// Both come after every saving: the form knows by then where the page is.
for (const kind of ["success", "error"]) document.addEventListener(`w-autosave:${kind}`, letGo);
// Whoever writes on, or comes back, has not left.
document.addEventListener("input", () => (leaving = false));
window.addEventListener("pageshow", () => (leaving = false));

// --- The ways out ---

window.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const refused = holdsNumber("", new FormData(form));
    if (!refused && !hold(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!refused) return;
    const field = refuse(form);
    const shown = field?.closest("[data-contentpath], .w-field__wrapper, .w-field, li") ?? field;
    shown?.scrollIntoView({ block: "center" });
    if (field?.type !== "hidden") field?.focus({ preventScroll: true });
  },
  true,
);

// What was marked is looked at anew while one writes, and when what follows from it (a title's
// address) has been written.
for (const kind of ["input", "change", "keyup"]) {
  document.addEventListener(kind, () => {
    if (document.querySelector(".cpr-like")) setTimeout(marked, 200);
  });
}

const fetched = window.fetch;
window.fetch = (input, options = {}) => {
  const url = input.url ?? input;
  if (!holdsNumber(url, options.body)) {
    return isAutosave(url, options.body) ? autosave(input, options) : fetched(input, options);
  }
  refuse();
  if ((options.method ?? input.method ?? "GET").toUpperCase() === "GET") {
    const said = Object.assign(document.createElement("p"), { className: "error-message", textContent: message });
    return Promise.resolve(new Response(said.outerHTML, { headers: { "Content-Type": "text/html" } })); // results
  }
  const headers = { "Content-Type": "application/json" };
  return Promise.resolve(new Response(JSON.stringify(ANSWER), { status: 422, headers }));
};

const { open, send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function openKnown(method, url, ...more) {
  this.askedFor = url;
  return open.call(this, method, url, ...more);
};
XMLHttpRequest.prototype.send = function sendKnown(body) {
  if (!holdsNumber(this.askedFor, body)) return send.call(this, body);
  refuse();
  return this.dispatchEvent(new ProgressEvent("error"));
};
