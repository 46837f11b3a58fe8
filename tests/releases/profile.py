"""A browser's store of what lies on a device, as JSON: taken from a page, and put into another.

What a release leaves on devices outlives it. So each release records such a store with one of
everything in it (scripts/release_profile.py), and every later one has to open it.
"""

#: The whole of the database and what pages keep beside it. Bytes become ``{"$bytes": base64}``.
TAKE = """async () => {
  const base64 = (data) => btoa(Array.from(data, (one) => String.fromCharCode(one)).join(""));
  const plain = (value) => {
    if (value instanceof Uint8Array) return { $bytes: base64(value) };
    if (value instanceof ArrayBuffer) return { $buffer: base64(new Uint8Array(value)) };
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== "object") return value;
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error(`a ${value}`);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
  };
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await answer(indexedDB.open("sidemand"));
  const stores = [];
  for (const name of database.objectStoreNames) {
    const store = database.transaction(name).objectStore(name);
    const indexes = [...store.indexNames].map((one) => [one, store.index(one).keyPath]);
    const rows = plain(await answer(store.getAll()));
    stores.push({ name, keyPath: store.keyPath, indexes, rows });
  }
  const { version } = database;
  database.close();
  return { version, stores, local: { ...localStorage } };
}"""

#: The same database again, before any script of ours has seen this browser.
PUT = """async ({ version, stores, local }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const rich = (value) => {
    if (Array.isArray(value)) return value.map(rich);
    if (value === null || typeof value !== "object") return value;
    if ("$bytes" in value) return bytes(value.$bytes);
    if ("$buffer" in value) return bytes(value.$buffer).buffer;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rich(one)]));
  };
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open("sidemand", version);
    opening.onupgradeneeded = () => {
      for (const { name, keyPath, indexes, rows } of stores) {
        const store = opening.result.createObjectStore(name, { keyPath });
        for (const [one, path] of indexes) store.createIndex(one, path);
        for (const row of rows) store.add(rich(row));
      }
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => { opening.result.close(); resolve(); };
  });
  Object.assign(localStorage, local);
}"""
