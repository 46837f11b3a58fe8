// Forms that no server reads: errors are drawn as the server draws them, above and at the field, and
// parts of a page that exclude one another are shown one at a time. Words come from the page.

/** Show the parts with these names, and hide the others. */
export function show(page, ...names) {
  for (const part of page.querySelectorAll("[data-when]")) {
    part.hidden = !names.includes(part.dataset.when);
  }
}

/** The words for a code, as the page says them; `{seconds}` and the like filled in. */
export function say(page, code, values = {}) {
  const found =
    page.querySelector(`[data-word="${code}"]`) ?? page.querySelector('[data-word="failed"]');
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, () => value),
    found.textContent,
  );
}

const drawn = (name, text) => {
  const one = document.querySelector(`template[data-draw="${name}"]`).content.firstElementChild.cloneNode(true);
  if (text) one.querySelector("[data-text]").textContent = text;
  return one;
};

/** Take every error off the form. */
export function calm(form) {
  document.querySelector(".error-summary")?.remove();
  document.title = document.title.replace(form.dataset.prefix, "");
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.closest(".field").classList.remove("field-error");
    describe(field, false);
  }
}

/** Say what is wrong: `errors` are `[name of the field or null, text]`. Moves the focus. */
export function complain(form, errors) {
  calm(form);
  const summary = drawn("summary");
  for (const [name, text] of errors) {
    const line = document.createElement("li");
    const field = name && inputOf(form, name);
    if (field) {
      const link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = text;
      line.append(link);
      mark(field, text);
    } else line.textContent = text;
    summary.querySelector("ul").append(line);
  }
  form.closest("main").querySelector("h1").before(summary);
  document.title = form.dataset.prefix + document.title;
  summary.focus();
}

const inputOf = (form, name) => {
  const found = form.elements[name];
  return found instanceof RadioNodeList ? found[0] : found;
};

function mark(field, text) {
  const box = field.closest(".field");
  const error = drawn("error", text);
  error.id = `${field.id}_error`;
  box.classList.add("field-error");
  (field.closest(".choices") ?? field).before(error);
  field.setAttribute("aria-invalid", "true");
  describe(field, true);
}

function describe(field, isWrong) {
  const ids = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (isWrong) ids.add(`${field.id}_error`);
  else ids.delete(`${field.id}_error`);
  if (ids.size) field.setAttribute("aria-describedby", [...ids].join(" "));
  else field.removeAttribute("aria-describedby");
}

/** Do `work` when the form is sent, once at a time; its button says meanwhile that it is busy. */
export function onSubmit(form, work) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const button = form.querySelector("button:not([type=button])");
    const label = button.textContent;
    button.textContent = button.dataset.busyLabel ?? label;
    button.setAttribute("aria-disabled", "true");
    try {
      calm(form);
      await work(new FormData(form));
    } finally {
      delete form.dataset.busy;
      button.removeAttribute("aria-disabled");
      button.textContent = label;
    }
  });
}

/** Where to go on: an address of this site out of `?videre=`, else `otherwise`. */
export function onwards(otherwise) {
  const asked = new URLSearchParams(location.search).get("videre");
  if (!asked) return otherwise;
  try {
    const url = new URL(asked, location.origin);
    // What begins with two strokes names another site.
    const isHere = url.origin === location.origin && !url.pathname.startsWith("//");
    return isHere ? url.pathname + url.search + url.hash : otherwise;
  } catch {
    return otherwise;
  }
}

/** React to one press at a time: a second one while the first is being kept is the same press. */
export function oneAtATime(react) {
  let isBusy = false;
  return async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (isBusy) return;
    isBusy = true;
    try {
      await react(event);
    } finally {
      isBusy = false;
    }
  };
}
