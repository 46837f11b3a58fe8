// What an answer means. Only a receipt that names this very record, version and content is one:
// networks answer with sign-in pages, redirects, empty bodies and what belongs to somebody else.

/** Nothing but a receipt is read beyond this: a page of a network may be endless. */
const LONGEST = 100_000;

/** The answer in JSON, or null for anything else. */
async function told(response) {
  const kind = response.headers.get("Content-Type") ?? "";
  if (!/^application\/json\b/i.test(kind)) return null;
  try {
    const text = await response.text();
    const read = text.length <= LONGEST ? JSON.parse(text) : null;
    return read !== null && typeof read === "object" && !Array.isArray(read) ? read : null;
  } catch {
    return null; // cut off on the way
  }
}

/**
 * Whether `answer` says that exactly what was sent is stored.
 *
 * What is stored may bear the id of a version that said the same before; the answer then names, as
 * `sent_as`, the one that it answers.
 */
export function isReceipt(answer, expected) {
  if (!answer || typeof answer.code !== "string" || !answer.code) return false;
  const { version, ...rest } = expected;
  if (!Object.keys(rest).length || !rest.sha256) return false;
  if (!Object.entries(rest).every(([name, value]) => answer[name] === value)) return false;
  return version === undefined || answer.version === version || answer.sent_as === version;
}

/** `Retry-After` in seconds, whichever of its two forms it has; 0 without one. */
function asksToWait(response) {
  const said = response.headers.get("Retry-After");
  if (!said) return 0;
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

/** A 403 that is about whoever asks, not about the record: nothing more is sent until it is settled. */
const STOPS = new Set(["forbidden", "second_factor", "other_owner"]);
/** Refusals that the site itself gives: the record waits for its author, with every letter. */
const FINAL = new Set([400, 403, 404, 405, 409, 410, 413, 415, 422]);

/**
 * What to do after an answer. One of
 * `{ receipt }`, `{ reason, answer }` (it waits for its author), `{ stop: why }` (nobody, or somebody
 * else, is signed in), `{ wait: seconds }` (the server asks for a pause), `{ again: why }`.
 */
export async function judge(response, expected) {
  if (response.type === "opaqueredirect" || response.redirected) return { again: "redirect" };
  const { status } = response;
  const pause = asksToWait(response);
  const answer = await told(response);
  if (status === 429 || (status === 503 && pause)) return { wait: Math.max(pause, 5) };
  if (!answer) return { again: status >= 500 ? "server" : "unclear" };
  if (status === 200 || status === 201) {
    return isReceipt(answer, expected) ? { receipt: answer } : { again: "unclear" };
  }
  if (typeof answer.error !== "string" || !answer.error) {
    return { again: status >= 500 ? "server" : "unclear" };
  }
  if (status === 401) return { stop: "sign_in" };
  if (status === 403 && STOPS.has(answer.error)) return { stop: answer.error };
  if (FINAL.has(status)) return { reason: answer.error, answer };
  return { again: status >= 500 ? "server" : "unclear" };
}
