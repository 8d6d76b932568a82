/** The gateway's API as this page uses it. */

/** An answer that is an error: a problem document. `retriable`: the same request may succeed later. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.detail ?? document.title ?? `The gateway answered ${status}.`);
    this.status = status;
    this.code = document.code ?? "";
    this.retriable = status === 0 || status === 429 || status >= 500;
  }
}

export async function get(path) {
  return (await call(path, { headers: { Accept: "application/json" }, cache: "no-store" })).body;
}

/** Returns {status, body}. */
export function post(path, headers = {}) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: "{}" });
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Problem(0, { title: "The gateway cannot be reached." });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Problem(answer.status, body);
  }
  return { status: answer.status, body };
}

/** A key by which a repeated request is known as the same. */
export function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((it) => it.toString(16).padStart(2, "0")).join("");
}
