import { enqueue } from "./queue.js";
import { list } from "./rows.js";
// What is read, answered, played, said and confirmed on the device, as records that are sent once.
// docs/device-records.md lists the kinds; delivery.js sends them.

export const KINDS = new Set([
  ...["lesson-read", "quiz-attempt", "case-play", "own-rating"],
  ...["confirm", "reflection", "follow-up", "agreement", "goal-answer"],
]);

/**
 * Queue a record and give its id. Once it resolves, it is on the disk. Throws as `enqueue` does.
 *
 * @param {string} kind one of `KINDS`
 * @param {string|null} subject the id of what it is about
 * @param {object} content as the server takes it
 * @param {object} told `{ label, facts }` for whoever lists what is sent; `replaces` what was refused,
 *   `draft` what it was typed in, `owner` whose page it was kept on
 */
export async function keepRecord(kind, subject, content, { label, facts = [], replaces, draft, id, owner } = {}) {
  const key = id ?? crypto.randomUUID();
  const hashed = { kind, subject, content, made_at: new Date().toISOString() };
  await enqueue({ id: key, kind, url: `/api/v1/records/${key}`, body: hashed, hashed, label, facts, replaces, draft, owner });
  return key;
}

/** The records of these kinds that lie here, the oldest first: `{ id, state, kind, subject, content }`. */
export async function recordsOf(owner, ...kinds) {
  const rows = await list(owner);
  return rows
    .filter(({ row, letter }) => kinds.includes(row.kind) && !letter.isBlank)
    .map(({ row, state, letter }) => ({ id: row.id, row, state, ...letter.body, answer: letter.answer }));
}
