// Reading what was taken along: its list, a lesson with its quiz, a case, and where one says one is.
// Nothing is asked of the net. What is done here waits in the queue as records.
import { hasCprLike } from "./identity.js";
import { hear, tell } from "./channel.js";
import { momentAt, lasting, replay, minutesOf } from "./cases.js";
import { box, chosen, counted, filled, h, html, language, paragraphs, say, tag, words } from "./draw.js";
import { complain, oneAtATime } from "./forms.js";
import { kitOf, renewKit, toldAt } from "./kits.js";
import { count, isLeftOut, judge, linesOf, partsOf as answeredParts, readForm } from "./marking.js";
import { keepRecord, recordsOf } from "./records.js";
import { get, put, remove } from "./store.js";
import { downloadsOf, partsOf, picture, readPiece } from "./travel.js";
import { author, beforeLock, currentOwner, isOpen, isSetUp, Locked, nameOf, onLock, onOpen, seal, unseal } from "./vault.js";

const KIT = "courses";
const PAUSE = 2000; // passing by is not reading
const RATING = "kompetencer";
const QUIET = 300; // milliseconds after the last letter or tick

const slot = (page, name) => page.querySelector(`[data-slot="${name}"]`);
const at = (id, part = "") => `#${encodeURIComponent(id)}${part ? `/${part}` : ""}`;

