// What waits for somebody: sessions to confirm and to think about, what was agreed, what was handed
// over and has to be followed up. Read and answered without net; answers wait in the queue.
import { hasCprLike } from "./identity.js";
import { box, filled, h, html, say, tag, words } from "./draw.js";
import { complain, oneAtATime } from "./forms.js";
import { whenOpen } from "./gate.js";
import { kitOf, renewKit, toldAt } from "./kits.js";
import { again } from "./queue.js";
import { keepRecord, recordsOf } from "./records.js";
import { rowsOf, subscribe } from "./rows.js";
import { Full } from "./store.js";
import { typedBy } from "./typed.js";
import { Locked } from "./vault.js";

const slot = (page, name) => page.querySelector(`[data-slot="${name}"]`);

/** How often it is looked whether somebody has done writing. */
const LOOK_AGAIN = 500;
/** How long it is waited for more answers before the kit is asked for anew. */
const SETTLES = 1000;

/**
 * Draw from the kit of this name now, and anew when the server has another one or a record has moved.
 * Nothing is drawn over a form in which somebody is, nor under a finger; what was typed in the others
 * stands there again.
 */
async function fill(page, name, kinds, draw) {
  const owner = await whenOpen(page);
  const body = slot(page, "body");
  const typed = await typedBy(owner, (form, told) => tellKept(body, form, told));
  let isStale = false;
  let drawing = null;
  let later = null;
  const isBusy = () => body.querySelector("form:focus-within, :active") !== null;

  async function drawAll() {
    while (isStale) {
      if (isBusy()) {
        later ??= setTimeout(() => {
          later = null;
          show();
        }, LOOK_AGAIN);
        return;
      }
      isStale = false;
      const [kit, told] = await Promise.all([kitOf(owner, name), toldAt(owner, name)]);
      const latest = (kind) => latestOf(owner, kind, told);
      const drawn = kit ? await draw(kit, latest, typed) : [];
      if (isBusy()) {
        isStale = true;
        continue;
      }
      replace(body, drawn.filter(Boolean), typed);
      slot(page, "empty").hidden = Boolean(kit);
    }
  }

  function show() {
    isStale = true;
    return (drawing ??= drawAll().finally(() => (drawing = null)));
  }

  /** Ask for the kit; at once where the server has answered something that it does not know of. */
  async function renew() {
    const [told, rows] = await Promise.all([toldAt(owner, name), rowsOf(owner)]);
    const isBehind = rows.some((row) =>
      kinds.includes(row.kind) && (row.receipt || row.reason) && row.changed_at > told);
    const isNew = (await renewKit(owner, name, isBehind ? { fresh: 0 } : {})) !== null;
    if (isNew || (await toldAt(owner, name)) !== told) await show();
  }

  await show();
  let settling = null;
  subscribe((detail) => {
    if (detail.draft) return;
    show();
    clearTimeout(settling);
    settling = setTimeout(renew, SETTLES);
  });
  await renew();
}

/** What was open stays open, and what a form says of its text stays said. */
function replace(body, drawn, typed) {
  const open = [...body.querySelectorAll("details[open]")].map((one) => one.dataset.key);
  const kept = [...body.querySelectorAll("form[data-name]")].map((form) => [form.dataset.name, lineOf(form)]);
  body.replaceChildren(...drawn);
  for (const [name, line] of kept) {
    const form = formOf(body, name);
    if (form && typed.fieldsOf(name)) lineOf(form).replaceWith(line);
  }
  for (const key of open) body.querySelector(`details[data-key="${CSS.escape(key)}"]`)?.setAttribute("open", "");
}

const formOf = (body, name) => body.querySelector(`form[data-name="${CSS.escape(name)}"]`);
const lineOf = (form) => form.querySelector("[data-kept]");

/** Say at the form that it is kept, or that it is not. */
function tellKept(body, name, { failure }) {
  const form = formOf(body, name);
  if (!form) return;
  const line = lineOf(form);
  line.classList.toggle("error", Boolean(failure));
  line.textContent = failure ? words.not_kept : words.kept;
}

/**
 * The latest record about each subject that its author stands by: what was thrown away or said anew
 * is none, and of what was received the kit of `told` knows better.
 */
async function latestOf(owner, kind, told) {
  const standing = (await recordsOf(owner, kind)).filter(({ row }) => !row.deleted_at && !row.replaced_by);
  const latest = new Map(standing.map((record) => [record.subject, record]));
  const isOpen = ({ state, row }) => state !== "received" || row.changed_at >= told;
  return new Map([...latest].filter(([, record]) => isOpen(record)));
}

/** How far a record is, in words; what waits for its author can be sent as it is, or anew. */
function stateOf(record) {
  if (record.state === "received") return [tag("good", words.received)];
  if (record.state !== "attention") return [tag("info", words.waiting)];
  const { answer, row } = record;
  const said = words.reasons[row.reason] ?? answer?.message ?? words.reasons.other;
  const asItIs = row.reason === "look_again"
    && h("button", { type: "button", class: "button button-secondary button-small",
    on: { click: () => again(record.id, { looked_again: true }) } }, words.as_it_is);
  return [box("warning", said, passagesOf(record), asItIs ? h("p", {}, asItIs) : "")];
}

