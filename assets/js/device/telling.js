// What a session says, in words: names, steps and towns come from the kit.
import { trainingsOf } from "./kits.js";
import { TEXTS } from "./session.js";
import { dayOf, inLanguage, words } from "./words.js";

/** The facts and texts of a content, as pairs of name and text; what is not filled in is left out. */
export function toldFrom(content, kit) {
  const labels = Object.fromEntries(Object.entries(kit.labels).map(([name, text]) => [name, inLanguage(text)]));
  const people = new Map(Object.entries(kit.names));
  const towns = new Map();
  for (const pairing of trainingsOf(kit)) {
    for (const [id, name] of [...pairing.people, ...pairing.mentors]) people.set(id, name);
    for (const [key, name] of pairing.places) towns.set(key, name);
  }
  people.set(kit.me, kit.my_name);
  const steps = new Map(kit.topics);
  const practised = new Map(kit.competences.flatMap(([, rows]) => rows));
  const choice = (of, value) => inLanguage(new Map(kit.choices[of]).get(value) ?? value);
  const nameOf = (id) => people.get(id) ?? words.former_colleague;
  const seen = ({ competence, observed }) =>
    `${inLanguage(practised.get(competence) ?? "")} (${choice("observed", observed).toLowerCase()})`;
  const promise = content.next_owner &&
    [nameOf(content.next_owner), dayOf(content.next_by ?? "")].filter(Boolean).join(", ");
  const told = {
    held_on: dayOf(content.held_on),
    minutes: String(content.minutes),
    place: towns.get(content.place) ?? content.place,
    participants: content.participants.map(nameOf).sort().join(", "),
    topics: content.topics.map((key) => inLanguage(steps.get(key) ?? key)).join("; "),
    mode: choice("mode", content.mode),
    languages: content.languages.map((one) => choice("languages", one)).join(", "),
    interpreter: content.interpreter && choice("interpreter", content.interpreter),
    competences: (content.competences ?? []).map(seen).join("; "),
    next_owner: promise,
    ...Object.fromEntries(TEXTS.map((name) => [name, content[name] ?? ""])),
  };
  return Object.entries(told).map(([name, text]) => ({ name, label: labels[name], text: text || "" }));
}

/** The same as pairs of name and text, what is empty left out: so a record is read also without a kit. */
export const pairsFrom = (content, kit) =>
  toldFrom(content, kit).filter(({ text }) => text).map(({ label, text }) => [label, text]);

/** A definition list of pairs `[name, text]`. */
export function factsOf(pairs) {
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [name, text] of pairs) {
    const [term, value] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    value.textContent = text;
    value.dir = "auto";
    value.className = "written";
    list.append(term, value);
  }
  return list;
}