/** Fill the page, and anew whenever its address or the lock changes. */
export async function tellReading(page) {
  let turn = 0;
  // Somebody has answered, chosen or pressed something since it was drawn: nothing is drawn over that.
  let isWorkedIn = false;
  let drawnFor = null; // whose answers stand here: nobody else sees them, or sends them as theirs
  for (const kind of ["input", "submit"]) slot(page, "body").addEventListener(kind, () => (isWorkedIn = true), true);
  slot(page, "body").addEventListener("click", ({ target }) => target.closest("button") && (isWorkedIn = true), true);
  async function show({ focus = true } = {}) {
    const mine = ++turn;
    flushAnswers();
    const drawn = await drawAddress(page).catch((failure) => {
      if (failure instanceof Locked) return [box("info", words.locked)];
      throw failure;
    });
    if (mine !== turn) return;
    isWorkedIn = false;
    drawnFor = await currentOwner();
    slot(page, "body").replaceChildren(...drawn.flat().filter(Boolean));
    await showPictures(page);
    const heading = page.querySelector("h1");
    document.title = `${heading?.textContent ?? ""} – Sidemand`;
    if (!focus || !heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  addEventListener("hashchange", () => show());
  onLock(() => show({ focus: false }));
  onOpen(async () => {
    const isAnothers = drawnFor !== null && drawnFor !== (await currentOwner());
    if (!isWorkedIn || isAnothers) return show({ focus: false });
    await flushAnswers();
    for (const told of page.querySelectorAll("form [data-unkept]")) told.remove();
  });
  hear("answered", ({ name }) => name === answering && !isWorkedIn && show({ focus: false }));
  beforeLock(() => flushAnswers());
  addEventListener("pagehide", () => flushAnswers());
  page.addEventListener("drawn", () => show());
  await findByPath();
  await show({ focus: false });
  const owner = await currentOwner();
  if (owner && navigator.onLine && (await isOpen()) && (await renewKit(owner, KIT)) && !isWorkedIn) await show({ focus: false });
}

/** Whoever asked for the ordinary address of a lesson is led to the one that is here. */
async function findByPath() {
  const path = new URLSearchParams(location.search).get("sti");
  if (!path) return;
  const owner = await currentOwner();
  for (const row of owner ? await downloadsOf(owner) : []) {
    const found = row.current && partsOf(row.current).find((one) => one.path === path);
    const here = found ? at(row.id, found.id) : row.current?.path === path ? at(row.id) : "";
    if (here) return history.replaceState(null, "", location.pathname + here);
  }
}

async function drawAddress(page) {
  const [id, part] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const owner = await currentOwner();
  if (id === RATING) return drawRating(page, owner);
  const rows = owner ? await downloadsOf(owner) : [];
  const row = rows.find((one) => one.id === id && one.current);
  if (!row) return [h("h1", {}, words.not_here), h("p", {}, h("a", { href: page.dataset.list }, words.to_list))];
  const done = await doneBy(owner);
  if (!part) return drawOutline(page, row, done);
  const parts = partsOf(row.current);
  const place = parts.findIndex((one) => one.id === part);
  if (place < 0) return [h("h1", {}, words.not_here), h("p", {}, h("a", { href: at(id) }, words.to_course))];
  const here = { page, row, owner, done, part: parts[place], next: parts[place + 1] };
  return parts[place].kind === "case" ? drawCase(here) : drawLesson(here);
}

// --- What is done, here and elsewhere -------------------------------------------------------------

/** What the server knew when it was asked last, and what was done here since; null while locked. */
async function doneBy(owner) {
  if (!owner || !(await isOpen())) return null;
  const kit = (await kitOf(owner, KIT).catch(() => null)) ?? {};
  const mapOf = (told) => new Map(Object.entries(told ?? {}));
  const done = { read: new Set(kit.read), cases: mapOf(kit.cases), levels: mapOf(kit.levels), kit };
  const told = await toldAt(owner, KIT);
  for (const { kind, subject, content, row, state } of await recordsOf(owner, "lesson-read", "case-play", "own-rating")) {
    if (row.deleted_at || row.replaced_by || row.reason) continue;
    // Of a level that arrived the kit knows better: another device may have said another since.
    if (kind === "own-rating" && state === "received" && row.changed_at < told) continue;
    if (kind === "lesson-read") done.read.add(subject);
    else if (kind === "case-play") done.cases.set(subject, done.cases.get(subject) ?? "");
    else for (const [key, level] of Object.entries(content.levels)) done.levels.set(key, level);
  }
  return done;
}

/** Keep a record; where the device is locked, say so and keep nothing. */
async function tryToKeep(...record) {
  try {
    await keepRecord(...record);
    return Object.assign([tag("info", words.waiting)], { isKept: true });
  } catch (failure) {
    if (failure instanceof Locked) return [await lockedBox(document.querySelector("[data-device=reading]"))];
    if (failure.name === "Full") return [box("error", words.full)];
    throw failure;
  }
}

async function lockedBox(page, beside = {}) {
  const onwards = `?videre=${encodeURIComponent(location.pathname + location.hash)}`;
  const isReady = await isSetUp();
  const href = (isReady ? page.dataset.unlock : page.dataset.ready) + onwards;
  return h("div", { "data-unkept": true }, box("warning", isReady ? words.locked_here : words.not_set_up,
    h("p", {}, h("a", { href, ...beside }, isReady ? words.unlock : words.set_up,
      beside.target ? ` (${words.beside})` : ""))));
}

// --- Answers that are not sent yet ------------------------------------------------------------------

let flushAnswers = async () => null;
let answering = null; // the form of this page

/**
 * Keep what stands in a form sealed under `name` as it is ticked or typed, and let it stand there again
 * as long as the form is that of `of`. While the device is locked it stands in the form alone, and is
 * kept once it is open: with the key of `owner`, whoever has opened it. `isWorth` says which entries are kept.
 * Gives what forgets it, when it has been sent.
 */
async function keepAnswers(form, owner, name, of, isWorth = () => true) {
  const key = `answers:${name}`;
  const kept = owner && (await isOpen()) && (await get("kits", [owner, key]));
  const told = kept && (await unseal(kept.sealed, nameOf("kits", owner, key)).catch(() => null));
  if (told?.of === of) putBack(form, told.given);
  let isDirty = false;
  let timer = null;
  async function flush() {
    clearTimeout(timer);
    if (!isDirty || !owner) return;
    isDirty = false;
    try {
      const given = [...new FormData(form)].filter(isWorth);
      const sealed = await seal({ of, given }, nameOf("kits", owner, key), await author(owner));
      await put("kits", { owner, name: key, etag: null, changed_at: Date.now(), size: sealed.length, sealed });
      tell("answered", { name });
    } catch {
      isDirty = true; // no room, or locked meanwhile: with the next one
    }
  }
  form.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(flush, QUIET);
  });
  flushAnswers = flush;
  answering = name;
  return async () => {
    clearTimeout(timer);
    isDirty = false;
    if (owner) await remove("kits", [owner, key]);
  };
}

