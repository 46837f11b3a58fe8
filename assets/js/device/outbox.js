// The lists of what lies on this device: drafts, what waits, what was sent, what needs its author.
import { run } from "./delivery.js";
import { bin, emptyBin, list as draftsOf, ofRecord } from "./drafts.js";
import { tellHalt, whenOpen } from "./gate.js";
import { kitOf, recalling, renewKit, trainingsOf } from "./kits.js";
import { draftOf } from "./log.js";
import { again, discard, emptyBin as emptyRecords } from "./queue.js";
import { joinedIn, list, subscribe } from "./rows.js";
import { TEXTS } from "./session.js";
import { factsOf, pairsFrom, toldFrom } from "./telling.js";
import { TYPED } from "./typed.js";
import { momentOf, part, reasonOf, slot, stateTag, words } from "./words.js";

const KIND = "session";
/** Sent ones that are shown at once; the others are folded away. */
const SENT_SHOWN = 20;
/** Whether its author chooses here between this record and the version that holds. */
const isChoice = ({ row, letter }) => row.reason === "conflict" && Boolean(letter.answer?.current);

export async function fillOutbox(page) {
  const owner = await whenOpen(page);
  await emptyBin(owner);
  await emptyRecords(owner);
  const outbox = new Outbox(page, owner);
  await outbox.draw();
  part(page, "lists").hidden = false;
  if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
  subscribe(() => outbox.draw());
  part(page, "send-now").addEventListener("click", () => outbox.sendNow());
  // Whether two versions stand side by side is asked for each time: the other one may be elsewhere.
  if (await renewKit(owner, "log", { fresh: 0 })) outbox.draw();
}

class Outbox {
  constructor(page, owner) {
    Object.assign(this, { page, owner, isStale: false, drawing: null });
    // Times of the next try go by while nobody does anything.
    setInterval(() => this.draw(), 30_000);
  }

  /** Drawn once what has changed until now is shown. One drawing at a time; what changes meanwhile comes after it. */
  draw() {
    this.isStale = true;
    return (this.drawing ??= this.drawAll());
  }

  async drawAll() {
    try {
      while (this.isStale) {
        this.isStale = false;
        await this.drawn();
      }
    } finally {
      this.drawing = null;
    }
  }

  async drawn() {
    const { page, owner } = this;
    this.kit = await kitOf(owner, "log");
    const drafts = await draftsOf(owner);
    const records = await list(owner);
    const standing = records.filter(({ row }) => !row.replaced_by && !row.deleted_at);
    const thrown = records.filter(({ row }) => row.deleted_at && !row.replaced_by);
    // Only the latest version of a session is changed; the others are there to be read.
    this.latest = new Map(standing.map(({ row, letter }) => [letter.expected.session ?? row.id, row.id]));
    const by = (...states) => standing.filter(({ state }) => states.includes(state));
    const attention = by("attention");
    const choices = drafts.filter(({ row, content }) => content.joins && !row.deleted_at);
    this.begun = new Map(choices.map(({ row, content }) => [content.joins, row.id]));
    const rivals = this.rivals(attention, joinedIn(standing));
    this.list("attention", [
      ...rivals.map((one) => this.rival(one)),
      ...attention.map((one) => this.record(one)),
    ]);
    this.list("waiting", by("waiting", "sending").map((one) => this.record(one)));
    this.list("drafts", drafts.filter(({ row }) => !row.deleted_at).map((one) => this.draft(one)));
    const sent = by("received").reverse().map((one) => this.record(one));
    const replaced = records.filter(({ row }) => row.replaced_by).reverse();
    this.list("sent", sent.slice(0, SENT_SHOWN), sent.slice(SENT_SHOWN));
    this.list("replaced", replaced.map((one) => this.replaced(one)));
    part(page, "replaced-fold").hidden = !replaced.length;
    const deleted = drafts.filter(({ row }) => row.deleted_at);
    this.list("bin", [...thrown.map((one) => this.thrown(one)), ...deleted.map((one) => this.draft(one))]);
    part(page, "bin-fold").hidden = !deleted.length && !thrown.length;
    part(page, "send-now").hidden = !by("waiting").length;
    await tellHalt(page, owner);
  }

