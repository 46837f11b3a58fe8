// A little room that is put by while there is plenty, for the day the device is full. Then what waits
// can still be marked and sent and its receipt kept, and what stands in the form still leaves it.
// It lies in the browser's cache: what is given back there is free at once, or nearly so.
import { Full } from "./store.js";

const NAME = "sidemand-reserve";
const ADDRESS = "/reserve";
const SIZE = 512 * 1024; // bytes; a log with its texts takes a hundredth of it
const PLENTY = 20 * SIZE;
const PAUSES = [0, 300, 900, 1800]; // ms

/** A cache that was opened holds nothing yet: a browser may have been closed before it was filled. */
const lies = () => caches.match(ADDRESS, { cacheName: NAME });

/** Put it by, unless it is there or the device has no plenty. */
export async function putBy() {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    if (quota - usage < PLENTY || (await lies())) return;
    const cache = await caches.open(NAME);
    await cache.put(ADDRESS, new Response(new Uint8Array(SIZE)));
  } catch {
    return; // a browser without: another day
  }
}

/** Do `work`; where there is no room for it, again with what was put by. */
export async function withReserve(work) {
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof Full) || !(await caches.delete(NAME).catch(() => false))) throw failure;
    return await whenFree(work, failure);
  }
}

/** Once more, and a few times after that: a browser that is busy counts a while before room is free. */
async function whenFree(work, failure) {
  for (const pause of PAUSES) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      return await work();
    } catch (again) {
      if (!(again instanceof Full)) throw again;
    }
  }
  throw failure;
}