/** Let a form hold what it held; of what nobody ticked stands what was drawn. */
function putBack(form, given) {
  const left = [...given];
  const names = new Set(given.map(([name]) => name));
  for (const field of form.elements) {
    if (!names.has(field.name)) continue;
    const isTick = field.type === "radio" || field.type === "checkbox";
    const at = left.findIndex(([name, value]) => name === field.name && (!isTick || value === field.value));
    if (isTick) field.checked = at >= 0;
    else if (at >= 0) field.value = left[at][1];
    if (at >= 0) left.splice(at, 1);
  }
}

// --- The list of a course -------------------------------------------------------------------------

const titled = ([text, code], attributes = {}, name = "span") =>
  h(name, { lang: code && code !== language ? code : null, ...attributes }, text);

const status = (isDone) => (isDone ? tag("good", words.done) : tag("plain", words.not_begun));

/** What one may leave out says so; a list from before that was told marks nothing. */
const mark = ({ optional }) => (optional ? ` · ${words.optional}` : "");

function drawOutline(page, row, done) {
  const { current } = row;
  const line = (one, isDone) =>
    h(
      "li",
      {},
      h("div", { class: "task" }, titled(one.title, { href: at(row.id, one.id) }, "a"),
        h("p", { class: "help" }, filled(words.min, { minutes: one.minutes }), mark(one))),
      done && status(isDone),
    );
  return [
    h("p", {}, h("a", { class: "back", href: page.dataset.list }, words.to_list)),
    titled(current.title, {}, "h1"),
    current.left_out ? box("info", counted(words.left_out, current.left_out)) : null,
    current.modules.map((module) => [
      h("h2", {}, module.number ? `${filled(words.module, { number: module.number })}: ` : "", titled(module.title),
        module.optional && h("span", { class: "small muted" }, mark(module))),
      h(
        "ul",
        { class: "task-list" },
        module.lessons.map((one) => line(one, done?.read.has(one.id))),
        module.cases.map((one) => line(one, done?.cases.has(one.id))),
      ),
    ]),
    done && h("p", {}, h("a", { href: `#${RATING}` }, words.rate)),
  ].flat(2);
}

// --- A lesson -------------------------------------------------------------------------------------

const hashOf = ({ pieces }, kind) => pieces.find(([, one]) => one === kind)?.[0];

async function drawLesson(here) {
  const { row, part, next, done } = here;
  const text = await readPiece(hashOf(part, "lesson"));
  if (!text) return [h("h1", {}, words.not_here)];
  const { module } = part;
  const place = filled(words.place, { module: module.number ?? "",
    number: module.lessons.findIndex(({ id }) => id === part.id) + 1, all: module.lessons.length });
  const quizHash = hashOf(part, "quiz");
  const quiz = quizHash && (await drawQuiz(here, quizHash));
  return [
    h("p", {}, h("a", { class: "back", href: at(row.id) }, words.to_course)),
    h("p", { class: "muted small" }, place, mark(part)),
    titled(part.title, {}, "h1"),
    text.introduction ? h("p", { class: "lead",
      lang: text.introduction_is_danish && language !== "da" ? "da" : null }, text.introduction) : null,
    h("div", { class: "prose" }, html(text.before)),
    quiz,
    text.after.trim() ? h("div", { class: "prose" }, html(text.after)) : null,
    done?.read.has(part.id) ? h("p", {}, tag("good", words.done)) : drawEnd(here),
    h("p", { class: "buttons" }, next ? h("a", { class: "button", rel: "next", href: at(row.id, next.id) },
      h("span", {}, `${words.next} `, titled(next.title)))
      : h("a", { class: "button", href: at(row.id) }, words.to_course)),
  ];
}

