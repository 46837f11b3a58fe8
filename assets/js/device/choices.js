// Draws the choices of the log form from the kit. The page holds one choice of each kind, drawn by
// the same templates as the server's form; each is copied as often as it takes.
import { filled, inLanguage } from "./words.js";

const IN_SIGHT = 6;

/** Copies of `pattern`, one for each choice `[value, label]`; ids are numbered on from `from`. */
function chips(pattern, choices, from = 0) {
  return choices.map(([value, text], index) => {
    const chip = pattern.cloneNode(true);
    const input = chip.querySelector("input");
    const label = input.closest("label");
    input.id = `id_${input.name}_${from + index}`;
    input.value = value;
    input.checked = false;
    label.htmlFor = input.id;
    const words = label.querySelector("span");
    if (words) words.textContent = inLanguage(text);
    else label.replaceChildren(input, ` ${inLanguage(text)}`);
    return chip;
  });
}

/** Several to tick; without any to choose from the field is not shown. */
function several(form, name, choices) {
  const pattern = patterns(form)[name];
  const field = pattern.field;
  field.hidden = choices.length === 0;
  pattern.box.replaceChildren(...chips(pattern.chip, choices));
}

function oneOf(form, name, choices) {
  form.elements[name].replaceChildren(...choices.map(([value, label]) => new Option(inLanguage(label), value)));
}

function steps(form, choices, words) {
  const { chip, box, rest, summary } = patterns(form).topics;
  const inSight = choices.length === IN_SIGHT + 1 ? choices.length : IN_SIGHT; // no fold for one
  box.replaceChildren(...chips(chip, choices.slice(0, inSight)));
  const folded = choices.slice(inSight);
  rest.replaceChildren(...chips(chip, folded, inSight));
  rest.parentElement.hidden = folded.length === 0;
  summary.textContent = filled(words.more_steps, { count: folded.length });
}

function competences(form, groups, observed, levels, words) {
  const { field, group, row } = patterns(form).competences;
  field.hidden = groups.length === 0;
  const said = new Map(levels.map(([value, label]) => [value, inLanguage(label).toLowerCase()]));
  const drawn = groups.map(([title, all]) => {
    const folded = group.cloneNode(false);
    const summary = group.firstElementChild.cloneNode(false);
    summary.textContent = inLanguage(title);
    const known = all.filter(([key]) => observed[key]);
    const rows = [...known, ...all.filter(([key]) => !observed[key])].map(([key, name]) => {
      const one = row.cloneNode(true);
      const label = inLanguage(name);
      const last = observed[key] && { title: label, observed: said.get(observed[key]) };
      const [text, select] = [one.querySelector("label"), one.querySelector("select")];
      text.textContent = last ? filled(words.last_time, last) : label;
      select.id = `id_competences_${key}`;
      text.htmlFor = select.id;
      const options = levels.map(([value, level]) => new Option(inLanguage(level), `${key}:${value}`));
      select.replaceChildren(new Option("—", ""), ...options);
      return one;
    });
    folded.append(summary, ...rows);
    return folded;
  });
  group.parent.replaceChildren(...drawn);
}

const found = new WeakMap();

/** What the page was drawn with, remembered before anything of it is replaced. */
function patterns(form) {
  if (found.has(form)) return found.get(form);
  const known = {};
  for (const name of ["done", "participants", "mentors"]) {
    const input = form.querySelector(`input[name="${name}"]`);
    const box = form.querySelector(`#id_${name}`);
    // A chip, or the line of a list to tick.
    let chip = input;
    while (chip.parentElement !== box) chip = chip.parentElement;
    known[name] = { box, chip: chip.cloneNode(true), field: input.closest("fieldset") };
  }
  const topics = form.querySelectorAll('input[name="topics"]');
  const rest = topics[topics.length - 1].closest(".chips");
  known.topics = {
    chip: topics[0].closest("label").cloneNode(true),
    box: topics[0].closest(".chips"),
    rest,
    summary: rest.parentElement.firstElementChild,
  };
  const select = form.querySelector('select[name="competences"]');
  const group = select.closest("details");
  const copy = group.cloneNode(true);
  copy.parent = group.parentElement;
  known.competences = {
    field: select.closest("fieldset"),
    group: copy,
    row: select.closest(".field").cloneNode(true),
  };
  found.set(form, known);
  return known;
}

/** Everything there is to choose from in a pairing of the kit. */
export function offer(form, kit, pairing, words) {
  const titles = new Map(kit.topics);
  several(form, "done", pairing.agreements);
  several(form, "participants", pairing.people);
  several(form, "mentors", pairing.mentors);
  steps(form, pairing.topics.map((key) => [key, titles.get(key) ?? key]), words);
  oneOf(form, "place", pairing.places);
  oneOf(form, "next_owner", [["", "—"], ...pairing.owners]);
  competences(form, kit.competences, pairing.observed, kit.choices.observed, words);
}
