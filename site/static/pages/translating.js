// Wagtail and wagtail-localize write three strings without asking for their translation: two that are
// read aloud only, and the heading "Dansk to Kalaallisut translation".
(() => {
  const heading = /^(.+) to (.+) translation$/;
  const inOwnWords = (english) => window.gettext?.(english) ?? english;
  const translate = () => {
    for (const text of document.querySelectorAll(".w-sr-only")) {
      if (text.textContent === "More actions") text.textContent = inOwnWords("More actions");
    }
    for (const button of document.querySelectorAll('input[type="submit"][value="Search"]')) {
      button.value = inOwnWords("Search");
    }
    for (const title of document.querySelectorAll(".js-translation-editor h3")) {
      const languages = heading.exec(title.textContent);
      if (languages) title.firstChild.data = `${languages[1]} → ${languages[2]}`;
    }
  };
  translate();
  new MutationObserver(translate).observe(document.documentElement, { childList: true, subtree: true });
})();
