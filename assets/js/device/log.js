// The log form on a device. The page is the same for everybody; what there is to choose from comes
// from the kit, what was written from the draft. Each letter is kept within a second.
import { hasCprLike } from "./identity.js";
import { offer } from "./choices.js";
import { autosave, read, rowsOf as draftRows } from "./drafts.js";
import { tellHalt, whenOpen } from "./gate.js";
import { kitOf, memoryOf, recalling, renewKit, trainingsOf } from "./kits.js";
import { Clash, enqueue } from "./queue.js";
import { letterOf, stateOf, subscribe } from "./rows.js";
import { contentFrom, daysAfter, fieldsFrom, fieldsOf, fill, recordOf, TEXTS, today, unknownIn, wrongIn } from "./session.js";
import { get } from "./store.js";
import { pairsFrom } from "./telling.js";
import { dayOf, filled, inLanguage, momentOf, part, reasonOf, show, slot, stateTag, words, wordsOf } from "./words.js";

const KIND = "session";
const SHOWN = ["nothing", "form", "sent"];

export async function fillLog(page) {
  const owner = await whenOpen(page);
  const asked = new URLSearchParams(location.search);
  const [kept, stored] = [await read(asked.get("kladde")), await kitOf(owner, "log")];
  const kit = stored ?? (await renewKit(owner, "log"));
  // A draft is finished also when no training of today is left.
  if (!kit || !(kit.pairings.length || kept)) return show(page, SHOWN, ["nothing"]);
  const said = wordsOf("log-words");
  const draft = kept?.content ?? begin(kit, asked, said);
  new Log(page, { owner, kit, words: said, draft, row: kept?.row ?? null }).start();
  // For the next time; what is being written in keeps its choices.
  if (stored) renewKit(owner, "log");
}

/** A new draft: with whom and as one worked the last time, or as the address asks. */
function begin(kit, asked, said) {
  const known = (id) => kit.pairings.find((one) => one.id === id);
  const pairing = known(asked.get("forloeb")) ?? known(kit.pairing) ?? kit.pairings[0];
  const plan = kit.plans?.[asked.get("plan")];
  const fields = usual(pairing, said.zone, asked.has("som-sidst"));
  const [offered] = fields.tools;
  if (asked.get("redskab")) fields.tools = [asked.get("redskab").slice(0, said.most)];
  if (plan?.pairing === pairing.id) {
    Object.assign(fields, { held_on: [plan.held_on], minutes: [String(plan.minutes)], mode: [plan.mode] });
  }
  const ids = { session: crypto.randomUUID(), version: crypto.randomUUID(), parent: null, joins: null };
  return { fields, offered, pairing: pairing.id, ...ids };
}

function usual(pairing, zone, asLastTime) {
  const { next_days, ...begins } = pairing.begins;
  const day = today(zone);
  const texts = ["tools", "language_went_well", "language_next_step", "language_tools"];
  const languages = Object.fromEntries(
    texts.slice(1).map((name) => [name, begins[name] || document.documentElement.lang]),
  );
  const values = {
    ...{ ...begins, ...languages, held_on: day, minutes: 90 },
    next_by: next_days === null ? "" : daysAfter(day, next_days),
    ...(asLastTime ? (pairing.last ?? {}) : {}),
  };
  const lists = Object.entries(values).map(([name, value]) => [name, [value].flat().map(String)]);
  return Object.fromEntries(lists);
}

/**
 * The training of a draft, never another one. Of one that has ended the draft remembers whom one met
 * and where; where it remembers nothing, what its fields hold stands.
 */
function trainingOf(draft, kit, said) {
  const known = trainingsOf(kit).find((one) => one.id === draft.pairing);
  if (kit.pairings.includes(known)) return known;
  const nobody = { label: said.ended, people: [], mentors: [], owners: [], places: [] };
  const topics = kit.topics.map(([key]) => key);
  const ended = { id: draft.pairing, readers: said.ended_readers, topics, agreements: [], observed: {}, last: null };
  return { ...ended, ...nobody, ...known, isUnknown: !known };
}