/** Reaching the end marks the lesson read; so does the button. Where it is locked nobody is asked twice. */
function drawEnd({ row, part }) {
  const state = h("p", { role: "status" });
  let isSent = false;
  let timer;
  async function keep() {
    if (isSent) return;
    isSent = true;
    observer?.disconnect();
    const label = filled(words.record_read, { title: part.title[0] });
    const told = await tryToKeep("lesson-read", part.id, { as_of: row.as_of }, { label });
    isSent = press.hidden = Boolean(told.isKept); // else the button stays, to be pressed again
    state.replaceChildren(...(isSent ? [tag("good", words.done), " "] : []), ...told);
  }
  const press = h("button", { type: "button", class: "button button-secondary", on: { click: keep } },
    words.mark_read);
  const observer =
    "IntersectionObserver" in window
      ? new IntersectionObserver(([entry]) => {
          clearTimeout(timer);
          if (entry.isIntersecting) timer = setTimeout(async () => (await isOpen()) && keep(), PAUSE);
        })
      : null;
  observer?.observe(press);
  return h("div", {}, press, state);
}

async function showPictures(page) {
  for (const image of page.querySelectorAll("img[data-piece]")) {
    const blob = await picture(image.dataset.piece);
    if (!blob) image.replaceWith(h("p", { class: "help" }, filled(words.no_picture, { text: image.alt })));
    else image.src = URL.createObjectURL(blob);
  }
}

// --- A quiz ---------------------------------------------------------------------------------------

/** A link that opens beside the page: what stands in the form stays there. */
const BESIDE = { target: "_blank", rel: "opener" };

async function drawQuiz(here, hash) {
  const piece = await readPiece(hash);
  if (!piece) return null;
  const { row, part } = here;
  const form = h("form", { novalidate: true, "data-prefix": words.error_prefix });
  const state = h("div", { role: "status" });
  form.append(
    h("p", { class: "help" }, words.quiz_help),
    html(piece.form),
    h("div", { class: "buttons" }, h("button", { class: "button" }, words.send_answers)),
    state,
  );
  const forget = await keepAnswers(form, here.owner, part.id, hash);
  if (!(await isOpen())) state.append(await lockedBox(here.page, BESIDE));
  const section = h("section", { id: "quiz", "aria-labelledby": "quiz-title" },
    h("h2", { id: "quiz-title" }, words.quiz), form);
  form.addEventListener("submit", oneAtATime(async () => {
    const { answers, missing } = readForm(form, piece.questions);
    const errors = missing.map(([name, number, code]) => [name, filled(words.missing[code], { number })]);
    for (const field of form.querySelectorAll("input:not([type=radio]):not([type=checkbox])")) {
      if (hasCprLike(field.value)) errors.push([field.name, words.cpr]);
    }
    if (errors.length) return complain(form, errors);
    if (!(await isOpen())) return state.replaceChildren(await lockedBox(here.page, BESIDE));
    const result = count(piece.questions, answers, part.pass_percent);
    const label = filled(words.record_quiz, { title: part.title[0], ...result });
    const content = { answers, language, piece: hash, as_of: row.as_of };
    const told = await tryToKeep("quiz-attempt", part.id, content, { label, owner: here.owner });
    if (told.isKept) await forget();
    section.replaceChildren(...drawResult(here, piece, answers, result, told));
    section.querySelector("h2").focus();
  }));
  return section;
}

function drawResult({ page }, piece, answers, result, told) {
  const again = h("button", { type: "button", class: "button button-secondary",
    on: { click: () => page.dispatchEvent(new Event("drawn")) } }, words.try_again);
  return [
    h("h2", { id: "quiz-title", tabindex: "-1" }, filled(words.score, result)),
    h("p", {}, result.passed ? tag("good", words.passed) : tag("warm", words.not_passed), " ", ...told),
    h("p", { class: "help" }, words.server_counts),
    piece.questions.map((question, index) => drawAnswer(question, answers[question.version], index + 1)),
    h("p", { class: "buttons" }, again),
  ].flat();
}

