// Switching language shows the same spot of the page: a block has the same id in every language.
import { recall, remember } from "./tab.js";

const KEY = "sidemand.place";
const LONGEST_WAIT = 60 * 1000;

const topOf = (block) => block.getBoundingClientRect().top;
const blocks = () => [...document.querySelectorAll('.prose [id^="b-"]')];
/** Where a block ends: where the next one begins, or its text. */
const endOf = (all, at) => (all[at + 1] ? topOf(all[at + 1]) : all[at].closest(".prose").getBoundingClientRect().bottom);

function keep() {
  const all = blocks();
  const at = all.filter((block) => topOf(block) <= 1).length - 1;
  if (at < 0) return remember(KEY, null);
  const part = Math.min(1, -topOf(all[at]) / (endOf(all, at) - topOf(all[at])));
  remember(KEY, { at: Date.now(), id: all[at].id, part });
}

/** Where nothing was kept, the other language begins at its top. */
function goBack() {
  const kept = recall(KEY);
  remember(KEY, null);
  if (!kept || Date.now() - kept.at > LONGEST_WAIT) return;
  const all = blocks();
  const at = all.findIndex((block) => block.id === kept.id);
  if (at >= 0) scrollTo(0, scrollY + topOf(all[at]) + kept.part * (endOf(all, at) - topOf(all[at])));
}

export function keepPlace() {
  goBack();
  document.addEventListener("submit", ({ target }) => {
    if ("languageSwitch" in target.dataset) keep();
  });
  // A link to the page in another language does what the switch does: nothing typed is lost.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-switch]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const button = document.querySelector(`[data-language-switch] [value="${link.hreflang}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
