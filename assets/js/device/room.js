// Whether this device keeps what is written: asked before somebody writes, not after.

const PROBE = "sidemand-probe";
const SAMPLE = 256 * 1024; // bytes; a log with its texts is far smaller
const SCARCE = 5 * 1024 * 1024;

/** Ask the browser not to throw away what lies here when the device runs short; whether it agreed. */
export async function askToPersist() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false; // an old browser, or a private window: nothing to ask
  }
}

/** "" where a text can be kept, "full" or "refused" where not: found out by keeping one. */
export async function roomToWrite() {
  try {
    const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota - usage < SCARCE) return "full";
    await keepSample();
    return "";
  } catch (error) {
    return error?.name === "QuotaExceededError" ? "full" : "refused";
  }
}

function keepSample() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(PROBE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("samples");
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked"));
    opening.onsuccess = () => {
      const database = opening.result;
      const work = database.transaction("samples", "readwrite", { durability: "strict" });
      work.objectStore("samples").put(new Uint8Array(SAMPLE), "one");
      const end = (step) => () => {
        database.close();
        indexedDB.deleteDatabase(PROBE);
        step();
      };
      work.oncomplete = end(resolve);
      work.onabort = end(() => reject(work.error));
    };
  });
}

/** Shows the one warning in `part` that applies, before anything is typed. */
export async function tellRoom(part) {
  const reason = await roomToWrite();
  for (const warning of part.querySelectorAll("[data-room]")) warning.hidden = warning.dataset.room !== reason;
  part.hidden = reason === "";
}
