"""A browser's store of what lies on a device, as JSON: taken from a page, and put into another.

What a release leaves on devices outlives it. So each release records such a store with one of
everything in it (scripts/release_profile.py), and every later one has to open it and to send what
waits in it.
"""

import gzip
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Every recorded store, as ``VERSION/NAME``; some were recorded before their release was out.
PROFILES = sorted(str(path.relative_to(HERE)) for path in HERE.glob("*/*profile.json.gz"))

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

#: What a lesson says on the device: its title and its text, without the words of the page.
LESSON = """() => ({
  title: document.querySelector("h1").textContent,
  text: [...document.querySelectorAll("main .prose")].map((one) => one.textContent).join("\\n"),
})"""

#: What the records and drafts of an open device say, opened by the scripts of this version.
LETTERS = """
const { value: owner } = await s.get("meta", "owner");
const read = async (name) => Promise.all((await s.all(name, owner)).map(async (row) => {
  const { id, kind, after, reason, receipt, replaced_by } = row;
  const letter = await v.unseal(row.sealed, v.nameOf(name, owner, id));
  return { id, kind, after, reason, receipt, replaced_by, ...letter };
}));
return { records: await read("records"), drafts: await read("drafts") };
"""


def profile_of(name: str) -> dict[str, Any]:
    """What was recorded."""
    told: dict[str, Any] = json.loads(gzip.decompress((HERE / name).read_bytes()))
    return told
