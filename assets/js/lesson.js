// Reaching the end of a lesson marks it read; the button stays for who has no script or no net.

const PAUSE = 2000; // passing by is not reading

export function markReadAtTheEnd() {
  const form = document.querySelector("[data-reached-end]");
  if (!form || !("IntersectionObserver" in window)) return;
  let timer;
  const observer = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (entry.isIntersecting) timer = setTimeout(send, PAUSE);
  });
  async function send() {
    if (form.dataset.sending) return;
    observer.disconnect();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      // A redirect ends at a page, perhaps the sign-in: that is no receipt.
      if (!answer.ok || answer.redirected) return;
      form.hidden = true;
      form.nextElementSibling.hidden = false;
    } catch {
      return; // no net: the button is still there
    }
  }
  observer.observe(form);
}
