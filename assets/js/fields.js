/** The length as the server counts it: characters, not halves of an emoji. */
const length = (text) => [...text].length;

/** A script has written in the field: whoever listens hears it as if somebody had typed. */
export function tellChange(field) {
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

export function countCharacters() {
  for (const counter of document.querySelectorAll("[data-counter-for]")) {
    const field = document.getElementById(counter.dataset.counterFor);
    const most = Number(counter.dataset.most);
    // The browser would cut a pasted text without a word; the counter says it instead.
    field.removeAttribute("maxlength");
    const show = () => {
      const used = length(field.value);
      counter.classList.toggle("over", used > most);
      counter.textContent = used > most ? `${used - most} ${counter.dataset.over}` : `${used}/${most}`;
    };
    field.addEventListener("input", show);
    show();
  }
}

export function stepNumbers() {
  for (const button of document.querySelectorAll("[data-step]")) {
    const field = document.getElementById(button.dataset.for);
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = (Number(field.value) || 0) + Number(button.dataset.step);
      const least = field.min === "" ? -Infinity : Number(field.min);
      const most = field.max === "" ? Infinity : Number(field.max);
      field.value = Math.min(Math.max(next, least), most);
      tellChange(field);
    });
  }
}
