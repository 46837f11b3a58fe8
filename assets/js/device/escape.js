// A way out for what cannot be sent: a file that only the server opens (site/devices/taking_in.py).
// It holds the records as they lie sealed, and their key as it was wrapped for the server when the
// device was set up. So it is made without the PIN, and also where the PIN is forgotten.
import { isUnsent, rowsOf } from "./queue.js";
import { whoseDevice } from "./vault.js";

const FORMAT = "sidemand-unsent/1";
const PART = 0x8000; // so many arguments a call takes on every browser

function toBase64(data) {
  let text = "";
  for (let at = 0; at < data.length; at += PART) text += String.fromCharCode(...data.subarray(at, at + PART));
  return btoa(text);
}

/** The file of what waits, `{ name, blob, count }`, or null where nothing does. */
export async function fileOfUnsent(now = new Date()) {
  const row = await whoseDevice();
  if (!row) return null;
  const waiting = (await rowsOf(row.owner)).filter(isUnsent);
  if (!waiting.length) return null;
  const letter = {
    format: FORMAT,
    device: row.device,
    made_at: now.toISOString(),
    key: row.wrapped_with,
    wrapped: toBase64(row.wrapped),
    records: waiting.map(({ id, sealed }) => ({ id, sealed: toBase64(sealed) })),
  };
  const blob = new Blob([JSON.stringify(letter)], { type: "application/octet-stream" });
  return { name: `sidemand-${letter.made_at.slice(0, 10)}.sidemand`, blob, count: waiting.length };
}

/** Let the browser save the file where it saves files; how many records it holds. */
export async function saveFile() {
  const file = await fileOfUnsent();
  if (!file) return 0;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file.blob);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return file.count;
}
