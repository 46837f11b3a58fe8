// A case played again from its beginning, step by step as courses/cases/replay.py does it, which gives
// the reasons. tests/courses/plays_corpus.json holds both to the same answers.

const HOUR = 60;
const DAY = 24 * HOUR;
const MINUTES_IN = { minutes: 1, hours: HOUR, days: DAY, weeks: 7 * DAY, months: 30 * DAY };

/** A path that this version of the case does not have. */
export class NotInStory extends Error {
  constructor(step, choice) {
    super(`${step} ${choice}`);
    this.name = "NotInStory";
  }
}

const isLength = (span) => span && span.amount !== null && span.amount !== undefined && span.unit in MINUTES_IN;

/** How many minutes a length of time lasts on the clock of the case; null for none. */
export const minutesOf = (span) => (isLength(span) ? Math.trunc(span.amount) * MINUTES_IN[span.unit] : null);

/** The same in two parts at most, to the minute below a day and to the hour above. */
export function lasting(minutes) {
  const days = Math.floor(minutes / DAY);
  const hours = Math.floor((minutes % DAY) / HOUR);
  return { days, hours, minutes: days ? 0 : minutes % HOUR };
}

/** A moment so many minutes after the beginning: its weekday (0 is Monday), minute of the day, and day. */
export function momentAt(content, elapsed) {
  const { weekday = 0, minute = 0 } = content.begins ?? {};
  const day = Math.floor((minute + elapsed) / DAY) + 1;
  return { elapsed, day, weekday: (weekday + day - 1) % 7, minute: (minute + elapsed) % DAY };
}

function begin(deadlines, step, now, begun) {
  for (const { begins_at: at, key } of deadlines) if (at === step.key && !begun.has(key)) begun.set(key, now);
}

function stateOf({ due, met, now }) {
  if (met !== null) return met <= due ? "met" : "late";
  return now <= due ? "running" : "missed";
}

/**
 * Play `path` on the content of a version. Gives `{ step, moves, now, limits, isEnded, ending,
 * isSpoilt, missed }`; throws `NotInStory`.
 */
export function replay(content, path) {
  const { steps = [], deadlines = [] } = content;
  const byKey = new Map();
  for (const one of steps) if (one.key && !byKey.has(one.key)) byKey.set(one.key, one);
  let step = steps[0];
  if (!step) throw new NotInStory("", "");
  let now = 0;
  const begun = new Map();
  const met = new Map();
  const moves = [];
  begin(deadlines, step, now, begun);
  path.forEach(([stepKey, choiceId], number) => {
    const choice = step.key === stepKey ? (step.choices ?? []).find(({ id }) => id === choiceId) : null;
    const following = choice ? byKey.get(choice.to) : null;
    if (!choice || !following) throw new NotInStory(stepKey, choiceId);
    const at = now;
    now += minutesOf(choice.takes) ?? 0;
    if (choice.meets && begun.has(choice.meets) && !met.has(choice.meets)) met.set(choice.meets, now);
    moves.push({ number, step, choice, at, done: now });
    step = following;
    begin(deadlines, step, now, begun);
  });
  const limits = deadlines
    .filter((one) => begun.has(one.key) && minutesOf(one.length) !== null)
    .map((deadline) => {
      const due = begun.get(deadline.key) + minutesOf(deadline.length);
      const limit = { deadline, due, met: met.get(deadline.key) ?? null, now, left: due - now };
      return { ...limit, state: stateOf(limit) };
    });
  const missed = limits.filter(({ state }) => state === "late" || state === "missed").length;
  const isEnded = !(step.choices ?? []).length;
  const isSpoilt = step.ending === "good" && missed > 0;
  const ending = isEnded ? (isSpoilt ? "fair" : step.ending ?? "") : "";
  return { content, step, moves, now, limits, missed, isEnded, isSpoilt, ending };
}