function drawAnswer(question, given, number) {
  const { content, said } = question;
  const { right, parts } = judge(question, given);
  const verdict = isLeftOut(question) ? tag("plain", words.not_counted) : right === parts ? tag("good", words.right)
    : tag("bad", words.not_right);
  const lines = linesOf(question, given);
  const found = lines ? [] : answeredParts(question, given, (gap) => filled(words.gap, { gap }));
  const because = (row) => (row && said[row.id] ? html(said[row.id]) : null);
  return h(
    "section",
    { class: "answer" },
    h("h3", {}, filled(words.question, { number })),
    h("p", {}, verdict),
    chosen(content.situation)[0] ? say("p", content.situation) : null,
    h("p", {}, say("strong", withGaps(content.text))),
    content.older?.includes(language) ? h("p", { class: "small muted" }, words.older) : null,
    !lines && right > 0 && right < parts ? h("p", {}, filled(words.partly, { right, parts })) : null,
    lines &&
      h("ul", {}, lines.map((line) =>
        h("li", {}, say("span", line.text), " ", line.isChosen ? tag("info", words.your_answer) : null,
          line.isRight ? tag("good", words.right_answer) : null,
          because(line.said)))),
    found.length
      ? h("ul", {}, found.map((one) =>
          h("li", {}, one.label && chosen(one.label)[0] ? h("p", {}, say("strong", one.label)) : null,
            h("p", {}, `${words.your_answer}: `, say("span", one.given), " ",
              one.isRight ? tag("good", words.right) : tag("bad", words.not_right)),
            one.isRight ? null : h("p", {}, `${words.right_answer}: `, say("span", one.right)),
            because(one.said))))
      : null,
    chosen(content.feedback)[0] ? say("p", content.feedback) : null,
    question.rule ? html(question.rule) : null,
  );
}

const GAP = /\[\[\s*(\d{1,2})\s*\]\]/g;
const withGaps = (texts) => Object.fromEntries(Object.entries(texts).map(([code, text]) => [code,
  text.replace(GAP, "($1) ______")]));

// --- A case ---------------------------------------------------------------------------------------

/** How far a case is that has not ended: kept sealed, so that closing the lid loses nothing. */
const playName = (part) => `play:${part.id}`;

async function openPlay({ owner, part }) {
  if (!owner || !(await isOpen())) return null;
  const row = await get("kits", [owner, playName(part)]);
  return row ? unseal(row.sealed, nameOf("kits", owner, playName(part))).catch(() => null) : null;
}

async function keepPlay({ owner, part }, play) {
  if (!owner || !(await isOpen())) return;
  const name = playName(part);
  if (!play) return remove("kits", [owner, name]);
  const sealed = await seal(play, nameOf("kits", owner, name), await author(owner));
  await put("kits", { owner, name, etag: null, changed_at: Date.now(), size: sealed.length, sealed });
}

async function drawCase(here) {
  const { row, part } = here;
  const piece = await readPiece(hashOf(part, "case"));
  if (!piece) return [h("h1", {}, words.not_here)];
  const frame = h("div");
  const kept = await openPlay(here);
  // A case that was changed since is begun anew: the way may not be there any more.
  const path = kept?.version === piece.version ? kept.path : null;
  const lead = [
    h("p", {}, h("a", { class: "back", href: at(row.id) }, words.to_course)),
    titled(part.title, {}, "h1"),
  ];
  if (path?.length) frame.replaceChildren(...drawStep(here, piece, frame, path));
  else {
    const begin = h("button", { type: "button", class: "button", on: { click: () => go(here, piece, frame, []) } },
      words.begin_case);
    frame.append(piece.introduction ? h("p", {}, piece.introduction) : "", html(piece.before),
      h("p", { class: "buttons" }, begin));
  }
  return [...lead, frame];
}