  /** Fill the list of this name; rows that have the focus keep it. */
  list(name, rows, folded = []) {
    const section = part(this.page, name);
    const focused = document.activeElement?.closest("[data-row]")?.dataset.row;
    const action = document.activeElement?.dataset.action;
    const open = [...section.querySelectorAll("[data-row] details[open]")];
    const opened = new Set(open.map((one) => one.closest("[data-row]").dataset.row));
    const holder = section.querySelector("ul");
    holder.replaceChildren(...rows);
    holder.hidden = rows.length === 0;
    const empty = section.querySelector(".empty");
    if (empty) empty.hidden = rows.length > 0;
    const fold = section.querySelector("details[data-older]");
    if (fold) {
      fold.hidden = !folded.length;
      fold.querySelector("ul").replaceChildren(...folded);
    }
    for (const row of section.querySelectorAll("[data-row]")) {
      if (opened.has(row.dataset.row)) row.querySelector("details").open = true;
      if (row.dataset.row === focused) row.querySelector(`[data-action="${action}"]`)?.focus();
    }
  }

  row(id, title) {
    const row = this.page.querySelector('template[data-template="row"]').content.firstElementChild.cloneNode(true);
    row.dataset.row = id;
    slot(row, "title").textContent = title || words.unreadable;
    return row;
  }

  /** Show the buttons that apply, each with what it does; the others are not there. */
  offer(row, actions) {
    for (const one of row.querySelectorAll("[data-action]")) {
      const act = actions[one.dataset.action];
      if (!act) one.remove();
      else if (typeof act === "string") one.href = act;
      else one.addEventListener("click", act);
    }
    return row;
  }

  draft({ row: { id, kind, changed_at, deleted_at }, content }) {
    const row = this.row(id, content.label);
    slot(row, "state").append(stateTag("draft"));
    slot(row, "more").textContent = momentOf(changed_at);
    if (content.isBlank) {
      slot(row, "more").textContent = words.reasons.unreadable.join(". ");
      return this.offer(row, {});
    }
    const isTyped = kind === TYPED;
    const text = isTyped ? content.text : this.textsOf((name) => content.fields[name]?.[0]);
    this.tell(row, [[row.dataset.text, text]]);
    const address = isTyped ? content.address : `${this.page.dataset.log}?kladde=${id}`;
    const remove = () => this.remove(id, () => bin(id), () => bin(id, false));
    return this.offer(row, deleted_at ? { restore: () => bin(id, false) } : { open: address, remove });
  }

  /** Throw something away, and offer to take it back: the focus goes there, and back to it. */
  async remove(id, away, back) {
    await away();
    const notice = part(this.page, "removed");
    notice.hidden = false;
    const undo = notice.querySelector("button");
    undo.onclick = async () => {
      await back();
      await this.draw();
      notice.hidden = true;
      this.page.querySelector(`[data-row="${id}"] [data-action="remove"]`)?.focus();
    };
    undo.focus();
  }

  /** A record that its author has thrown away. */
  thrown({ row: kept, letter }) {
    const row = this.row(kept.id, letter.label);
    slot(row, "state").append(stateTag("attention", kept, letter.answer));
    slot(row, "more").textContent = momentOf(kept.deleted_at);
    this.tell(row, this.facts(row, kept, letter));
    return this.offer(row, { restore: () => discard(kept.id, false) });
  }

