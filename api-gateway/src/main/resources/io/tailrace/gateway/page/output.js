import { Printed } from "./terminal.js";

/** So many rows are kept on the page; the log has them all. */
export const MAX_ROWS = 5000;

const FLUSH_MS = 40;

/**
 * The console: what builds have printed and models have answered, in one section for each attempt. What came is shown in
 * batches. Everything goes in as text nodes.
 */
export class Output {
  #root;
  #hidden;
  #followed;
  #sections = [];
  #streams = new Map();
  #phase = "";
  /** What the model that was asked last has answered so far. */
  #answer = "";
  /** What is on the page, the oldest first: {row, node} or {heading, node}. */
  #shown = [];
  #waiting = [];
  /** Rows that may still change, with their nodes. */
  #nodes = new Map();
  #known = new WeakSet();
  #dirty = new Set();
  #dropped = 0;
  #timer = 0;
  #following = true;
  #lastTop = 0;

  /** @param hidden told how many rows are not shown, @param followed told whether the end is followed */
  constructor(root, hidden, followed) {
    this.#root = root;
    this.#hidden = hidden;
    this.#followed = followed;
    root.addEventListener("scroll", () => this.#scrolled());
  }

  /** Everything from a new attempt on is in a section of its own; what it supersedes is folded. */
  attempt(event) {
    this.#answer = "";
    const from = event.payload?.supersedes_from_sequence;
    for (const section of this.#sections) {
      if (from !== undefined && section.stage === event.stage_id && section.sequence >= from) {
        this.#supersede(section, event.attempt);
      }
    }
    this.#section(event);
  }

  phase(event) {
    this.#streams.clear();
    this.#phase = event.payload?.phase ?? "";
    const heading = document.createElement("h3");
    heading.className = "phase";
    heading.textContent = event.payload?.title ?? this.#phase;
    heading.dataset.phase = phaseKey(event.stage_id, event.attempt, this.#phase);
    this.#wait({ section: this.#sectionOf(event), node: heading });
  }

  line(event) {
    const { stream = "stdout", end = "newline", text = "" } = event.payload ?? {};
    const key = `${event.stage_id} ${event.attempt} ${event.payload?.phase} ${stream}`;
    let printed = this.#streams.get(key);
    if (printed === undefined) {
      printed = new Printed();
      this.#streams.set(key, printed);
    }
    for (const row of printed.add(end, text)) {
      if (this.#nodes.has(row)) {
        this.#dirty.add(row);
        this.#schedule();
      } else if (!this.#known.has(row)) {
        this.#known.add(row);
        this.#wait({ section: this.#sectionOf(event), row, stream });
      }
    }
  }

  /** A model is asked. */
  turn(event) {
    const { provider = "", model = "" } = event.payload ?? {};
    const heading = document.createElement("h3");
    heading.className = "phase";
    heading.textContent = `${provider}, ${model}`;
    this.#streams.clear();
    this.#answer = "";
    this.#wait({ section: this.#sectionOf(event), node: heading });
  }

  /** A piece of a model's answer goes on where the one before it ended. */
  answer(event, text) {
    this.#answer += text;
    const pieces = text.split("\n");
    const open = pieces.pop();
    pieces.forEach((piece) => this.#answerRow(event, "newline", piece));
    if (open !== "") {
      this.#answerRow(event, "partial", open);
    }
  }

  /** A model's answer is whole: its end is shown now where pieces are missing. */
  answered(event, text) {
    if (text.startsWith(this.#answer)) {
      this.answer(event, text.slice(this.#answer.length));
    }
    this.#answer = "";
  }

  /** A model's message is whole, and calls tools: its next message begins a row of its own. */
  round(event, text) {
    this.answered(event, text);
    this.#streams.clear();
  }

  #answerRow(event, end, text) {
    this.line({ ...event, payload: { phase: "answer", end, text } });
  }

  /** A remark of the page's own, between the rows. */
  remark(text) {
    this.#remark(this.#sections.at(-1) ?? this.#section({}), text);
  }

  /** A remark about a stage, among its rows. */
  aside(event, text) {
    this.#remark(this.#sectionOf(event), text);
  }

  #remark(section, text) {
    const node = document.createElement("p");
    node.className = "remark";
    node.textContent = text;
    this.#wait({ section, node });
  }

  /** Shows at once what waits for the next update. */
  flush() {
    clearTimeout(this.#timer);
    this.#flush();
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#root.replaceChildren();
    this.#sections = [];
    this.#streams.clear();
    this.#answer = "";
    this.#shown = [];
    this.#waiting = [];
    this.#nodes.clear();
    this.#dirty.clear();
    this.#dropped = 0;
    this.#hidden(0);
  }

  /** Shows a phase's beginning, if it is still there. */
  show(key) {
    const heading = [...this.#root.querySelectorAll("h3.phase")].find((it) => it.dataset.phase === key);
    if (heading !== undefined) {
      this.follow(false);
      heading.closest("details").open = true;
      heading.scrollIntoView({ block: "nearest" });
      this.#root.scrollTop = heading.offsetTop - this.#root.offsetTop;
    }
  }

  get following() {
    return this.#following;
  }

  /** Whether the end stays in sight. */
  follow(yes) {
    this.#following = yes;
    if (yes) {
      this.#toEnd();
    }
    this.#followed(yes);
  }

  #section(event) {
    const details = document.createElement("details");
    details.className = "attempt";
    details.open = true;
    const summary = document.createElement("summary");
    const name = event.attempt === undefined ? "" : `Attempt ${event.attempt} on ${event.worker_id ?? "?"}`;
    summary.textContent = name;
    const body = document.createElement("div");
    details.append(summary, body);
    this.#root.append(details);
    const section = { stage: event.stage_id, attempt: event.attempt, sequence: event.sequence ?? 0, name, details,
      summary, body };
    this.#sections.push(section);
    return section;
  }

  #sectionOf(event) {
    const last = this.#sections.at(-1);
    const same = last !== undefined && last.stage === event.stage_id && last.attempt === event.attempt;
    return same ? last : this.#section(event);
  }

  #supersede(section, attempt) {
    section.details.classList.add("superseded");
    section.details.open = false;
    section.summary.textContent = `${section.name} – superseded by attempt ${attempt}: its output does not count`;
  }

  #wait(entry) {
    this.#waiting.push(entry);
    if (this.#waiting.length >= 2 * MAX_ROWS) {
      this.#dropped += this.#drop(this.#waiting.splice(0, MAX_ROWS));
    }
    this.#schedule();
  }

  #schedule() {
    if (this.#timer === 0) {
      this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
    }
  }

  #flush() {
    this.#timer = 0;
    // Whoever has scrolled a moment ago is not taken back to the end before the browser tells of it.
    this.#scrolled();
    const skipped = this.#waiting.splice(0, Math.max(0, this.#waiting.length - MAX_ROWS));
    const surplus = this.#shown.splice(0, Math.max(0, this.#shown.length + this.#waiting.length - MAX_ROWS));
    this.#dropped += this.#drop(skipped) + this.#drop(surplus);
    for (const entry of this.#waiting) {
      if (entry.row !== undefined) {
        entry.node = document.createElement("div");
        entry.node.className = entry.stream === "stderr" ? "row stderr" : "row";
        this.#nodes.set(entry.row, entry.node);
        this.#dirty.add(entry.row);
      }
      entry.section.body.append(entry.node);
      this.#shown.push(entry);
    }
    this.#waiting = [];
    for (const row of this.#dirty) {
      this.#nodes.get(row)?.replaceChildren(...row.runs.map(nodeOf));
      if (row.done) {
        this.#nodes.delete(row);
      }
    }
    this.#dirty.clear();
    this.#hidden(this.#dropped);
    if (this.#following) {
      this.#toEnd();
    }
  }

