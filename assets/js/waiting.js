// "2 ikke sendt": counted in what lies on this device, whichever page is open. Where something waits
// the page loads the script that sends it.

function unsent() {
  return new Promise((resolve) => {
    const opening = indexedDB.open("sidemand");
    // Nothing was ever kept here: make nothing now.
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => resolve(0);
    opening.onsuccess = () => {
      const found = opening.result;
      found.onversionchange = () => found.close();
      const reading = found.transaction(["meta", "records"]);
      reading.objectStore("meta").get("owner").onsuccess = ({ target }) => {
        const owner = target.result?.value;
        if (!owner) return resolve(0);
        reading.objectStore("records").index("owner").getAll(owner).onsuccess = ({ target: rows }) =>
          resolve(rows.result.filter((row) => !row.receipt && !row.replaced_by && !row.deleted_at).length);
      };
      reading.oncomplete = () => found.close();
      reading.onabort = () => resolve(0);
    };
  });
}

export async function tellUnsent() {
  const link = document.querySelector("[data-unsent]");
  if (!link || !localStorage["sidemand.device"]) return;
  const tell = async () => {
    const count = await unsent();
    link.hidden = !count;
    link.firstElementChild.textContent = count;
    return count;
  };
  if ("BroadcastChannel" in window) {
    new BroadcastChannel("sidemand").onmessage = ({ data }) => data?.kind === "changed" && tell();
  }
  addEventListener("sidemand:changed", tell);
  const { deviceScript } = link.dataset;
  if ((await tell()) || document.querySelector("[data-device]")) {
    if (document.querySelector(`script[src="${deviceScript}"]`)) return;
    document.head.append(Object.assign(document.createElement("script"), { src: deviceScript }));
  }
}