  record({ row: kept, state, letter }) {
    const row = this.row(kept.id, letter.label);
    slot(row, "state").append(stateTag(state, kept, letter.answer));
    const more = [];
    if (state === "attention") more.push(reasonOf(kept, letter.answer)[1]);
    else if (state === "waiting" && kept.failed) {
      more.push(words.failed[kept.failed] ?? "");
      if (kept.next_at > Date.now()) more.push(words.next_try.replace("{at}", momentOf(kept.next_at)));
    }
    slot(row, "more").textContent = more.filter(Boolean).join(" ");
    this.tell(row, this.facts(row, kept, letter));
    const change = kept.kind === KIND && this.kit && !letter.isBlank ? () => this.change(kept, letter) : null;
    const isLatest = this.latest.get(letter.expected.session ?? kept.id) === kept.id;
    const isConflict = isChoice({ row: kept, letter });
    // What was chosen and taken back lies among the drafts: a second choice would stand beside it.
    const begun = isConflict && this.begun.get(letter.answer.kept?.version);
    return this.offer(row, {
      open: begun ? `${this.page.dataset.log}?kladde=${begun}` : null,
      choose: isConflict && !begun ? `${this.page.dataset.conflict}?sendt=${kept.id}` : null,
      change: state === "sending" || isConflict || !isLatest ? null : change,
      again: state === "attention" && !isConflict && !letter.isBlank ? () => again(kept.id) : null,
      remove: kept.reason && !isConflict ? () => this.remove(kept.id, () => discard(kept.id), () => discard(kept.id, false)) : null,
    });
  }

  /** Another version took its place; it stays readable. */
  replaced({ row: kept, letter }) {
    const row = this.row(kept.id, letter.label);
    slot(row, "more").textContent = momentOf(kept.made_at);
    this.tell(row, this.facts(row, kept, letter));
    return this.offer(row, {});
  }

  /** What a record says: in the words of the kit, of a training it does not know as it was queued. */
  facts(row, kept, letter) {
    if (kept.kind !== KIND || letter.isBlank) return letter.facts;
    const { pairing, content } = letter.body;
    const kit = this.kit && recalling(this.kit, letter.memory);
    const isKnown = kit && trainingsOf(kit).some(({ id }) => id === pairing);
    if (isKnown || (kit && !letter.facts.length)) return pairsFrom(content, kit);
    if (letter.facts.length) return letter.facts;
    return [[row.dataset.text, this.textsOf((name) => letter.body.content[name])]];
  }

  textsOf(said) {
    return TEXTS.map(said).filter(Boolean).join("\n\n") || words.nothing_written;
  }

  /** Two versions of a session that this device did not meet itself, and between which nobody chose here. */
  rivals(attention, joined) {
    const met = new Set(attention.filter(isChoice).map(({ letter }) => letter.expected.session));
    const isOpen = ({ session, kept: { version } }) =>
      !met.has(session) && !joined.has(version) && !this.begun.has(version);
    return (this.kit?.beside ?? []).filter(isOpen);
  }

  rival(one) {
    const told = toldFrom(one.current.content, this.kit);
    const said = (name) => told.find((fact) => fact.name === name).text;
    const row = this.row(`beside-${one.kept.version}`, `${said("held_on")}, ${said("participants")}`);
    slot(row, "state").append(stateTag("attention", { reason: "conflict", kind: KIND }));
    slot(row, "more").textContent = words.reasons.conflict[1];
    this.tell(row, []);
    return this.offer(row, { choose: `${this.page.dataset.conflict}?ved=${one.kept.version}` });
  }

  tell(row, facts) {
    const details = row.querySelector("details");
    if (!facts.length) return details.remove();
    details.append(factsOf(facts));
  }

  async change(kept, letter) {
    const { id } = await ofRecord(kept, letter, KIND, draftOf(this.kit));
    location.assign(`${this.page.dataset.log}?kladde=${id}`);
  }

  async sendNow() {
    const button = part(this.page, "send-now");
    button.setAttribute("aria-disabled", "true");
    await run({ asked: true });
    button.removeAttribute("aria-disabled");
    await this.draw();
    // Where all was sent the button is gone: the focus goes to what has become of it.
    if (button.hidden) part(this.page, "sent").querySelector("h2").focus();
  }
}