/** What a draft is called in a list: the day and with whom. */
export function labelOf(draft, kit, said) {
  const pairing = trainingsOf(kit).find((one) => one.id === draft.pairing);
  const names = new Map(pairing?.people ?? []);
  const people = (draft.fields.participants ?? []).map((one) => names.get(one)).filter(Boolean);
  const day = dayOf(draft.fields.held_on?.[0] ?? "");
  return day ? filled(said.label, { day, people: people.join(", ") }).replace(/, $/, "") : said.no_day;
}

class Log {
  constructor(page, { owner, kit, words: said, draft, row }) {
    Object.assign(this, { page, owner, said, draft, kit: recalling(kit, draft.training) });
    this.form = page.querySelector("form");
    this.row = row;
    this.pairing = trainingOf(draft, this.kit, said);
  }

  start() {
    this.draw();
    const begun = { id: this.row?.id ?? crypto.randomUUID(), kind: KIND, version: this.row?.version ?? 0 };
    this.saving = autosave(() => this.look(), begun, (told) => this.tellKept(told));
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.touch());
    this.form.addEventListener("change", ({ target }) => this.guard(target));
    // Before the listeners of every page, which would let the browser send the form.
    document.addEventListener("submit", (event) => event.target === this.form && this.send(event), true);
    this.page.querySelector('[data-action="as-last-time"]').addEventListener("click", () => this.repeat());
    if (this.row) this.tellKept({ at: this.row.changed_at, id: this.row.id });
    subscribe((detail) => this.hear(detail));
    tellHalt(this.page, this.owner);
    subscribe(() => tellHalt(this.page, this.owner));
    this.mentionOthers();
    show(this.page, SHOWN, ["form"]);
    this.pointOut();
    if (this.draft.wrong?.length) this.say(this.draft.wrong);
  }

  /** What the draft holds now. */
  look() {
    const now = this.now();
    return { ...now, label: labelOf(now, this.kit, this.said) };
  }

  now() {
    const fields = fieldsOf(this.form);
    for (const [name, values] of Object.entries(this.unknown)) {
      // Of one choice alone, a new one takes its place.
      const isOne = name === "place" || name === "next_owner";
      if (isOne && fields[name]?.[0]) continue;
      fields[name] = [...(isOne ? [] : (fields[name] ?? [])), ...values];
    }
    const isOfToday = this.kit.pairings.includes(this.pairing);
    return { ...this.draft, fields, training: isOfToday ? memoryOf(this.pairing) : this.draft.training };
  }

  touch() {
    this.saving.touch();
  }

  draw() {
    const { page, form, kit, pairing, said, draft } = this;
    offer(form, kit, pairing, said);
    this.unknown = unknownIn(form, draft.fields);
    fill(form, draft.fields);
    slot(page, "readers").textContent = inLanguage(pairing.readers);
    const isChange = Boolean(draft.parent);
    for (const one of page.querySelectorAll('[data-when="new"]')) one.hidden = isChange;
    for (const one of page.querySelectorAll('[data-when="change"]')) one.hidden = !isChange;
    part(page, "last").hidden = isChange || !pairing.last;
    const others = kit.pairings.filter((one) => one !== pairing);
    part(page, "pairings").hidden = isChange || !others.length;
    slot(page, "pairing").textContent = inLanguage(pairing.label);
    slot(page, "others").replaceChildren(...others.map((one) => this.switchTo(one)));
  }

  switchTo(pairing) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button button-quiet", textContent: inLanguage(pairing.label) });
    button.addEventListener("click", () => {
      // Who took part, where and on what belongs to the other training.
      const { minutes } = fieldsOf(this.form);
      const written = this.written();
      this.draft.pairing = pairing.id;
      this.begin(usual(pairing, this.said.zone, false), { ...written, minutes });
      this.pairing = pairing;
      this.draw();
      this.saving.touch();
    });
    return button;
  }

  /** What somebody wrote, in which language, and of which day: that stays whatever is put in beside it. */
  written() {
    const fields = fieldsOf(this.form);
    // What was put in for them is no text of theirs; of an older draft it is not known.
    const { offered = fields.tools?.[0] } = this.draft;
    const texts = TEXTS.filter((name) => name !== "tools" || fields.tools?.[0] !== offered);
    const names = ["held_on", ...texts, ...texts.map((name) => `language_${name}`)];
    return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]]));
  }

  /** Put `fields` in, beside what was `written`. */
  begin(fields, written) {
    this.draft.fields = { ...fields, ...written };
    this.draft.offered = fields.tools[0];
  }

  repeat() {
    const { done = [] } = fieldsOf(this.form);
    this.begin(usual(this.pairing, this.said.zone, true), { ...this.written(), done });
    this.draw();
    this.saving.touch();
  }

  tellKept({ at, id, clash, failure }) {
    const line = part(this.page, "kept");
    line.classList.toggle("error", Boolean(failure));
    line.setAttribute("role", failure ? "alert" : "status");
    line.textContent = failure ? this.said.not_kept : filled(this.said.kept, { at: momentOf(at) });
    this.isFull = Boolean(failure);
    if (failure) return;
    if (clash) {
      part(this.page, "clash").hidden = false;
      // Two texts are two versions: if both are sent, both are shown, and one is chosen.
      this.draft.version = crypto.randomUUID();
      this.saving.touch();
    }
    const address = new URL(location.href);
    if (address.searchParams.get("kladde") !== id) {
      address.search = `?kladde=${id}`;
      history.replaceState(null, "", address);
    }
  }

  /** Another tab has kept this draft: show theirs, as long as nothing is being written here. */
  async hear({ draft: id }) {
    const { draft } = this.saving;
    if (id !== draft.id || this.saving.isDirty()) return;
    const kept = await read(id);
    if (!kept || kept.row.version <= draft.version || this.saving.isDirty()) return;
    draft.version = kept.row.version;
    this.draft = kept.content;
    this.pairing = trainingOf(this.draft, this.kit, this.said);
    this.draw();
    this.tellKept({ at: kept.row.changed_at, id });
  }

  async mentionOthers() {
    const rows = await draftRows(this.owner);
    const others = rows.filter((row) => row.kind === KIND && !row.deleted_at && row.id !== this.saving.draft.id);
    part(this.page, "other-drafts").hidden = this.row !== null || !others.length;
  }

  // --- What is wrong ---

  /** Digits like a CPR number are said at once, before anything is queued. */
  guard(field) {
    if (field.tagName !== "TEXTAREA") return;
    const tell = () => this.mark(field.name, hasCprLike(field.value) ? this.said.errors.cpr : "");
    // A line that comes in above a button which is being pressed moves it away from under the finger.
    if (document.querySelector("button:active")) addEventListener("mouseup", () => setTimeout(tell), { once: true });
    else tell();
  }

  /** The same look as an error from the server, at the field; without a message it goes. */
  mark(name, message) {
    const input = this.form.querySelector(`[name="${name}"]`);
    const field = input?.closest("fieldset.field, .field");
    if (!field) return;
    const id = `id_${name}_error`;
    document.getElementById(id)?.remove();
    field.classList.toggle("field-error", Boolean(message));
    const marked = field.matches("fieldset") ? field : input;
    const described = new Set((marked.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    described.delete(id);
    if (message) {
      const error = this.copyOf("field-error");
      error.id = id;
      error.querySelector("span > span").nextSibling.textContent = ` ${message}`;
      const before = field.matches("fieldset") ? field.querySelector(".choices") : input.closest(".stepper") ?? input;
      before.before(error);
      described.add(id);
    }
    marked.setAttribute("aria-describedby", [...described].join(" "));
    marked.toggleAttribute("aria-invalid", Boolean(message));
    if (message) marked.setAttribute("aria-invalid", "true");
  }

  copyOf(template) {
    return this.page.querySelector(`[data-template="${template}"]`).content.firstElementChild.cloneNode(true);
  }

  /** The summary above the heading and the words at each field; the first takes the focus. */
  say(wrong) {
    const place = part(this.page, "errors");
    for (const name of this.marked ?? []) this.mark(name, "");
    this.marked = wrong.map(([name]) => name);
    document.title = document.title.replace(`${this.said.error} `, "");
    if (!wrong.length) return place.replaceChildren();
    const summary = this.copyOf("errors");
    summary.removeAttribute("autofocus"); // it is focused below
    const list = summary.querySelector("ul");
    const line = list.firstElementChild;
    list.replaceChildren(
      ...wrong.map(([name, message]) => {
        const one = line.cloneNode(true);
        const input = this.form.querySelector(`[name="${name}"]`);
        Object.assign(one.firstElementChild, { textContent: message, href: `#${input?.id ?? "session"}` });
        return one;
      }),
    );
    place.replaceChildren(summary);
    for (const [name, message] of wrong) this.mark(name, message);
    for (const [name] of wrong) {
      const fold = this.form.querySelector(`[name="${name}"]`)?.closest("details");
      if (fold) fold.open = true;
    }
    document.title = `${this.said.error} ${document.title}`;
    summary.focus();
  }

  /** What the server pointed out or refused, above the form that is to be put right. */
  pointOut() {
    const { answer, refused } = this.draft;
    const box = part(this.page, "again");
    box.hidden = !refused;
    if (!refused) return;
    const [said, todo] = reasonOf({ reason: refused, kind: KIND }, answer);
    slot(box, "reason").textContent = said.charAt(0).toUpperCase() + said.slice(1);
    slot(box, "todo").textContent = todo;
    const passages = Object.entries(answer?.warnings ?? {}).flatMap(([name, places]) =>
      places.map((place) => [name, ...place]));
    const list = slot(box, "passages");
    list.hidden = !passages.length;
    list.replaceChildren(...passages.map((one) => this.passage(list.firstElementChild, ...one)));
    for (const one of this.page.querySelectorAll('[data-when="plain"]')) one.hidden = passages.length > 0;
    for (const one of this.page.querySelectorAll('[data-when="pointed-out"]')) one.hidden = !passages.length;
    const wrong = Object.entries(answer?.fields ?? {}).map(([name, said]) => [name, [said].flat().join(" ")]);
    if (wrong.length && !Array.isArray(answer.fields)) this.say(wrong.filter(([, message]) => message));
    else box.focus();
  }

  passage(line, name, kind, start, end) {
    const one = line.cloneNode(true);
    const [link, mark] = [one.querySelector("a"), one.querySelector("mark")];
    const [before, after, concern] = one.querySelectorAll("span");
    const input = this.form.elements[name];
    // Places count characters, as the server does, and not halves of an emoji.
    const text = [...(this.draft.fields[name]?.[0] ?? "").replace(/\r\n?/g, "\n").normalize("NFC")];
    link.href = `#${input.id}`;
    link.textContent = document.querySelector(`label[for="${input.id}"]`)?.firstChild.textContent.trim() ?? "";
    before.textContent = text.slice(Math.max(0, start - 20), start).join("");
    mark.textContent = text.slice(start, end).join("");
    after.textContent = text.slice(end, end + 20).join("");
    concern.textContent = this.said.concerns[kind] ?? "";
    const box = slot(one, "wordings");
    box.replaceChildren(...(this.said.wordings[kind] ?? []).map((words) => {
      const use = box.firstElementChild.cloneNode();
      use.textContent = filled(this.said.use, { words });
      use.addEventListener("click", () => this.reword(input, before.textContent, mark.textContent, words));
      return use;
    }));
    return one;
  }

  /** Put neutral words in the place of a passage, and leave its author there to fit them in. */
  reword(input, before, passage, words) {
    // What stood before it may have been reworded, too: as much of it as is left tells the place.
    for (let cut = 0; cut <= before.length; cut += 1) {
      const at = input.value.indexOf(before.slice(cut) + passage);
      if (at < 0) continue;
      const start = at + before.length - cut;
      input.setRangeText(words, start, start + passage.length, "select");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      break;
    }
    const fold = input.closest("details");
    if (fold) fold.open = true;
    input.focus();
  }

  // --- Sending ---

  async send(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.isSending) return;
    this.isSending = true;
    try {
      await this.queue(event.submitter?.name === "as_it_is");
    } finally {
      this.isSending = false;
    }
  }

  async queue(asItIs) {
    this.touch();
    do await this.saving.flush();
    while (this.saving.isDirty() && !this.isFull); // where there is no room for a draft, it is sent without
    const draft = this.now();
    const limits = { words: this.said.errors, zone: this.said.zone, most: this.said.most };
    const isFixed = this.draft.parent || this.pairing.isUnknown;
    const gone = isFixed ? (this.unknown.participants ?? []) : [];
    const colleagues = new Set([...this.pairing.people.map(([id]) => id), ...gone]);
    const { confirmed } = this;
    const wrong = wrongIn(draft.fields, { ...limits, mostMinutes: this.said.most_minutes, colleagues, confirmed });
    this.confirmed = draft.fields.held_on?.[0];
    this.say(wrong);
    if (wrong.length) return;
    const record = recordOf(draft, this.kit.me, { lookedAgain: asItIs && this.isUnchanged(draft) });
    const label = labelOf(draft, this.kit, this.said);
    try {
      const { id, version } = this.saving.draft;
      const facts = pairsFrom(record.body.content, this.kit);
      await enqueue({ ...record, label, facts, memory: draft.training, draft: { id, version } });
    } catch (failure) {
      if (failure instanceof Clash && (await get("records", record.id))) {
        // Another text was sent under this id: this one is another version of its own.
        this.draft.version = crypto.randomUUID();
        return this.queue(asItIs);
      }
      if (failure instanceof Clash) return this.tellKept({ at: Date.now(), id: this.saving.draft.id, clash: true });
      return this.tellKept({ failure });
    }
    this.saving.stop();
    this.tellSent(record.id, label);
  }

  /** Whoever stands by their text stands by the very text that was pointed out. */
  isUnchanged(draft) {
    const spelt = (fields) => JSON.stringify(contentFrom(fields, this.kit.me));
    return this.draft.pointed_out === undefined || spelt(draft.fields) === this.draft.pointed_out;
  }

  /** What becomes of it, as long as somebody looks. */
  async tellSent(id, label) {
    const { page } = this;
    history.replaceState(null, "", location.pathname);
    show(page, SHOWN, ["sent"]);
    part(page, "again").hidden = true;
    const box = part(page, "sent").firstElementChild;
    slot(box, "label").textContent = label;
    const tell = async () => {
      const row = await get("records", id);
      if (!row) return;
      const state = stateOf(row);
      const answer = state === "attention" ? (await letterOf(row)).answer : null;
      slot(box, "state").replaceChildren(stateTag(state, row, answer));
      const more = state === "attention" ? reasonOf(row, answer)[1] : (words.failed[row.failed] ?? "");
      slot(box, "more").textContent = more;
    };
    subscribe(tell);
    await tell();
    box.focus();
  }
}

/**
 * The content of a draft that changes a record: `isFree` ones keep their ids. `after` names what must
 * be at the server first, also where that was received: a restored server may have lost it.
 */
export function draftOf(kit) {
  return (letter, row, isFree) => {
    const { pairing, version, parent, joins, content, done } = letter.body;
    const session = letter.expected.session;
    const fields = { ...fieldsFrom(content, kit.me), done };
    const same = { fields, pairing, session, label: letter.label, after: row.after, training: letter.memory };
    if (isFree) return { ...same, version, parent, joins };
    const next = { ...same, version: crypto.randomUUID(), joins: null };
    // Received, or perhaps received: the new version names it. Refused: it takes its place.
    if (row.receipt || !row.reason || row.reason === "conflict") {
      const stored = letter.answer?.version ?? letter.answer?.kept?.version ?? version;
      return { ...next, parent: stored, after: row.id };
    }
    const pointed_out = row.reason === "look_again" ? JSON.stringify(content) : undefined;
    const refusal = { refused: row.reason, answer: letter.answer, pointed_out };
    return { ...next, parent, joins, replaces: row.id, ...refusal };
  };
}
