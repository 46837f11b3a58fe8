// Leaving a page with something typed asks first, in the browser's own words.
import { isDirty } from "./keep.js";

export function guardUnsaved() {
  const guarded = document.querySelectorAll("[data-guard-unsaved]");
  if (!guarded.length) return;
  let leaving = false;
  document.addEventListener("submit", (event) => {
    const { dataset } = event.target;
    if (!event.defaultPrevented && ("guardUnsaved" in dataset || "nothingLost" in dataset)) {
      leaving = true;
      setTimeout(() => (leaving = false), 15000);
    }
  });
  addEventListener("beforeunload", (event) => {
    const open = [...guarded].filter((form) => !("kept" in form.dataset));
    const dirty = open.some((form) => [...form.elements].some((field) => field.name && isDirty(field)));
    if (dirty && !leaving) event.preventDefault();
  });
}