/** What its author is to look at once more: each passage marked, with neutral words for its place. */
function passagesOf({ answer, content }) {
  const lines = Object.entries(answer?.warnings ?? {}).flatMap(([name, places]) => {
    // Places count characters, as the server does, and not halves of an emoji.
    const text = [...(content[name] ?? "").normalize("NFC")];
    const part = (start, end) => text.slice(Math.max(0, start), end).join("");
    return places.map(([kind, start, end]) => h("li", {}, `…${part(start - 20, start)}`,
      h("mark", {}, part(start, end)), `${part(end, end + 20)}… (${words.concerns[kind]})`, h("br"),
      `${words.instead} ${words.wordings[kind].map((one) => `“${one}”`).join(", ")}`));
  });
  return lines.length ? h("ul", {}, lines) : "";
}

/** A button that keeps a record, beside the place where it says that it could not. */
function pressing(kind, said, keep) {
  const failed = h("div", { role: "alert" });
  const press = h("button", { type: "button", class: `button ${kind}`, on: { click: tried } }, said);
  let isPressed = false;
  async function tried() {
    if (isPressed) return;
    isPressed = true;
    try {
      await keep();
    } catch (failure) {
      const why = failure instanceof Full ? words.full : failure instanceof Locked && words.locked;
      if (!why) throw failure;
      failed.replaceChildren(box("error", why));
    } finally {
      isPressed = false;
    }
  }
  return [press, failed];
}

/** One field to write in, with its button; `send` gets the text, all fields and the draft of it. */
function writing(typed, { name, title, label, text = "", rows = 3, press, send, more = [] }) {
  const id = `field-${name}`;
  const field = h("textarea", { name, id, rows });
  field.value = text;
  const form = h(
    "form",
    { novalidate: true, "data-prefix": words.error_prefix, "data-name": name },
    h("div", { class: "field" }, h("label", { for: id }, label), field),
    more,
    h("p", { class: "help", role: "status", "data-kept": true }),
    h("div", { class: "buttons" }, h("button", { class: "button button-secondary" }, press)),
  );
  for (const [key, value] of Object.entries(typed.fieldsOf(name) ?? {})) {
    if (form.elements[key]) form.elements[key].value = value;
  }
  form.addEventListener("input", () =>
    typed.touch(name, { label: title, text: field.value, fields: Object.fromEntries(new FormData(form)) }));
  form.addEventListener("submit", oneAtATime(async () => {
    const said = field.value.replace(/\r\n?/g, "\n").trim().normalize("NFC");
    if (hasCprLike(said)) return complain(form, [[name, words.cpr]]);
    const excess = [...said].length - words.most;
    if (excess > 0) return complain(form, [[name, filled(words.too_long, { excess, most: words.most })]]);
    const given = new FormData(form);
    try {
      const missing = await typed.queue(name, (draft) => send(said, given, draft));
      if (missing) return complain(form, missing);
    } catch {
      return complain(form, [[name, words.not_kept]]);
    }
    document.activeElement?.blur();
  }));
  return form;
}

// --- /enhed/bekraeft/ -----------------------------------------------------------------------------

export function tellConfirming(page) {
  const kinds = ["confirm", "reflection", "agreement"];
  return fill(page, "confirm", kinds, async (kit, latest, typed) => {
    const [confirmed, reflected, agreed] = await Promise.all(kinds.map(latest));
    return [
      kit.sessions.length ? h("h2", {}, words.to_confirm) : null,
      ...kit.sessions.map((one) => toConfirm(one, confirmed.get(one.session))),
      kit.agreements.length ? h("h2", {}, words.agreements) : null,
      kit.agreements.length ? h("ul", { class: "task-list" },
        kit.agreements.map((one) => toDo(one, agreed.get(one.id)))) : null,
      kit.reflections.length ? h("h2", {}, words.reflections) : null,
      ...kit.reflections.map((one) => toThinkAbout(one, reflected.get(one.session), typed)),
    ];
  });
}

function toConfirm(one, record) {
  const isThis = record?.content.version === one.version;
  const [press, failed] = pressing("", words.confirm, () => keepRecord("confirm", one.session, { version: one.version },
    { label: filled(words.record_confirm, { label: textOf(one.label) }), replaces: refusedBefore(record) }));
  return h(
    "section",
    { class: "box" },
    say("h3", one.label),
    html(drawn(one.html)),
    isThis ? h("div", {}, stateOf(record)) : null,
    isThis && !refusedBefore(record) ? null
      : one.may_confirm ? [h("p", { class: "buttons" }, press), failed] : box("info", words.two_versions),
  );
}

