// wagtail-localize writes two strings without asking for their translation: one that is read aloud
// only, and the heading "Dansk to Kalaallisut translation".
(() => {
  const english = "More actions";
  const heading = /^(.+) to (.+) translation$/;
  const translate = () => {
    const own = window.gettext?.(english) ?? english;
    if (own === english) return;
    for (const text of document.querySelectorAll(".w-sr-only")) {
      if (text.textContent === english) text.textContent = own;
    }
    for (const title of document.querySelectorAll(".js-translation-editor h3")) {
      const languages = heading.exec(title.textContent);
      if (languages) title.firstChild.data = `${languages[1]} → ${languages[2]}`;
    }
  };
  new MutationObserver(translate).observe(document.documentElement, { childList: true, subtree: true });
})();