async function go(here, piece, frame, path) {
  const run = replay(piece.content, path);
  if (!run.isEnded) {
    await keepPlay(here, { version: piece.version, path });
    frame.replaceChildren(...drawStep(here, piece, frame, path));
  } else {
    const content = { version: piece.version, path, as_of: here.row.as_of };
    const label = filled(words.record_case,
      { title: here.part.title[0], ending: words.endings[run.ending || "fair"] });
    const told = await tryToKeep("case-play", here.part.id, content, { label, owner: here.owner });
    if (told.isKept) await keepPlay(here, null); // else it stands where it was, to be ended again
    frame.replaceChildren(...drawEnded(here, piece, frame, run, path, told));
  }
  const first = frame.querySelector("h2");
  first.tabIndex = -1;
  first.focus();
}

function drawStep(here, piece, frame, path) {
  const run = replay(piece.content, path);
  const form = h("form", { novalidate: true, "data-prefix": words.error_prefix });
  form.append(
    h(
      "fieldset",
      { class: "field" },
      h("legend", {}, words.what_do_you_do),
      h("div", { class: "choices" }, run.step.choices.map((choice) =>
        h("label", { class: "choice" }, h("input",
          { type: "radio", name: "choice", value: choice.id, id: `choice-${choice.id}` }), " ",
          say("span", choice.text)))),
    ),
    h("div", { class: "buttons" }, h("button", { class: "button" }, words.do_it)),
  );
  form.addEventListener("submit", oneAtATime(async () => {
    const value = new FormData(form).get("choice");
    if (!value) return complain(form, [["choice", words.choose_one]]);
    await go(here, piece, frame, [...path, [run.step.key, value]]);
  }));
  const back = path.length
    ? h("div", { class: "case-ways" },
        h("button", { type: "button", class: "button button-secondary",
          on: { click: () => go(here, piece, frame, path.slice(0, -1)) } }, words.step_back),
        h("button", { type: "button", class: "button button-quiet",
          on: { click: () => go(here, piece, frame, []) } }, words.begin_again))
    : null;
  return [...drawLast(piece, run), drawNow(run), form, back].filter(Boolean);
}

function drawLast(piece, run) {
  const last = run.moves.at(-1);
  if (!last) return [];
  const { choice } = last;
  const took = minutesOf(choice.takes);
  return [
    h("section", { class: "box case-consequence" }, h("h2", {}, words.what_came),
      say("p", choice.text, { class: "muted" }), paragraphs(choice.consequence),
      took ? h("p", { class: "small" }, filled(words.took, { time: spanInWords(choice.takes) })) : null),
    piece.rules[choice.rule] ? html(piece.rules[choice.rule]) : null,
  ].filter(Boolean);
}

function drawNow(run) {
  return h(
    "section",
    { class: "case-now" },
    h("p", { class: "case-clock" }, h("span", { class: "visually-hidden" }, words.clock_of_case),
      ` ${momentInWords(run.content, run.now)}`),
    run.limits.length ? h("ul", { class: "case-limits", "aria-label": words.deadlines },
      run.limits.map((limit) => h("li", {}, say("span", limit.deadline.name), " ", limitTag(run, limit)))) : null,
    say("h2", run.step.heading),
    h("div", { class: "prose", lang: chosen(run.step.text)[1] || null }, html(chosen(run.step.text)[0])),
  );
}

function limitTag(run, limit) {
  if (limit.state === "met") return tag("good", filled(words.met, { moment: shortMoment(run.content, limit.met) }));
  if (limit.state === "late") return tag("bad", filled(words.late, { moment: shortMoment(run.content, limit.met) }));
  const time = lastingInWords(Math.abs(limit.left));
  return limit.state === "missed" ? tag("bad", filled(words.missed, { time }))
    : tag("info", filled(words.time_left, { time }));
}