/** What the server has refused waits for its author, who may say it anew in its place. */
const refusedBefore = (record) => (record?.row.reason ? record.id : undefined);

const textOf = (texts) => say("span", texts).textContent;

function toDo(one, record) {
  const said = h("span", {}, words.mark_done, h("span", { class: "visually-hidden" }, `: ${textOf(one.label)}`));
  const [press, failed] = pressing("button-secondary button-small", said, () =>
    keepRecord("agreement", one.id, { done: true },
      { label: filled(words.record_agreement, { label: textOf(one.label) }), replaces: refusedBefore(record) }));
  return h("li", {}, h("div", { class: "task" }, say("span", one.label), failed),
    record ? h("div", {}, stateOf(record)) : null, record && !refusedBefore(record) ? null : press);
}

function toThinkAbout(one, record, typed) {
  const waits = Boolean(record) && record.state !== "received";
  const name = `text-${one.session}`;
  const title = filled(words.record_reflection, { label: textOf(one.label) });
  const send = async (text, _given, draft) => {
    const replaces = record?.state === "attention" ? record.id : undefined;
    const seen = record?.answer?.kept?.number ?? record?.answer?.outcome?.number ?? one.number;
    await keepRecord("reflection", one.session, { text, seen },
      { label: title, facts: [[words.reflection, text]], replaces, draft });
  };
  const kept = record?.answer?.kept;
  return h(
    "details",
    { class: "more", open: waits || Boolean(typed.fieldsOf(name)), "data-key": name },
    h("summary", {}, say("span", one.label)),
    record ? h("p", {}, stateOf(record)) : null,
    kept ? box("info", h("p", {}, h("strong", {}, words.stands_now)), h("p", {}, kept.text)) : null,
    waits && record.state !== "attention" ? null
      : writing(typed, { name, title, label: words.reflection, text: record?.content.text ?? one.text,
      press: words.keep, send }),
  );
}

// --- /enhed/overdragelser/ ------------------------------------------------------------------------

export function tellHandedOver(page) {
  return fill(page, "handover", ["follow-up"], async (kit, latest, typed) => {
    const followed = await latest("follow-up");
    return [
      kit.follow_ups.length ? h("h2", {}, words.follow_ups) : null,
      ...kit.follow_ups.map((one) => toFollowUp(one, followed.get(one.id), typed)),
      kit.dossiers.length ? h("h2", {}, words.handed_over) : null,
      ...kit.dossiers.map((one) =>
        h("details", { class: "more", "data-key": `dossier-${one.id}` }, h("summary", {}, filled(words.from_mentor, one)),
          h("div", {}, html(drawn(one.html))))),
    ];
  });
}

const drawn = (texts) => texts[document.documentElement.lang] ?? texts.da;

function toFollowUp(one, record, typed) {
  const label = filled(words.record_follow_up, one);
  const replaces = record?.state === "attention" ? record.id : undefined;
  const isMoved = record?.state === "received" && record.content.what === "move";
  const waits = record && record.state !== "attention" && !isMoved;
  // Until the kit knows of it, the day that it was moved to is the one that stands.
  const due_on = isMoved ? record.content.to_on : one.due_on;
  const finish = async (note, _given, draft) => {
    if (!note) return [[`note-${one.id}`, words.write_a_line]];
    await keepRecord("follow-up", one.id, { what: "finish", note },
      { label, facts: [[words.how_it_goes, note]], replaces, draft });
    return null;
  };
  const move = async (reason, given, draft) => {
    const to = given.get(`to-${one.id}`);
    if (!to || to <= due_on) return [[`to-${one.id}`, words.later_day]];
    if (!reason) return [[`reason-${one.id}`, words.write_why]];
    await keepRecord("follow-up", one.id, { what: "move", to_on: to, seen_on: due_on, reason },
      { label, facts: [[words.why, reason]], replaces, draft });
    return null;
  };
  const said = isMoved ? {} : (record?.content ?? {});
  const moving = `reason-${one.id}`;
  const day = h("div", { class: "field" }, h("label", { for: `to-${one.id}` }, words.move_to),
    h("input", { type: "date", name: `to-${one.id}`, id: `to-${one.id}`, value: said.to_on ?? null }));
  return h(
    "section",
    { class: "box" },
    h("h3", {}, one.town),
    h("p", {}, `${words.due} ${textOf(one.due)} `, one.is_late ? tag("warm", words.late_follow_up) : null),
    record ? h("p", {}, stateOf(record)) : null,
    waits ? null : writing(typed, { name: `note-${one.id}`, title: label, label: words.how_it_goes, text: said.note,
      press: words.it_is_done, send: finish }),
    waits ? null : h("details", { class: "more", open: Boolean(said.to_on ?? typed.fieldsOf(moving)), "data-key": moving },
      h("summary", {}, words.move_it),
      writing(typed, { name: moving, title: label, label: words.why, text: said.reason, rows: 2, press: words.move,
      send: move, more: [day] })),
  );
}
