// The page on which a course is taken along, and the list of what is here.
import { box, counted, filled, h, sizeInWords, timeInWords, words } from "./draw.js";
import { askToPersist } from "./room.js";
import {
  askContents,
  downloadsOf,
  drop,
  keyOf,
  lookForNews,
  onTravel,
  pause,
  progressOf,
  SignIn,
  speedNow,
  stuck,
  take,
  unstick,
} from "./travel.js";
import { currentOwner, meetServer } from "./vault.js";

const slot = (page, name) => page.querySelector(`[data-slot="${name}"]`);

/** Who is signed in: as this browser knows, else as the server says. */
async function ownerHere() {
  const known = await currentOwner();
  if (known) return known;
  return (await meetServer()).owner;
}

/** How many bytes there is room for; no end of them where the browser does not tell. */
async function free() {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    return quota - usage;
  } catch {
    return Infinity;
  }
}

/** Where something that is here is read. */
export const readAddress = (page, id, part = "") => `${page.dataset.read}#${encodeURIComponent(id)}${part ? `/${part}` : ""}`;

// --- /tag-med/… -----------------------------------------------------------------------------------

/** What it weighs, how long it takes at the present speed, and the button that begins. */
export async function tellTaking(page) {
  let owner;
  let answer;
  const say = (...children) => slot(page, "state").replaceChildren(...children);
  try {
    owner = await ownerHere();
    answer = await askContents(page.dataset.contents);
  } catch (failure) {
    return say(box("warning", failure instanceof SignIn ? words.sign_in : words.no_answer));
  }
  const course = keyOf(owner, answer.contents.id);
  const form = page.querySelector("form");
  const pictures = form.elements.pictures;
  const size = () => answer.contents.size - (pictures && !pictures.checked ? answer.contents.picture_size : 0);

  function tellSize() {
    const speed = speedNow(answer);
    const time = speed ? filled(words.takes, { time: timeInWords(size() / speed) }) : words.speed_unknown;
    slot(page, "size").textContent = `${sizeInWords(size())} · ${time}`;
  }

  async function show() {
    const row = (await downloadsOf(owner)).find((one) => one.course === course);
    form.hidden = Boolean(row);
    if (!row) return say();
    say(await drawDownload(page, row));
  }

  tellSize();
  pictures?.addEventListener("change", tellSize);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ((await free()) < size() * 1.1) return say(box("error", filled(words.no_room, { size: sizeInWords(size()) })));
    await askToPersist();
    await take(owner, page.dataset.contents, answer, { pictures: !pictures || pictures.checked });
    show();
  });
  onTravel(show);
  await show();
}

// --- The list -------------------------------------------------------------------------------------

/** Everything that is here, how far it is, and what can be done with it. */
export async function tellCourses(page) {
  const owner = await currentOwner();
  const list = slot(page, "list");
  async function show() {
    const rows = owner ? await downloadsOf(owner) : [];
    slot(page, "empty").hidden = rows.length > 0;
    const focused = document.activeElement?.dataset?.key;
    list.replaceChildren(...(await Promise.all(rows.map((row) => drawDownload(page, row)))).map((one) => h("li", {},
      one)));
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    list.hidden = rows.length === 0;
  }
  onTravel(show);
  await show();
  if (navigator.onLine && owner) {
    for (const row of await downloadsOf(owner)) await lookForNews(row.course).catch(() => null);
  }
}

const button = (key, text, react, kind = "button-secondary") =>
  h("button", { type: "button", class: `button ${kind} button-small`, "data-key": key, on: { click: react } }, text);

/** One download: title, bar, state, buttons. */
async function drawDownload(page, row) {
  const { done, total } = await progressOf(row);
  const contents = row.current ?? row.next;
  // A row of an earlier client whose first download was gone has no list at all.
  const [title, code] = contents?.title ?? [words.gone, ""];
  const heading = h("h2", { lang: code === document.documentElement.lang ? null : code }, title);
  const parts = [row.current ? h("h2", {}, h("a", { href: readAddress(page, row.id) }, ...heading.childNodes))
    : heading];
  const buttons = [];
  const act = (name) => `${row.course}:${name}`;
  if (row.next) {
    const id = `progress-${row.id.replace(/\W/g, "-")}`;
    const note = filled(words.of, { done: sizeInWords(done), total: sizeInWords(total) });
    const speed = speedNow();
    const left = speed && !row.paused ? ` · ${filled(words.left, { time: timeInWords((total - done) / speed) })}`
      : "";
    parts.push(
      h(
        "div",
        { class: "progress" },
        h("p", {}, h("label", { for: id }, row.current ? words.updating : words.fetching),
          h("span", { class: "muted" }, note + left)),
        h("progress", { id, value: done, max: Math.max(total, 1) }, note),
      ),
    );
    const why = stuck.get(row.course);
    if (row.gone) {
      parts.push(box("warning", row.current ? words.gone : words.stuck.gone));
      buttons.push(button(act("again"), words.try_again, () => pause(row.course, false)));
    } else if (why) {
      parts.push(box("warning", words.stuck[why]));
      buttons.push(button(act("again"), words.try_again, () => unstick(row.course)));
    } else if (row.paused) buttons.push(button(act("go-on"), words.go_on, () => pause(row.course, false)));
    else buttons.push(button(act("pause"), words.pause, () => pause(row.course)));
  } else if (contents) {
    parts.push(h("p", { class: "muted" }, `${sizeInWords(total)} · ${counted(words.lessons, lessonsIn(contents))}`));
    if (row.gone) parts.push(box("warning", words.gone));
    buttons.push(h("a", { class: "button button-small", href: readAddress(page, row.id), "data-key": act("read") },
      words.read));
    buttons.push(button(act("news"), words.look_for_news, () => look(parts[parts.length - 1], row)));
  }
  buttons.push(button(act("drop"), words.drop, (event) => askBeforeDropping(event.currentTarget, row),
    "button-quiet"));
  return h("div", { class: "task" }, parts, h("div", { class: "buttons" }, buttons));
}

const lessonsIn = (contents) => contents.modules.reduce((sum, { lessons }) => sum + lessons.length, 0);

async function look(after, row) {
  const said = h("p", { role: "status" }, words.looking);
  after.after(said);
  try {
    const isNew = await lookForNews(row.course, { asked: true });
    said.textContent = isNew ? words.news : words.no_news;
  } catch (failure) {
    said.textContent = failure instanceof SignIn ? words.sign_in : words.no_answer;
  }
}

/** Deleting asks once, in the place of the button. */
function askBeforeDropping(pressed, row) {
  const back = () => asked.replaceWith(pressed);
  const asked = h(
    "span",
    { role: "group", "aria-label": words.drop_sure },
    h("span", {}, words.drop_sure, " "),
    button(`${row.course}:sure`, words.drop_yes, () => drop(row.course), "button-warning"),
    " ",
    button(`${row.course}:back`, words.drop_no, () => (back(), pressed.focus()), "button-quiet"),
  );
  pressed.replaceWith(asked);
  asked.querySelector("button").focus();
}
