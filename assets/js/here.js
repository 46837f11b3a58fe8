// On every page of a browser that was set up as somebody's device (device/vault.js): it stays open while
// somebody is there, locks by a button, and signing out first looks at what waits.

export const FLAG = "sidemand.device"; // "own" or "shared"
const PING_EVERY = 20_000; // a worker that hears nothing for half a minute forgets the key
const ACTIVE = ["keydown", "pointerdown", "wheel", "touchstart"];

export function flag() {
  try {
    return localStorage.getItem(FLAG);
  } catch {
    return null; // no storage on this device: nothing was set up either
  }
}

export function mindDevice() {
  const worker = navigator.serviceWorker?.controller;
  const { person } = document.querySelector("[data-person]")?.dataset ?? {};
  if (person) worker?.postMessage({ kind: "who", owner: person });
  const kind = flag();
  if (!kind) return;
  for (const link of document.querySelectorAll("[data-lock-device]")) {
    link.hidden = false;
    link.addEventListener("click", () => {
      worker?.postMessage({ kind: "key-drop" });
      new BroadcastChannel("sidemand").postMessage({ kind: "locked" });
    });
  }
  document.addEventListener("submit", (event) => {
    const { leave } = event.target.dataset;
    if (!leave) return;
    event.preventDefault();
    location.assign(leave);
  });
  if (kind === "shared") {
    // Else the browser writes what stands in the fields into the file it restores a session from.
    for (const form of document.querySelectorAll("main form")) form.autocomplete = "off";
  }
  if (worker) stayOpen(worker);
}

function stayOpen(worker) {
  let seen = Date.now();
  for (const kind of ACTIVE) addEventListener(kind, () => (seen = Date.now()), { passive: true, capture: true });
  setInterval(() => document.hidden || worker.postMessage({ kind: "seen", seen }), PING_EVERY);
}
