// What lies on the device: IndexedDB `sidemand`. A row shows only what the queue must know without
// the key (id, owner, kind, state, attempts, next_at, size, changed_at, reason); what somebody wrote
// lies in `sealed` (vault.js). A change is told of once the disk has it.

const NAME = "sidemand";
const VERSION = 1;

/** By name: the key of a row, and the indexes. A later version adds to this and removes nothing. */
const STORES = {
  meta: { keyPath: "key" }, // { key, value }
  owners: { keyPath: "owner" }, // how the key of each owner opens (vault.js)
  drafts: { keyPath: "id", indexes: ["owner"] },
  records: { keyPath: "id", indexes: ["owner"] },
  kits: { keyPath: ["owner", "name"], indexes: ["owner"] }, // what a page needs without net
  pieces: { keyPath: "hash" }, // of courses; the same for everybody
  downloads: { keyPath: "course", indexes: ["owner"] },
};

/** There is no room: nothing was kept, and whoever writes must hear it. */
export class Full extends Error {
  constructor(cause) {
    super("The device has no room.", { cause });
    this.name = "Full";
  }
}

/** This browser keeps nothing: private window, or storage refused. */
export class NoStore extends Error {
  constructor(cause) {
    super("This browser keeps nothing.", { cause });
    this.name = "NoStore";
  }
}

let opening = null;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onerror = () => reject(new NoStore(request.error));
    request.onsuccess = () => {
      const found = request.result;
      // A newer version in another tab goes ahead; this page opens anew when it needs to.
      found.onversionchange = () => forget(found);
      found.onclose = () => (opening = null);
      resolve(found);
    };
  }).catch((failure) => {
    opening = null; // the next one tries again
    throw failure instanceof NoStore ? failure : new NoStore(failure);
  });
  return opening;
}

function forget(found) {
  found.close();
  opening = null;
}

function upgrade(found) {
  for (const [name, { keyPath, indexes = [] }] of Object.entries(STORES)) {
    if (found.objectStoreNames.contains(name)) continue;
    const store = found.createObjectStore(name, { keyPath });
    for (const index of indexes) store.createIndex(index, index);
  }
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Read and write several stores at once, all of it or nothing.
 *
 * `work` gets the same five functions as below, and may wait for nothing else: a transaction ends
 * by itself when no request of its own is open. Gives what `work` gives, once it is on disk.
 */
export async function transact(names, mode, work) {
  const found = await database();
  let transaction;
  try {
    transaction = found.transaction(names, mode, { durability: "strict" });
  } catch (failure) {
    if (failure.name !== "InvalidStateError") throw failure;
    forget(found); // the browser closed it meanwhile
    transaction = (await database()).transaction(names, mode, { durability: "strict" });
  }
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new DOMException("", "AbortError"));
  });
  const store = (name) => transaction.objectStore(name);
  let answer;
  try {
    answer = await work({
      get: (name, key) => done(store(name).get(key)),
      put: (name, row) => done(store(name).put(row)),
      remove: (name, key) => done(store(name).delete(key)),
      keys: (name) => done(store(name).getAllKeys()),
      all: (name, owner) =>
        done(owner === undefined ? store(name).getAll() : store(name).index("owner").getAll(owner)),
    });
  } catch (failure) {
    if (!transaction.error) abort(transaction);
    await ended.catch(() => null);
    throw known(failure);
  }
  try {
    await ended;
  } catch (failure) {
    throw known(failure);
  }
  return answer;
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    return; // it has ended already
  }
}

const known = (failure) => (failure?.name === "QuotaExceededError" ? new Full(failure) : failure);

/** The row with this key, or undefined. */
export const get = (name, key) => transact([name], "readonly", (one) => one.get(name, key));

/** Keep a row, in place of the one with the same key. */
export const put = (name, row) => transact([name], "readwrite", (one) => one.put(name, row));

export const remove = (name, key) => transact([name], "readwrite", (one) => one.remove(name, key));

/** Every row, or those of one owner. */
export const all = (name, owner) => transact([name], "readonly", (one) => one.all(name, owner));

/** The key of every row: what is there, without reading it. */
export const keys = (name) => transact([name], "readonly", (one) => one.keys(name));

export const readMeta = async (key) => (await get("meta", key))?.value;
export const writeMeta = (key, value) => put("meta", { key, value });