  /** Takes entries off the page, and says how many rows were among them. */
  #drop(entries) {
    let rows = 0;
    for (const { row, node } of entries) {
      node?.remove();
      if (row !== undefined) {
        rows++;
        this.#nodes.delete(row);
      }
    }
    return rows;
  }

  #toEnd() {
    this.#root.scrollTop = this.#root.scrollHeight;
    this.#lastTop = this.#root.scrollTop;
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.#root;
    const atEnd = scrollTop + clientHeight >= scrollHeight - 4;
    const up = scrollTop < this.#lastTop;
    this.#lastTop = scrollTop;
    if (atEnd !== this.#following && (atEnd || up)) {
      this.#following = atEnd;
      this.#followed(atEnd);
    }
  }
}

/** Names a phase of an attempt. */
export function phaseKey(stage, attempt, phase) {
  return `${stage} ${attempt} ${phase}`;
}

function nodeOf({ text, style }) {
  const plain = Object.keys(style).length === 0;
  if (plain) {
    return document.createTextNode(text);
  }
  const node = document.createElement("span");
  node.textContent = text;
  let { foreground, background } = style;
  if (style.inverse) {
    [foreground, background] = [background ?? "back", foreground ?? "front"];
  }
  paint(node, "foreground", "color", foreground);
  paint(node, "background", "backgroundColor", background);
  for (const name of ["bold", "dim", "italic", "underline", "strike"]) {
    if (style[name]) {
      node.classList.add(name);
    }
  }
  return node;
}

/** The terminal's own colours are the style sheet's. */
function paint(node, name, property, colour) {
  if (typeof colour === "string" && colour.startsWith("#")) {
    node.style[property] = colour;
  } else if (colour !== undefined) {
    node.classList.add(`${name}-${colour}`);
  }
}
