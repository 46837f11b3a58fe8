// A session on the device: from the fields of its form to the content that is sent, spelt exactly as
// mentoring/content.py keeps it, because the receipt names the hash of that; and back.
import { hasCprLike } from "./identity.js";

export const TEXTS = ["went_well", "next_step", "tools"];
const IDS = ["pairing", "session", "version", "parent", "joins"];
const CHOSEN = ["participants", "mentors", "topics", "place", "next_owner", "competences", "done"];
const NOT_FIELDS = new Set([...IDS, "csrfmiddlewaretoken", "sent_at", "as_it_is"]);
/** What cannot be seen in a field: control characters but tab and new line, half an emoji. */
const UNSEEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const first = (fields, name) => fields[name]?.[0] ?? "";
const sorted = (values) => [...new Set(values)].filter(Boolean).sort();
const textOf = (fields, name) => first(fields, name).replace(/\r\n?/g, "\n").normalize("NFC");

/** What stands in the fields of a form, by name; nothing of ids and tokens. */
export function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NOT_FIELDS.has(name)) (fields[name] ??= []).push(value);
  }
  return fields;
}

/**
 * What `fields` hold that `form` has no choice for: a step that is not taught any more, somebody who
 * has left the training. It stays with what was written.
 */
export function unknownIn(form, fields) {
  const kept = {};
  for (const name of CHOSEN) {
    const offered = new Set();
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      for (const one of field.options ?? [field]) offered.add(one.value);
    }
    const gone = (fields[name] ?? []).filter((value) => value && !offered.has(value));
    // Who took part is offered on two sides; what one of them knows is not unknown.
    if (gone.length) kept[name] = gone;
  }
  for (const [one, other] of [["participants", "mentors"], ["mentors", "participants"]]) {
    const known = new Set([...form.querySelectorAll(`[name="${other}"]`)].map(({ value }) => value));
    if (kept[one]) kept[one] = kept[one].filter((value) => !known.has(value));
  }
  return kept;
}

/** Put `fields` into a form whose choices are drawn. */
export function fill(form, fields) {
  for (const field of form.elements) {
    if (!field.name || NOT_FIELDS.has(field.name) || field.type === "hidden") continue;
    const values = fields[field.name] ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.options) {
      // Several selects may bear one name, each with values of its own.
      const chosen = [...field.options].find((option) => option.value && values.includes(option.value));
      field.value = chosen?.value ?? "";
    } else field.value = values[0] ?? "";
    field.dispatchEvent(new Event("fill", { bubbles: true }));
  }
}

/** The content of version 1, in its one spelling; its author takes part. */
export function contentFrom(fields, me) {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, textOf(fields, name)]));
  const content = {
    schema: 1,
    held_on: first(fields, "held_on"),
    minutes: Number(first(fields, "minutes")),
    place: first(fields, "place"),
    participants: sorted([...(fields.participants ?? []), ...(fields.mentors ?? []), me]),
    topics: sorted(fields.topics ?? []),
    mode: first(fields, "mode"),
    languages: sorted(fields.languages ?? []),
    interpreter: first(fields, "interpreter"),
    ...texts,
  };
  const rows = sorted(fields.competences ?? []).map((value) => value.split(":"));
  if (rows.length) content.competences = rows.map(([competence, observed]) => ({ competence, observed }));
  const written = TEXTS.map((name) => [name, first(fields, `language_${name}`)]);
  const languages = written.filter(([name, language]) => language && texts[name]);
  if (languages.length) content.text_languages = Object.fromEntries(languages);
  // What is filled in beforehand is nobody's step.
  if (texts.next_step.trim() && first(fields, "next_owner")) {
    content.next_owner = first(fields, "next_owner");
    if (first(fields, "next_by")) content.next_by = first(fields, "next_by");
  }
  return content;
}

/** The fields of a form for a content to begin with; `me` is not ticked, but the author. */
export function fieldsFrom(content, me) {
  const others = content.participants.filter((one) => one !== me);
  const fields = {
    ...{ held_on: [content.held_on], minutes: [String(content.minutes)], place: [content.place] },
    ...{ participants: others, mentors: others, topics: content.topics, mode: [content.mode] },
    ...{ languages: content.languages, interpreter: [content.interpreter] },
    next_owner: [content.next_owner ?? ""],
    next_by: [content.next_by ?? ""],
    competences: (content.competences ?? []).map(({ competence, observed }) => `${competence}:${observed}`),
  };
  for (const name of TEXTS) {
    fields[name] = [content[name] ?? ""];
    fields[`language_${name}`] = [content.text_languages?.[name] ?? ""];
  }
  return fields;
}

/** The day on the site's clock, whatever zone the device thinks it is in. */
export function today(zone) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  const said = Object.fromEntries(parts.formatToParts(new Date()).map(({ type, value }) => [type, value]));
  return `${said.year}-${said.month}-${said.day}`;
}

export function daysAfter(day, days) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

const isDay = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/**
 * What is missing or wrong, as `[name of the field, words]`; the server judges again.
 *
 * A day after today is pointed out once: the clock of a device may be days behind, and of that its author
 * and the server know better.
 *
 * @param {object} words the messages of the form by field, and `future`, `unseen`, `cpr`, …
 * @param {string} confirmed a day that was pointed out already
 */
export function wrongIn(fields, { words, zone, most, mostMinutes, colleagues, confirmed }) {
  const found = [];
  const say = (name, message) => found.push([name, message]);
  const day = first(fields, "held_on");
  if (!(fields.participants ?? []).some((one) => colleagues.has(one))) say("participants", words.participants);
  if (!isDay(day)) say("held_on", words.held_on);
  else if (day > today(zone) && day !== confirmed) say("held_on", words.future);
  const minutes = first(fields, "minutes");
  if (!/^\d{1,4}$/.test(minutes) || minutes < 1 || minutes > mostMinutes) say("minutes", words.minutes);
  if (!(fields.topics ?? []).length) say("topics", words.topics);
  if (!first(fields, "mode")) say("mode", words.mode);
  if (!first(fields, "place")) say("place", words.place);
  for (const name of TEXTS) {
    const text = textOf(fields, name);
    const excess = [...text].length - most;
    if (hasCprLike(text)) say(name, words.cpr);
    else if (excess > 0) say(name, words.too_long.replace("{excess}", excess).replace("{most}", most));
    else if (UNSEEN.test(text)) say(name, words.unseen);
  }
  const [owner, due] = [first(fields, "next_owner"), first(fields, "next_by")];
  if (textOf(fields, "next_step").trim()) {
    if (due && !owner) say("next_owner", words.next_owner);
    if (due && !isDay(due)) say("next_by", words.next_by);
    else if (due && isDay(day) && due < day) say("next_by", words.too_early);
  }
  return found;
}

/** What is sent for a draft: the record as the queue takes it, without its label. */
export function recordOf(draft, me, { lookedAgain = false } = {}) {
  const { fields, pairing, session, version, parent = null, joins = null } = draft;
  const content = contentFrom(fields, me);
  return {
    id: version,
    kind: "session",
    url: `/api/v1/sessions/${session}`,
    body: {
      ...{ pairing, version, parent, joins, content, done: fields.done ?? [] },
      device_at: new Date().toISOString(),
      looked_again: lookedAgain,
    },
    expected: { session, version },
    after: draft.after ?? null,
    replaces: draft.replaces ?? null,
  };
}
