// Two versions of a session: both beside each other, field by field, and what is to hold.
import { hasCprLike } from "./identity.js";
import { list as draftsOf } from "./drafts.js";
import { tellHalt, whenOpen } from "./gate.js";
import { kitOf, recalling, renewKit, trainingsOf } from "./kits.js";
import { enqueue } from "./queue.js";
import { joinedIn, letterOf, list } from "./rows.js";
import { TEXTS } from "./session.js";
import { get } from "./store.js";
import { pairsFrom, toldFrom } from "./telling.js";
import { typedBy } from "./typed.js";
import { filled, part, show, slot, wordsOf } from "./words.js";

const SHOWN = ["nothing", "choose", "chosen"];

export async function fillConflict(page) {
  const owner = await whenOpen(page);
  tellHalt(page, owner);
  const kit = (await kitOf(owner, "log")) ?? (await renewKit(owner, "log"));
  const asked = new URLSearchParams(location.search);
  const found = kit && ((await met(asked.get("sendt"), owner, kit)) ?? (await beside(asked.get("ved"), owner, kit)));
  if (!found) return show(page, SHOWN, ["nothing"]);
  // Chosen once, also where that was taken back into a draft: a second choice would stand beside the first.
  if (joinedIn(await list(owner)).has(found.kept.version)) return show(page, SHOWN, ["chosen"]);
  const begun = (await draftsOf(owner)).find(({ row, content }) =>
    !row.deleted_at && content.joins === found.kept.version);
  if (begun) return location.replace(`${page.dataset.log}?kladde=${begun.row.id}`);
  const isKept = (_name, { failure }) => (part(page, "not-kept").hidden = !failure);
  new Conflict(page, kit, found, await typedBy(owner, isKept)).start();
}

/** What this device met itself when it sent: its own version came later, and what holds may have gone on. */
async function met(id, owner, kit) {
  const row = id && (await get("records", id));
  if (row?.owner !== owner || row.reason !== "conflict") return null;
  const letter = await letterOf(row);
  const { kept } = letter.answer ?? {};
  const told = kept && kit.beside.find((one) => one.kept.version === kept.version);
  const current = told?.current ?? letter.answer?.current;
  if (!kept || !current) return null;
  const { session } = letter.expected;
  const { label, memory } = letter;
  return { session, pairing: letter.body.pairing, kept, current, mine: kept, theirs: current, label, memory, replaces: id };
}

/** What the kit tells of: somebody else's version came later, or mine from another place. */
async function beside(version, owner, kit) {
  const one = kit.beside.find(({ kept }) => kept.version === version);
  if (!one) return null;
  const here = new Set((await list(owner)).map(({ row }) => row.id));
  const isMine = (one) => here.has(one.version) || one.author === kit.me;
  const [mine, theirs] = isMine(one.kept) && !here.has(one.current.version)
    ? [one.kept, one.current]
    : [one.current, one.kept];
  return { ...one, mine, theirs, label: null, replaces: null };
}

class Conflict {
  constructor(page, kit, found, typed) {
    Object.assign(this, { page, typed, ...found, kit: recalling(kit, found.memory) });
    // Of these two alone: where one of them is another by now, its text is not in what was typed.
    this.name = `conflict-${this.kept.version}-${this.current.version}`;
    // What was typed into the texts, by field and side: choosing something else does not wipe it.
    this.written = {};
    this.said = wordsOf("conflict-words");
    this.form = page.querySelector("form");
  }

  start() {
    const { page } = this;
    const [mine, theirs] = [toldFrom(this.mine.content, this.kit), toldFrom(this.theirs.content, this.kit)];
    this.fields = mine.map((one, at) => ({ ...one, mine: one.text, theirs: theirs[at].text }));
    this.heads = { mine: this.head(this.mine, true), theirs: this.head(this.theirs, false) };
    for (const [name, head] of Object.entries(this.heads)) {
      for (const one of page.querySelectorAll(`[data-head="${name}"]`)) one.textContent = head;
    }
    const differing = this.fields.filter((one) => one.mine !== one.theirs);
    const same = this.fields.filter((one) => one.mine === one.theirs && one.mine);
    part(page, "differing").replaceChildren(...differing.map((one) => this.compare(one)));
    part(page, "same").replaceChildren(...same.map(({ label, mine }) => this.fact(label, mine)));
    for (const name of TEXTS) this.textarea(name).closest(".field").hidden = true;
    this.comeBack();
    this.form.addEventListener("change", ({ target }) => target.type === "radio" && this.work());
    this.form.addEventListener("input", ({ target }) => this.isDrawing || this.touch(target));
    document.addEventListener("submit", (event) => event.target === this.form && this.send(event), true);
    show(page, SHOWN, ["choose"]);
    this.work();
  }

