// While something is being made the page looks again by itself, ever more rarely. It gives up after
// some ten minutes: a session must run out on a computer that nobody sits at. The link that looks
// again stays, for then and for whoever has no script.
const FIRST_S = 3;
const LONGEST_S = 60;
const LOOKS = 16;

function show(old, page) {
  const fresh = page.getElementById(old.id);
  if (!fresh) return;
  const hadFocus = old.contains(document.activeElement);
  if (!fresh.hasAttribute("data-waits")) {
    old.removeAttribute("data-waits");
    old.setAttribute("role", "status"); // told once, not at each look
    document.title = page.title;
  }
  old.replaceChildren(...fresh.childNodes);
  if (hadFocus) {
    old.tabIndex = -1;
    old.focus();
  }
}

function lookIn(seconds, looks) {
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const old = document.querySelector("[data-waits]");
      if (answer.ok && !answer.redirected) show(old, page);
    } catch {
      // No net just now.
    }
    if (looks > 1 && document.querySelector("[data-waits]")) {
      lookIn(Math.min(seconds * 1.5, LONGEST_S), looks - 1);
    }
  }, seconds * 1000);
}

if (document.querySelector("[data-waits]")) lookIn(FIRST_S, LOOKS);
