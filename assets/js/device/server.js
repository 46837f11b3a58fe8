// Asking the server from a page that the server did not draw for anybody: JSON both ways.

/** An answer that is no answer: no net, a page in the place of JSON, or a refusal with its code. */
export class Unanswered extends Error {
  constructor(code, status = 0) {
    super(code);
    this.name = "Unanswered";
    this.code = code; // "offline", "sign_in", "failed" or what the server calls it
    this.status = status;
  }
}

const LONGEST = 30_000;

/** What proves that a page of ours sends this, and no other site; made anew at every sign-in. */
export const token = () => /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

/** The JSON that the server answers with. */
export async function ask(method, url, body) {
  let answer;
  try {
    answer = await fetch(url, {
      method,
      headers: {
        Accept: "application/json",
        ...(method === "GET" ? {} : { "Content-Type": "application/json", "X-CSRFToken": token() }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      redirect: "error", // a redirect is no answer
      cache: "no-store",
      signal: AbortSignal.timeout(LONGEST),
    });
  } catch {
    throw new Unanswered("offline");
  }
  let told;
  try {
    told = await answer.json();
  } catch {
    throw new Unanswered("failed", answer.status);
  }
  if (!answer.ok) throw new Unanswered(told?.error ?? "failed", answer.status);
  return told;
}