  /** What was typed before the page was left or locked stands there again. */
  comeBack() {
    for (const [key, value] of Object.entries(this.typed.fieldsOf(this.name) ?? {})) {
      const radio = this.form.querySelector(`input[name="${CSS.escape(key)}"][value="${CSS.escape(value)}"]`);
      if (radio) radio.checked = true;
      else this.written[key] = value;
    }
  }

  /** Kept as it is typed. */
  touch(target) {
    if (TEXTS.includes(target.name)) this.written[this.keyOf(target.name)] = target.value;
    const chosen = [...new FormData(this.form)].filter(([name]) => !TEXTS.includes(name));
    const label = this.label ?? this.fields.find(({ name }) => name === "held_on").mine;
    const text = Object.values(this.written).join("\n\n");
    this.typed.touch(this.name, { label, text, fields: { ...Object.fromEntries(chosen), ...this.written } });
  }

  keyOf(name) {
    return `${name}/${this.sideOf(name)}`;
  }

  head(version, isMine) {
    const people = new Map(Object.entries(this.kit.names));
    for (const { people: colleagues, mentors } of trainingsOf(this.kit)) {
      for (const [id, name] of [...colleagues, ...mentors]) people.set(id, name);
    }
    const isNow = version.version === this.current.version;
    const when = isNow ? this.said.now : this.said.later;
    const isOwn = version.author === this.kit.me;
    const who = isMine ? this.said.mine : isOwn ? this.said.mine_elsewhere : (people.get(version.author) ?? this.said.other);
    return filled(when, { who });
  }

  copyOf(name) {
    return this.page.querySelector(`[data-template="${name}"]`).content.firstElementChild.cloneNode(true);
  }

  fact(label, text) {
    const row = this.copyOf("fact");
    slot(row, "label").textContent = label;
    slot(row, "text").textContent = text;
    return row;
  }

  compare({ name, label, mine, theirs }) {
    const row = this.copyOf("compared");
    slot(row, "label").textContent = label;
    for (const [side, text] of [["mine", mine], ["theirs", theirs]]) {
      const box = row.querySelector(`[data-side="${side}"]`);
      box.querySelector("[data-head]").textContent = this.heads[side];
      slot(box, "text").textContent = text || this.said.empty;
      const input = box.querySelector("input");
      Object.assign(input, { name: `of-${name}`, value: side, id: `of-${name}-${side}`, checked: side === "mine" });
      input.closest("label").htmlFor = input.id;
    }
    return row;
  }

  get outcome() {
    return new FormData(this.form).get("outcome");
  }

  textarea(name) {
    return this.form.elements[name];
  }

  /** Which side a field comes from: "mine", "theirs" or, for a text, "both". */
  sideOf(name) {
    const { outcome } = this;
    if (outcome === "mine" || outcome === "theirs") return outcome;
    if (outcome === "both") return TEXTS.includes(name) ? "both" : "theirs";
    return new FormData(this.form).get(`of-${name}`) ?? "mine";
  }

  /** The texts as they would be, to be looked at and put right before they are sent. */
  work() {
    const { outcome } = this;
    for (const one of this.page.querySelectorAll("[data-each]")) one.hidden = outcome !== "each";
    const isJoined = outcome === "both" || outcome === "each";
    part(this.page, "result").hidden = !isJoined;
    part(this.page, "both-help").hidden = outcome !== "both";
    for (const name of TEXTS) {
      const area = this.textarea(name);
      const text = this.textOf(name);
      area.closest(".field").hidden = !isJoined || !text;
      area.value = this.written[this.keyOf(name)] ?? text;
      this.isDrawing = true; // nobody types
      area.dispatchEvent(new Event("input", { bubbles: true }));
      this.isDrawing = false;
    }
  }

