// Drawing a page from what lies on the device. Words come from the page; nothing is written here.

/** An element with attributes and children; a child that is a string is text. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [kind, react] of Object.entries(value)) made.addEventListener(kind, react);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

/** What the server drew, checked by its hash, as elements; it holds no script that would run. */
export function html(source) {
  const template = document.createElement("template");
  template.innerHTML = source;
  return template.content;
}

/** The words of the page. */
export const words = JSON.parse(document.getElementById("page-words")?.textContent ?? "{}");
export const language = document.documentElement.lang;

/** Put `values` into the places of `text`. */
export const filled = (text, values) =>
  Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, () => value), text);

/** One form of a counted word, with the number in it. */
export const counted = ([one, many], count) => filled(count === 1 ? one : many, { count });

/** The text in the language of the page, else in Danish: `[text, language]`. */
export function chosen(texts) {
  if (typeof texts === "string") return [texts, ""];
  for (const code of [language, "da", ...Object.keys(texts ?? {})]) if (texts?.[code]) return [texts[code], code];
  return ["", ""];
}

/** An element that holds such a text, and says in which language. */
export function say(name, texts, attributes = {}) {
  const [text, code] = chosen(texts);
  return h(name, { lang: code && code !== language ? code : null, ...attributes }, text);
}

/** Paragraphs of a text that somebody typed. */
export function paragraphs(texts) {
  const [text, code] = chosen(texts);
  const lines = (part) => part.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
  const parts = text.trim().split(/\n{2,}/).map((part) => h("p", {}, lines(part)));
  return h("div", { lang: code && code !== language ? code : null }, parts);
}

/** A small state as the server draws it: "good", "bad", "info", "warm" or "plain". */
export function tag(kind, text) {
  const drawn = document.querySelector(`template[data-tag="${kind}"]`).content.firstElementChild.cloneNode(true);
  drawn.append(text);
  return drawn;
}

/** A message in a box: "info", "success", "warning" or "error". */
export function box(kind, ...children) {
  const drawn = document.querySelector(`template[data-box="${kind}"]`).content.firstElementChild.cloneNode(true);
  drawn.lastElementChild.replaceChildren(...children.filter(Boolean).map((one) => (typeof one === "string"
    ? h("p", {}, one) : one)));
  return drawn;
}

/** A size as people say it. */
export function sizeInWords(bytes) {
  if (bytes < 1_000_000) return filled(words.kilobytes, { size: Math.max(1, Math.round(bytes / 1000)) });
  return filled(words.megabytes, { size: (bytes / 1_000_000).toFixed(1).replace(".", ",") });
}

/** How long something takes, to the minute. */
export function timeInWords(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return words.under_a_minute;
  if (minutes < 90) return counted(words.minutes, minutes);
  return counted(words.hours, Math.round(minutes / 60));
}
