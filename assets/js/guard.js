// A text that looks like a citizen's number never leaves the device.
import { hasCprLike } from "./identity.js";

const FREE_TEXT = 'textarea, input[type="text"], input[type="search"], input:not([type])';

export function guardIdentity(message) {
  document.addEventListener("submit", (event) => {
    const refused = [...event.target.querySelectorAll(FREE_TEXT)].filter((field) => {
      const found = hasCprLike(field.value);
      mark(field, found ? message : "");
      return found;
    });
    if (!refused.length) return;
    event.preventDefault();
    refused[0].focus();
  });
}

/** The same look as an error from the server, at the field; without a message it goes. */
function mark(field, message) {
  const id = `${field.id || field.name}_cpr`;
  document.getElementById(id)?.remove();
  if (!message) {
    if (field.dataset.cpr) {
      delete field.dataset.cpr;
      field.removeAttribute("aria-invalid");
      describe(field, id, false);
    }
    return;
  }
  const error = document.createElement("p");
  error.className = "error";
  error.id = id;
  error.setAttribute("role", "alert");
  error.textContent = message;
  field.before(error);
  field.dataset.cpr = "found";
  field.setAttribute("aria-invalid", "true");
  describe(field, id, true);
}

function describe(field, id, present) {
  const ids = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (present) ids.add(id);
  else ids.delete(id);
  field.setAttribute("aria-describedby", [...ids].join(" "));
}