  textOf(name) {
    const [mine, theirs] = [this.mine.content[name] ?? "", this.theirs.content[name] ?? ""];
    const side = this.sideOf(name);
    if (side !== "both") return side === "mine" ? mine : theirs;
    return mine === theirs ? mine : [mine, theirs].filter(Boolean).join("\n\n");
  }

  /** The content that is to hold, in its one spelling. */
  get content() {
    const { outcome, kit } = this;
    const part = (name) => (this.sideOf(name) === "theirs" ? this.theirs.content : this.mine.content);
    const plain = ["held_on", "minutes", "place", "topics", "mode", "languages", "interpreter"];
    const content = { schema: 1, ...Object.fromEntries(plain.map((name) => [name, part(name)[name]])) };
    content.participants = [...new Set([...part("participants").participants, kit.me])].sort();
    const isJoined = outcome === "both" || outcome === "each";
    for (const name of TEXTS) {
      const text = isJoined ? this.textarea(name).value.replace(/\r\n?/g, "\n") : this.textOf(name);
      content[name] = text.normalize("NFC");
    }
    const { competences } = part("competences");
    if (competences?.length) content.competences = competences;
    const languages = TEXTS.map((name) => {
      const said = [this.mine, this.theirs].map((one) => one.content.text_languages?.[name]);
      const side = this.sideOf(name);
      const language = side === "both" ? (said[0] === said[1] ? said[0] : undefined) : said[side === "mine" ? 0 : 1];
      return [name, language];
    }).filter(([name, language]) => language && content[name]);
    if (languages.length) content.text_languages = Object.fromEntries(languages);
    const { next_owner, next_by } = part("next_owner");
    if (next_owner && content.next_step.trim()) {
      content.next_owner = next_owner;
      if (next_by && next_by >= content.held_on) content.next_by = next_by;
    }
    return content;
  }

  async send(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.isSending) return;
    const { content } = this;
    const wrong = TEXTS.map((name) => [name, this.wrongIn(content[name])]).filter(([, message]) => message);
    for (const name of TEXTS) this.mark(name, "");
    for (const [name, message] of wrong) this.mark(name, message);
    if (wrong.length) return this.textarea(wrong[0][0]).focus();
    this.isSending = true;
    const { session, pairing, current, kept, memory, replaces } = this;
    const version = crypto.randomUUID();
    try {
      const told = toldFrom(content, this.kit);
      const label = this.label ?? `${told[0].text}, ${told.find(({ name }) => name === "participants").text}`;
      await this.typed.queue(this.name, (draft) => enqueue({
        ...{ id: version, kind: "session", url: `/api/v1/sessions/${session}`, label, memory, replaces },
        facts: pairsFrom(content, this.kit),
        body: {
          ...{ pairing, version, parent: current.version, joins: kept.version, content, done: [] },
          ...{ device_at: new Date().toISOString(), looked_again: false },
        },
        expected: { session, version },
        draft,
      }));
    } catch {
      part(this.page, "not-kept").hidden = false;
      this.isSending = false;
      return;
    }
    show(this.page, SHOWN, ["chosen"]);
    part(this.page, "chosen").focus();
  }

  wrongIn(text) {
    if (hasCprLike(text)) return this.said.errors.cpr;
    const excess = [...text].length - this.said.most;
    return excess > 0 ? filled(this.said.errors.too_long, { excess, most: this.said.most }) : "";
  }

  mark(name, message) {
    const area = this.textarea(name);
    const id = `${area.id}_error`;
    document.getElementById(id)?.remove();
    area.toggleAttribute("aria-invalid", Boolean(message));
    if (!message) return area.removeAttribute("aria-describedby");
    const error = this.copyOf("field-error");
    error.id = id;
    error.querySelector("span > span").nextSibling.textContent = ` ${message}`;
    area.before(error);
    area.setAttribute("aria-invalid", "true");
    area.setAttribute("aria-describedby", id);
  }
}
