// How the site starts without net: the device keeps its shell, a few files known by their content.
//
// They lie in one cache under address and hash. A version of this worker looks up the hashes it was
// told and nothing else, so old and new are never mixed; and an update fetches only what changed.
// Nothing about a person is ever in that cache: the pages of the shell are the same for everybody.

import { CURRENT } from "./keeping.js";
import { all, get, readMeta } from "./store.js";
import { partsOf, start as travel } from "./travel.js";

/** Where what was taken along is read. */
const READER = "/enhed/kurser/laes/";
const CACHE = "sidemand-shell";
const PATIENCE = 4000; // after that one has waited long enough for a first sign of a page
const TRIED_FOR = 2 * 60 * 1000; // who tries the same page again is ready to wait for it
/** What is never cut off after `PATIENCE`: signing in, and the editors' rooms. */
const UNHURRIED = /^\/(admin|django-admin)\/|^\/[a-z]{2}\/konto\//;
const NOT_PAGES = /^\/api\//;

const tried = new Map();

/** Listen as the version of the site that `shell` describes. */
export function serveThisDevice(shell) {
  self.addEventListener("install", (event) => event.waitUntil(install(shell)));
  // No skipWaiting: this version takes over when the last page of the one before is closed.
  self.addEventListener("activate", (event) => event.waitUntil(forgetOthers(shell)));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      if (!NOT_PAGES.test(url.pathname)) event.respondWith(page(shell, event, url));
    } else if (url.pathname in shell.assets) event.respondWith(asset(shell, request, url));
  });
}

// --- What is kept ---

/** All that this version needs, or it is not installed. What was fetched is not fetched again. */
async function install(shell) {
  await keep(shell.assets);
  for (const language of await languagesInUse(shell)) await keep(shell.pages[language]);
}

/** One after the other: whoever reads meanwhile has the link to themselves. */
async function keep(files) {
  const cache = await caches.open(CACHE);
  for (const [path, hash] of Object.entries(files)) {
    if (await cache.match(keyOf(path, hash))) continue;
    await cache.put(keyOf(path, hash), await fetchExactly(path, hash));
  }
}

/** The file that was announced, and never the page of a hotel or of a release in between. */
async function fetchExactly(path, hash) {
  const response = await fetch(path, {
    credentials: "omit", // it is the same for everybody
    redirect: "error",
    cache: isNamedByContent(path) ? "default" : "no-cache",
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const bytes = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = btoa(String.fromCharCode(...digest)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  if (found !== hash) throw new Error(`${path} is not what was announced`);
  return response;
}

/** The languages somebody reads on this device: those of its open pages, and of the version before. */
async function languagesInUse(shell) {
  const cache = await caches.open(CACHE);
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const addresses = [...open, ...(await cache.keys())].map(({ url }) => new URL(url).pathname);
  const used = Object.keys(shell.pages).filter((code) => addresses.some((path) => path.startsWith(`/${code}/`)));
  return used.length ? used : Object.keys(shell.pages).slice(0, 1);
}

async function forgetOthers(shell) {
  const cache = await caches.open(CACHE);
  const own = new Set();
  for (const files of [shell.assets, ...Object.values(shell.pages)]) {
    for (const [path, hash] of Object.entries(files)) own.add(keyOf(path, hash));
  }
  for (const { url } of await cache.keys()) {
    if (!own.has(url.slice(self.location.origin.length))) await cache.delete(url);
  }
}

const keyOf = (path, hash) => `${path}?sha256=${hash}`;
const isNamedByContent = (path) => /\.[0-9a-f]{12}\.\w+$/.test(path);

async function kept(files, path) {
  const hash = files?.[path];
  return hash && (await caches.match(keyOf(path, hash), { cacheName: CACHE, ignoreVary: true }));
}

// --- What is served ---

async function asset(shell, request, url) {
  const own = await kept(shell.assets, url.pathname);
  // A name without a hash, as a developer has it, may by now hold something newer.
  if (own && isNamedByContent(url.pathname)) return own;
  try {
    return await fetch(request);
  } catch (error) {
    if (own) return own;
    throw error;
  }
}

async function page(shell, event, url) {
  const language = languageOf(shell, url);
  const own = (await kept(shell.pages[language], url.pathname)) ?? (await instead(shell, language, url.pathname));
  if (own) return own;
  event.waitUntil(keep(shell.pages[language]).catch(() => {})); // also what a switch of language brings
  try {
    return await fromServer(event.request, url);
  } catch {
    const here = await takenAlong(shell.pages[language], url).catch(() => null);
    return here ?? (await kept(shell.pages[language], shell.offline[language])) ?? (await anyOffline(shell))
      ?? Response.error();
  } finally {
    event.waitUntil(travel().catch(() => {})); // what is being taken along goes on while somebody reads
  }
}

/** The page of this device that opens in the place of one of the server's, where it is set up. */
async function instead(shell, language, path) {
  const other = shell.instead?.[language]?.[path];
  return other && (await isSetUp()) ? kept(shell.pages[language], other) : null;
}

/** Whether whoever is signed in has set this device up; a browser that keeps nothing has not. */
async function isSetUp() {
  try {
    const owner = await readMeta(CURRENT);
    return owner !== undefined && (await get("owners", owner)) !== undefined;
  } catch {
    return false;
  }
}

/** A lesson of a course that was taken along, in the place of its page that could not be fetched. */
async function takenAlong(pages, url) {
  const reader = Object.keys(pages).find((path) => path.endsWith(READER));
  const rows = reader ? await all("downloads") : [];
  const isHere = rows.some(
    ({ current }) => current && (current.path === url.pathname
      || partsOf(current).some(({ path }) => path === url.pathname)),
  );
  return isHere ? Response.redirect(`${reader}?sti=${encodeURIComponent(url.pathname)}`) : null;
}

async function anyOffline(shell) {
  for (const [language, path] of Object.entries(shell.offline)) {
    const own = await kept(shell.pages[language], path);
    if (own) return own;
  }
}

function languageOf(shell, url) {
  const [, code] = url.pathname.split("/");
  return code in shell.pages ? code : Object.keys(shell.pages)[0];
}

/** The server's answer; on a second try, and where it must not be cut off, however long it takes. */
async function fromServer(request, url) {
  const answer = fetch(request);
  const hurried = !UNHURRIED.test(url.pathname) && !(Date.now() - tried.get(url.href) < TRIED_FOR);
  if (!hurried) return answer;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      tried.set(url.href, Date.now());
      answer.then((response) => response.body?.cancel()).catch(() => {});
      reject(new Error("late"));
    }, PATIENCE);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
