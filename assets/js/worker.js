// The service worker, which starts the site without net: for whoever has signed in, from the page
// they arrive at, once it rests. Whoever saves data gets it when they set up the device.

const REST = 3000;

export function startWorker() {
  const link = document.querySelector("link[data-worker]");
  if (!link || !navigator.serviceWorker || navigator.connection?.saveData) return;
  const register = () => navigator.serviceWorker.register(link.dataset.worker).catch(() => {}); // next time
  const rested = () => (window.requestIdleCallback ?? setTimeout)(register);
  addEventListener("load", () => setTimeout(rested, REST));
}
