// Words come from the page, so that every one of them is translated; here they are put together.

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

export const words = read("outbox-words");
export const language = document.documentElement.lang;

/** A text of a kit: one, or one for each language. */
export const inLanguage = (text) => (typeof text === "string" ? text : (text[language] ?? text.da));

export const wordsOf = read;

const two = (number) => String(number).padStart(2, "0");

/** "kl. 14.02" */
const timeOf = (moment) =>
  words.clock.time.replace("{time}", `${moment.getHours()}.${two(moment.getMinutes())}`);

/** "tirsdag den 14. juni"; a day "2027-06-14" or a moment. */
export function dayOf(when) {
  const date = typeof when === "string" ? new Date(`${when}T12:00:00`) : when;
  if (Number.isNaN(date.getTime())) return "";
  const { day, weekdays, months } = words.clock;
  const said = day
    .replace("{weekday}", weekdays[(date.getDay() + 6) % 7])
    .replace("{day}", date.getDate())
    .replace("{month}", months[date.getMonth()]);
  return date.getFullYear() === new Date().getFullYear() ? said : `${said} ${date.getFullYear()}`;
}

/** "kl. 14.02" of today, "tirsdag den 14. juni kl. 14.02" of any other day. */
export function momentOf(when) {
  const moment = new Date(when);
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? timeOf(moment) : `${dayOf(moment)} ${timeOf(moment)}`;
}

/** Put `values` into the places of `text`; a place without a value stays as it is. */
export const filled = (text, values) =>
  Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, () => value), text);

/** The reason of a row: `[what is the matter, what to do]`. */
export function reasonOf(row, answer) {
  const code = row.reason ?? (row.failed === "server" ? "server" : "other");
  const known = words.reasons[code];
  // Other parts of the site say in their own words why they refuse something of theirs.
  if (answer?.message && (!known || row.kind !== "session")) return [answer.message, words.reasons.other[1]];
  return known ?? words.reasons.other;
}

/** The state of a row as text and drawing: "draft", "waiting", "sending", "received", "attention". */
export function stateTag(state, row, answer) {
  const template = document.querySelector(`template[data-state="${state}"]`);
  const tag = template.content.firstElementChild.cloneNode(true);
  const values = {};
  if (row?.receipt) Object.assign(values, { at: momentOf(row.receipt.received_at), code: row.receipt.code });
  if (state === "attention") [values.reason] = reasonOf(row, answer);
  tag.lastChild.textContent = filled(tag.lastChild.textContent, values);
  return tag;
}

/** Show one of the parts of a page that exclude one another. */
export function show(page, names, shown) {
  for (const name of names) page.querySelector(`[data-part="${name}"]`).hidden = !shown.includes(name);
}

export const part = (page, name) => page.querySelector(`[data-part="${name}"]`);
export const slot = (within, name) => within.querySelector(`[data-slot="${name}"]`);
