// wagtail-localize writes one string, read aloud only, without asking for its translation.
(() => {
  const english = "More actions";
  const translate = () => {
    const own = window.gettext?.(english) ?? english;
    if (own === english) return;
    for (const text of document.querySelectorAll(".w-sr-only")) {
      if (text.textContent === english) text.textContent = own;
    }
  };
  new MutationObserver(translate).observe(document.documentElement, { childList: true, subtree: true });
})();
