// What is typed on the pages of the device beside the log form: kept as that form keeps it, within a
// second, until it is queued. One draft for each form, by the name of that form:
//   { name, address, label, text, fields }
// `text` is what a list shows of it, `fields` what stands in the form again.
import { autosave, bin, list } from "./drafts.js";
import { Clash } from "./queue.js";

export const TYPED = "typed";
const TRIES = 3;

/** What an owner has typed on this device and not queued. `tell` hears the name of a form and how it is kept. */
export async function typedBy(owner, tell = () => null) {
  const kept = new Map();
  const drafts = (await list(owner)).filter(({ row, content }) =>
    row.kind === TYPED && !row.deleted_at && !content.isBlank);
  // The oldest first: where two tabs wrote in one form, either text stays.
  for (const { row, content } of drafts.reverse()) {
    const before = kept.get(content.name);
    const fields = before ? joined(before.fields, content.fields) : content.fields;
    const others = before ? [...before.others, before.id] : [];
    kept.set(content.name, { id: row.id, version: row.version, fields, others });
  }
  return new Typed(kept, tell);
}

const isChoice = (text) => /^(\d{4}-\d\d-\d\d|mine|theirs|both|each)?$/.test(text);

function joined(first, second) {
  const both = { ...first, ...second };
  for (const [name, text] of Object.entries(first)) {
    const other = second[name] ?? "";
    if (isChoice(text) || other.includes(text)) continue;
    both[name] = text.includes(other) ? text : `${text}\n\n${other}`;
  }
  return both;
}

class Typed {
  constructor(kept, tell) {
    Object.assign(this, { kept, tell });
  }

  /** What stands in the form of this name, by field; null where nobody has typed. */
  fieldsOf(name) {
    return this.kept.get(name)?.fields ?? null;
  }

  /** Somebody has typed in it. */
  touch(name, { label, text, fields }) {
    const one = this.kept.get(name) ?? { id: crypto.randomUUID(), version: 0, others: [] };
    this.kept.set(name, one);
    Object.assign(one, { fields, label, text });
    const address = location.pathname + location.search;
    const look = () => ({ name, address, label: one.label, text: one.text, fields: one.fields });
    const begun = { id: one.id, kind: TYPED, version: one.version };
    one.saving ??= autosave(look, begun, (told) => this.tell(name, told));
    one.saving.touch();
  }

  /**
   * Let `send` queue it: it gets the draft, which goes in the same moment, and gives what is missing,
   * if anything. Then nothing is queued, and what was typed stays.
   */
  async queue(name, send) {
    const one = this.kept.get(name);
    if (!one) return send();
    for (let tries = 1; ; tries += 1) {
      await one.saving?.flush();
      const { id, version } = one.saving?.draft ?? one;
      try {
        const missing = await send({ id, version });
        if (missing) return missing;
        break;
      } catch (failure) {
        // Another tab wrote in the same form: what it wrote stays a draft, and this one is another.
        if (!(failure instanceof Clash) || tries === TRIES) throw failure;
        one.saving?.touch();
      }
    }
    one.saving?.stop();
    this.kept.delete(name);
    for (const other of one.others) await bin(other);
    return null;
  }
}
