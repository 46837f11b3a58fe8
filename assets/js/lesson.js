// A lesson tells the server where its reader is: opened, and read to its end. Without a script or
// without net the button marks it read, and "Continue" leads to the first lesson not read.
import { owner } from "./keep.js";
import { recall, remember } from "./tab.js";

const PAUSE = 2000; // passing by is not reading
const OPENED = "sidemand.opened";
const TOLD_FOR = 10 * 60 * 1000; // whoever was elsewhere meanwhile, on another device, is back here

/** Whether the server has it: a redirect ends at a page, perhaps the sign-in, and is no receipt. */
async function tell(address, form) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      keepalive: true, // also when the reader leaves at once
      priority: "low",
    });
    return answer.ok && !answer.redirected;
  } catch {
    return false;
  }
}

/** "Continue" leads here next time. Told once, until another lesson is opened. */
export async function tellOpened() {
  const form = document.querySelector("[data-opened]");
  if (!form) return;
  const here = `${owner()} ${form.dataset.opened}`;
  const [place, at] = recall(OPENED) ?? [];
  if (place === here && Date.now() - at < TOLD_FOR) return;
  if (await tell(form.dataset.opened, form)) remember(OPENED, [here, Date.now()]);
}

/** Reaching the end of a lesson marks it read. */
export function markReadAtTheEnd() {
  const form = document.querySelector("[data-reached-end]");
  if (!form) return;
  let timer;
  const observer = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (entry.isIntersecting) timer = setTimeout(send, PAUSE);
  });
  async function send() {
    if (form.dataset.sending) return;
    observer.disconnect();
    if (!(await tell(form.action, form))) return; // the button is still there
    form.hidden = true;
    form.nextElementSibling.hidden = false;
  }
  observer.observe(form);
}
