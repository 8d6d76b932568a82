/**
 * A run's stream that stays: the browser's own EventSource, which connects again by itself and continues after the last
 * event that it got. An EventSource gives up for good when the answer is no stream, as of a gateway that is starting; then
 * this looks what is the matter, and opens another one at the same place.
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export class LiveStream {
  #url;
  #types;
  #on;
  #source = null;
  #lastEventId = "";
  #state = "";
  #pauseMs = FIRST_PAUSE_MS;

  /**
   * @param url where the stream is
   * @param types the events to listen to
   * @param on {event(type, data), state(name, problem)}; the states are connecting, live, reconnecting, ended and failed
   */
  constructor(url, types, on) {
    this.#url = url;
    this.#types = types;
    this.#on = on;
  }

  open() {
    this.#become("connecting");
    this.#connect();
  }

  #connect() {
    const url = new URL(this.#url, location.href);
    if (this.#lastEventId !== "") {
      url.searchParams.set("cursor", this.#lastEventId);
    }
    const source = new EventSource(url);
    this.#source = source;
    for (const type of this.#types) {
      source.addEventListener(type, (message) => this.#receive(type, message));
    }
    source.onerror = () => this.#lost(source);
  }

  #receive(type, message) {
    this.#lastEventId = message.lastEventId;
    this.#pauseMs = FIRST_PAUSE_MS;
    if (type === "stream.end") {
      this.#source.close();
    }
    this.#become(type === "stream.end" ? "ended" : "live");
    this.#on.event(type, JSON.parse(message.data));
  }

  #lost(source) {
    this.#become(this.#state === "connecting" ? "connecting" : "reconnecting");
    if (source.readyState === EventSource.CLOSED) {
      this.#lookAgain();
    }
  }

  #lookAgain() {
    setTimeout(() => this.#look(), this.#pauseMs * (0.75 + Math.random() / 2));
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** What an EventSource does not tell: the status of the answer. */
  async #look() {
    const url = new URL(this.#url, location.href);
    if (this.#lastEventId !== "") {
      url.searchParams.set("cursor", this.#lastEventId);
    }
    let answer;
    try {
      answer = await fetch(url, { method: "HEAD", cache: "no-store" });
    } catch {
      this.#lookAgain();
      return;
    }
    if (answer.status === 204) {
      this.#become("ended");
    } else if (answer.ok) {
      this.#connect();
    } else if (answer.status >= 500 || answer.status === 429) {
      this.#lookAgain();
    } else {
      this.#become("failed", answer.status);
    }
  }

  #become(state, detail) {
    if (state !== this.#state) {
      this.#state = state;
      this.#on.state(state, detail);
    }
  }
}
