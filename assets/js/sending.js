// A second press sends nothing twice. The button keeps its name and value, and wakes up again
// if no answer comes. A form that asks for it carries the time of the device.

const WAKE_AFTER = 15000;

export function guardSending(busy) {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "yes";
    const clock = form.querySelector("[data-device-time]");
    if (clock) clock.value = new Date().toISOString();
    const button = event.submitter;
    if (!button) return;
    const label = button.innerHTML;
    button.setAttribute("aria-disabled", "true");
    if (button.classList.contains("button")) button.textContent = busy;
    const wake = () => {
      delete form.dataset.sending;
      button.removeAttribute("aria-disabled");
      button.innerHTML = label;
    };
    setTimeout(wake, WAKE_AFTER);
    addEventListener("pageshow", wake, { once: true });
  });
}
