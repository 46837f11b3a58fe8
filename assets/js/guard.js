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
  const before = document.getElementById(id);
  if (!message && !before) return;
  before?.remove();
  const described = new Set(field.getAttribute("aria-describedby")?.match(/\S+/g));
  described.delete(id);
  if (message) {
    const error = Object.assign(document.createElement("p"), { className: "error", id, textContent: message });
    error.setAttribute("role", "alert");
    field.before(error);
    field.setAttribute("aria-invalid", "true");
    described.add(id);
  } else field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", [...described].join(" "));
}
