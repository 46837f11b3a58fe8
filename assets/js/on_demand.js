// Whoever saves data sees what a picture shows and weighs, and fetches it with one press.
export function showOnDemand() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-on-demand]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const figure = link.parentElement;
    link.replaceWith(link.nextElementSibling.content);
    figure.tabIndex = -1; // the focus stays where it was
    figure.focus();
  });
}