function drawEnded(here, piece, frame, run, path, told) {
  const kinds = { good: "good", fair: "warm", bad: "bad" };
  const verdicts = { good: "good", acceptable: "plain", poor: "bad" };
  const elsewhere = (keep) => h("button",
    { type: "button", class: "button button-secondary",
    on: { click: () => go(here, piece, frame, path.slice(0, keep)) } },
    keep ? words.choose_differently : words.another_way);
  return [
    ...drawLast(piece, run),
    drawNow(run),
    h("section", {}, h("h2", {}, words.how_it_ended),
      h("p", {}, tag(kinds[run.ending || "fair"], words.endings[run.ending || "fair"]), " ", ...told),
      run.isSpoilt ? h("p", {}, words.spoilt) : null,
        chosen(run.step.closing)[0] ? paragraphs(run.step.closing) : null,
      h("p", { class: "buttons" }, elsewhere(0))),
    h("section", {}, h("h2", {}, words.your_choices),
      h("ol", { class: "case-choices" }, run.moves.map((move) =>
        h("li", {}, say("h3", move.step.heading),
          h("p", { class: "small muted" }, momentInWords(run.content, move.at)),
          h("p", {}, say("strong", move.choice.text)),
          move.choice.verdict ? h("p", {}, tag(verdicts[move.choice.verdict], words.verdicts[move.choice.verdict]))
            : null,
          paragraphs(move.choice.consequence),
            piece.rules[move.choice.rule] ? html(piece.rules[move.choice.rule]) : null,
          move.number ? elsewhere(move.number) : null)))),
  ];
}

const two = (number) => String(number).padStart(2, "0");

function shortMoment(content, elapsed) {
  const moment = momentAt(content, elapsed);
  return filled(words.weekday_at, { weekday: words.weekdays[moment.weekday],
    time: `${Math.floor(moment.minute / 60)}.${two(moment.minute % 60)}` });
}

function momentInWords(content, elapsed) {
  const short = shortMoment(content, elapsed);
  return filled(words.moment, { moment: short.charAt(0).toUpperCase() + short.slice(1),
    day: momentAt(content, elapsed).day });
}

function parted({ days, hours, minutes }) {
  const parts = [[words.days, days], [words.hours, hours],
    [words.minutes, minutes]].filter(([, number]) => number).map(([word, number]) => counted(word, number));
  return parts.length > 1 ? filled(words.and, { first: parts[0], last: parts[1] }) : parts[0]
    ?? counted(words.minutes, 0);
}

const lastingInWords = (minutes) => parted(lasting(minutes));
const spanInWords = ({ amount, unit }) => (unit in words.units ? counted(words.units[unit], amount)
  : parted({ [unit]: amount }));

// --- Where one says one is ------------------------------------------------------------------------

async function drawRating(page, owner) {
  const done = await doneBy(owner);
  const heading = h("h1", {}, words.rate);
  if (!done) return [heading, await lockedBox(page)];
  const { frameworks = [], level_names: names = [] } = done.kit;
  if (!frameworks.length) return [heading, box("info", words.no_ratings_here)];
  const form = h("form", { novalidate: true, "data-prefix": words.error_prefix });
  const state = h("div", { role: "status" });
  form.append(
    h("p", { class: "help" }, words.rate_help),
    ...frameworks.flatMap(({ title, competences }) => [
      say("h2", title),
      ...competences.map(([key, text]) =>
        h("fieldset", { class: "field" }, say("legend", text),
          h("div", { class: "choices" }, names.map(([value, label]) =>
          h("label", { class: "choice" },
            h("input", { type: "radio", name: key, value, id: `${key}-${value}`,
            checked: done.levels.get(key) === value }), " ", say("span", label)))))),
    ]),
    h("div", { class: "buttons" }, h("button", { class: "button" }, words.keep_rating)),
    state,
  );
  const isNew = ([key, value]) => done.levels.get(key) !== value;
  const forget = await keepAnswers(form, owner, RATING, "", isNew);
  form.addEventListener("submit", oneAtATime(async () => {
    const levels = Object.fromEntries([...new FormData(form)].filter(isNew));
    if (!Object.keys(levels).length) return state.replaceChildren(box("info", words.nothing_new));
    const told = await tryToKeep("own-rating", null, { levels },
      { label: counted(words.record_rating, Object.keys(levels).length), owner });
    if (told.isKept) {
      await forget();
      for (const [key, value] of Object.entries(levels)) done.levels.set(key, value);
    }
    state.replaceChildren(...told);
  }));
  return [h("p", {}, h("a", { class: "back", href: page.dataset.list }, words.to_list)), heading, form];
}
