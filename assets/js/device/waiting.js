// What waits for somebody: sessions to confirm and to think about, what was agreed, what was handed
// over and has to be followed up. Read and answered without net; answers wait in the queue.
import { hasCprLike } from "./identity.js";
import { box, filled, h, html, say, tag, words } from "./draw.js";
import { complain } from "./forms.js";
import { whenOpen } from "./gate.js";
import { kitOf, renewKit } from "./kits.js";
import { again } from "./queue.js";
import { keepRecord, recordsOf } from "./records.js";
import { subscribe } from "./rows.js";
import { typedBy } from "./typed.js";

const slot = (page, name) => page.querySelector(`[data-slot="${name}"]`);

/** How often it is looked whether somebody has done writing. */
const LOOK_AGAIN = 500;

/**
 * Draw from the kit of this name now, and anew when the server has another one or a record has moved.
 * Nothing is drawn over a form in which somebody is, nor under a finger; what was typed in the others
 * stands there again.
 */
async function fill(page, name, draw) {
  const owner = await whenOpen(page);
  const body = slot(page, "body");
  const typed = await typedBy(owner, (form, told) => tellKept(body, form, told));
  let kit = await kitOf(owner, name);
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
      const drawn = kit ? await draw(kit, owner, typed) : [];
      if (isBusy()) {
        isStale = true;
        continue;
      }
      replace(body, drawn.filter(Boolean));
      slot(page, "empty").hidden = Boolean(kit);
    }
  }

  function show() {
    isStale = true;
    return (drawing ??= drawAll().finally(() => (drawing = null)));
  }

  await show();
  subscribe((detail) => detail.draft || show());
  const fresh = await renewKit(owner, name);
  if (fresh !== null) {
    kit = fresh;
    await show();
  }
}

/** What was open stays open. */
function replace(body, drawn) {
  const open = [...body.querySelectorAll("details[open]")].map((one) => one.dataset.key);
  body.replaceChildren(...drawn);
  for (const key of open) body.querySelector(`details[data-key="${CSS.escape(key)}"]`)?.setAttribute("open", "");
}

/** Say at the form that it is kept, or that it is not. */
function tellKept(body, name, { failure }) {
  const line = body.querySelector(`form[data-name="${CSS.escape(name)}"] [data-kept]`);
  if (!line) return;
  line.classList.toggle("error", Boolean(failure));
  line.textContent = failure ? words.not_kept : words.kept;
}

/** The latest record about each subject. */
async function latestOf(owner, kind) {
  return new Map((await recordsOf(owner, kind)).map((record) => [record.subject, record]));
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

/** One field to write in, with its button; `send` gets the text, all fields and the draft of it. */
function writing(typed, { name, title, label, text = "", rows = 3, press, send, more = [] }) {
  const id = `field-${name}`;
  const field = h("textarea", { name, id, rows, maxlength: 500 });
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
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const said = field.value.replace(/\r\n?/g, "\n").trim();
    if (hasCprLike(said)) return complain(form, [[name, words.cpr]]);
    const given = new FormData(form);
    try {
      const missing = await typed.queue(name, (draft) => send(said, given, draft));
      if (missing) return complain(form, missing);
    } catch {
      return complain(form, [[name, words.not_kept]]);
    }
    document.activeElement?.blur();
  });
  return form;
}

// --- /enhed/bekraeft/ -----------------------------------------------------------------------------

export function tellConfirming(page) {
  return fill(page, "confirm", async (kit, owner, typed) => {
    const [confirmed, reflected, agreed] = await Promise.all(["confirm", "reflection",
      "agreement"].map((kind) => latestOf(owner, kind)));
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
  const confirm = () => keepRecord("confirm", one.session, { version: one.version },
    { label: filled(words.record_confirm, { label: textOf(one.label) }) });
  return h(
    "section",
    { class: "box" },
    say("h3", one.label),
    html(drawn(one.html)),
    isThis ? h("p", {}, stateOf(record)) : one.may_confirm
      ? h("p", { class: "buttons" }, h("button", { type: "button", class: "button", on: { click: confirm } },
      words.confirm)) : box("info", words.two_versions),
  );
}

const textOf = (texts) => say("span", texts).textContent;

function toDo(one, record) {
  const done = () => keepRecord("agreement", one.id, { done: true },
    { label: filled(words.record_agreement, { label: textOf(one.label) }) });
  const press = h("button", { type: "button", class: "button button-secondary button-small", on: { click: done } },
    words.mark_done, h("span", { class: "visually-hidden" }, `: ${textOf(one.label)}`));
  return h("li", {}, h("div", { class: "task" }, say("span", one.label)),
    record ? h("span", {}, stateOf(record)) : press);
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
  return fill(page, "handover", async (kit, owner, typed) => {
    const followed = await latestOf(owner, "follow-up");
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
  const waits = record && record.state !== "attention";
  const finish = async (note, _given, draft) => {
    if (!note) return [[`note-${one.id}`, words.write_a_line]];
    await keepRecord("follow-up", one.id, { what: "finish", note },
      { label, facts: [[words.how_it_goes, note]], replaces, draft });
    return null;
  };
  const move = async (reason, given, draft) => {
    const to = given.get(`to-${one.id}`);
    if (!to || to <= one.due_on) return [[`to-${one.id}`, words.later_day]];
    if (!reason) return [[`reason-${one.id}`, words.write_why]];
    await keepRecord("follow-up", one.id, { what: "move", to_on: to, seen_on: one.due_on, reason },
      { label, facts: [[words.why, reason]], replaces, draft });
    return null;
  };
  const said = record?.content ?? {};
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
