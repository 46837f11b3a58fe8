// The editor of running text has no name of its own: whoever cannot see hears only "text box". It gets the
// label of its field, or of its block.
(() => {
  const name = () => {
    for (const box of document.querySelectorAll('[contenteditable="true"]:not([aria-label], [aria-labelledby])')) {
      const field = box.closest("[data-field], .w-field__wrapper, .w-field, [data-contentpath]");
      const label = field?.querySelector("label, .w-field__label, .w-panel__heading");
      const text = (label ?? box.closest(".w-panel")?.querySelector(".w-panel__heading"))?.textContent.replaceAll("*", "").trim();
      if (text) box.setAttribute("aria-label", text);
    }
  };
  name();
  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
})();
