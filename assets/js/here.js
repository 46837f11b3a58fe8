// On every page of a browser that was set up as somebody's device (device/vault.js). What it says and
// sends there is the script of the device, which is loaded then; what cannot wait for it is here.

export const FLAG = "sidemand.device"; // "own" or "shared"

export function flag() {
  try {
    return localStorage.getItem(FLAG);
  } catch {
    return null; // no storage on this device: nothing was set up either
  }
}

export function mindDevice() {
  const person = document.querySelector("[data-person]")?.dataset.person;
  if (person) navigator.serviceWorker?.controller?.postMessage({ kind: "who", owner: person });
  const kind = flag();
  if (!kind) return;
  // Signing out first looks at what waits.
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
  const src = document.querySelector("[data-unsent]")?.dataset.deviceScript;
  // A page with parts of the device brings the script that fills them.
  if (!src || document.querySelector("[data-fills]")) return;
  document.head.append(Object.assign(document.createElement("script"), { src }));
}
