/**
 * What a process printed, as the rows that a terminal would show. Pure: knows neither the page nor the stream.
 *
 * A row is a list of runs: {text, style}. Understood are colours and attributes (SGR), carriage return, backspace,
 * horizontal moves and erasing within the line; every other control sequence is taken out.
 */

/** A row that gets longer than this goes on in the next one. */
export const MAX_ROW_LENGTH = 16384;

/** A row with more runs than this keeps the style it has. */
const MAX_RUNS = 400;

/** A control string that has not ended after so much is given up. */
const MAX_PENDING = 4096;

/** No colour, no attribute. */
export const PLAIN = Object.freeze({});

const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;
const CSI = /\x1b\[([0-9;:<=>?]*)[ -/]*([@-~])/y;
const STRING = /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)/y;
const OTHER = /\x1b[ -/]*[0-OQ-WYZ\\`-~]/y;
const INCOMPLETE = /\x1b(?:\[[0-9;:<=>?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)$/y;

/** One row. `done`: nothing will be added. */
export class Row {
  runs = [];
  done = false;
  #length = 0;
  /** Where the next character goes, counted in characters; -1: at the end. */
  #cursor = -1;
  /** Blanks that an erased row begins with as soon as something stands after them. */
  #blanks = 0;

  get text() {
    return this.runs.map((run) => run.text).join("");
  }

  /** Whether it goes on in another row. */
  get isFull() {
    return this.#cursor < 0 && this.#length >= MAX_ROW_LENGTH;
  }

  write(text, style) {
    this.#fill();
    if (this.#cursor < 0) {
      this.#append(text, style);
      return;
    }
    const width = count(text);
    const rest = slice(this.runs, this.#cursor + width, Infinity);
    this.runs = slice(this.runs, 0, this.#cursor);
    this.#append(text, style);
    rest.forEach((run) => this.#append(run.text, run.style));
    this.#length = lengthOf(this.runs);
    this.#cursor = rest.length === 0 ? -1 : this.#cursor + width;
  }

  #fill() {
    if (this.#blanks > 0) {
      this.#append(" ".repeat(this.#blanks), PLAIN);
      this.#blanks = 0;
    }
  }

  #append(text, style) {
    const last = this.runs.at(-1);
    if (last && (same(last.style, style) || this.runs.length >= MAX_RUNS)) {
      this.runs[this.runs.length - 1] = { text: last.text + text, style: last.style };
    } else {
      this.runs.push({ text, style });
    }
    this.#length += text.length;
  }

  /** Moves to this column, counted from 0, or to the end if there are fewer. */
  moveTo(column) {
    if (column === 0) {
      this.#blanks = 0;
    }
    this.#fill();
    const width = this.#width();
    this.#cursor = column >= width ? -1 : Math.max(0, column);
  }

  moveBy(columns) {
    this.#fill();
    this.moveTo((this.#cursor < 0 ? this.#width() : this.#cursor) + columns);
  }

  /** 0: from the cursor to the end; 1: from the beginning to the cursor; 2: everything. */
  erase(what) {
    this.#fill();
    const at = this.#cursor < 0 ? this.#width() : this.#cursor;
    const rest = what === 1 ? slice(this.runs, at, Infinity) : [];
    this.runs = what === 0 ? slice(this.runs, 0, at) : rest;
    this.#cursor = -1;
    if (what !== 0) {
      this.#blanks = at;
    }
    if (rest.length > 0) {
      this.runs = at === 0 ? rest : [{ text: " ".repeat(at), style: PLAIN }, ...rest];
      this.#blanks = 0;
      this.#cursor = at;
    }
    this.#length = lengthOf(this.runs);
  }

  #width() {
    return this.runs.reduce((sum, run) => sum + count(run.text), 0);
  }
}

/** One stream of one process: cuts what it printed into rows, whatever the pieces were that it came in. */
export class Printed {
  #row = null;
  #style = PLAIN;
  #pending = "";

  /**
   * Takes the next piece; `end` is what ended it: newline, partial, split or eof.
   * Returns the rows that are new or have changed.
   */
  add(end, text) {
    const changed = [];
    this.#open(changed);
    this.#print(this.#pending + text, changed);
    if (end === "newline" || end === "eof") {
      this.#row.done = true;
      this.#row = null;
      this.#pending = "";
    }
    return changed;
  }

  #open(changed) {
    if (this.#row === null || this.#row.isFull) {
      if (this.#row !== null) {
        this.#row.done = true;
      }
      this.#row = new Row();
    }
    if (changed.at(-1) !== this.#row) {
      changed.push(this.#row);
    }
  }

  #print(text, changed) {
    this.#pending = "";
    let at = 0;
    while (at < text.length) {
      CONTROL.lastIndex = at;
      const control = CONTROL.exec(text);
      const end = control === null ? text.length : control.index;
      for (let from = at; from < end; from += MAX_ROW_LENGTH) {
        this.#open(changed);
        this.#row.write(text.slice(from, Math.min(end, from + MAX_ROW_LENGTH)), this.#style);
      }
      if (control === null) {
        return;
      }
      at = end + this.#control(text, end);
    }
  }

  /** Obeys the control character at this place, and returns how long the sequence is that it begins. */
  #control(text, at) {
    switch (text[at]) {
      case "\r":
        this.#row.moveTo(0);
        return 1;
      case "\b":
        this.#row.moveBy(-1);
        return 1;
      case "\x1b":
        return this.#escape(text, at);
      default:
        return 1;
    }
  }

  #escape(text, at) {
    const sequence = match(CSI, text, at);
    if (sequence !== null) {
      this.#obey(sequence[1], sequence[2]);
      return sequence[0].length;
    }
    const other = match(STRING, text, at) ?? match(OTHER, text, at);
    if (other !== null) {
      return other[0].length;
    }
    const incomplete = match(INCOMPLETE, text, at);
    if (incomplete === null) {
      return 1;
    }
    this.#pending = incomplete[0].length <= MAX_PENDING ? incomplete[0] : "";
    return incomplete[0].length;
  }

  #obey(parameters, command) {
    const number = Number.parseInt(parameters, 10);
    const steps = number > 0 ? number : 1;
    switch (command) {
      case "m":
        if (/^[0-9;:]*$/.test(parameters)) {
          this.#style = styleAfter(this.#style, parameters);
        }
        break;
      case "C":
        this.#row.moveBy(steps);
        break;
      case "D":
        this.#row.moveBy(-steps);
        break;
      case "G":
        this.#row.moveTo(steps - 1);
        break;
      case "K":
        this.#row.erase(number > 0 ? number : 0);
        break;
      default:
    }
  }
}

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The style after a Select Graphic Rendition sequence (ECMA-48, 8.3.117; colours as in ITU-T T.416). */
export function styleAfter(style, parameters) {
  let next = { ...style };
  const fields = parameters.split(";");
  for (let i = 0; i < fields.length; i++) {
    const [first, ...parts] = fields[i].split(":");
    const code = first === "" ? 0 : Number(first);
    if (code === 38 || code === 48) {
      const name = code === 38 ? "foreground" : "background";
      if (parts.length > 0) {
        set(next, name, colour(parts[0], parts[0] === "2" ? parts.slice(-3) : parts.slice(1)));
      } else {
        const kind = fields[i + 1];
        const taken = kind === "2" ? 3 : kind === "5" ? 1 : 0;
        set(next, name, colour(kind, fields.slice(i + 2, i + 2 + taken)));
        i += 1 + taken;
      }
    } else if (code === 0) {
      next = {};
    } else {
      attribute(next, code, parts[0]);
    }
  }
  return Object.keys(next).length === 0 ? PLAIN : Object.freeze(next);
}

function attribute(style, code, variant) {
  if (code >= 30 && code <= 37) style.foreground = code - 30;
  else if (code >= 90 && code <= 97) style.foreground = code - 90 + 8;
  else if (code >= 40 && code <= 47) style.background = code - 40;
  else if (code >= 100 && code <= 107) style.background = code - 100 + 8;
  else if (code === 39) delete style.foreground;
  else if (code === 49) delete style.background;
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 3) style.italic = true;
  else if (code === 4) set(style, "underline", variant === "0" ? undefined : true);
  else if (code === 7) style.inverse = true;
  else if (code === 9) style.strike = true;
  else if (code === 21) style.underline = true;
  else if (code === 22) (delete style.bold, delete style.dim);
  else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 29) delete style.strike;
}

function set(style, name, value) {
  if (value === undefined) {
    delete style[name];
  } else {
    style[name] = value;
  }
}

/** 0 to 15 for the terminal's own colours, #rrggbb for all others; undefined for nonsense. */
function colour(kind, parts) {
  const numbers = parts.map(Number);
  if (numbers.some((it) => !Number.isInteger(it) || it < 0 || it > 255)) {
    return undefined;
  }
  if (kind === "2" && numbers.length === 3) {
    return hex(...numbers);
  }
  if (kind !== "5" || numbers.length !== 1) {
    return undefined;
  }
  const [index] = numbers;
  if (index < 16) {
    return index;
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const cube = (level) => (level === 0 ? 0 : 55 + level * 40);
  const at = index - 16;
  return hex(cube(Math.floor(at / 36)), cube(Math.floor(at / 6) % 6), cube(at % 6));
}

function hex(...levels) {
  return "#" + levels.map((level) => level.toString(16).padStart(2, "0")).join("");
}

const NAMES = ["foreground", "background", "bold", "dim", "italic", "underline", "inverse", "strike"];

function same(one, other) {
  return one === other || NAMES.every((name) => one[name] === other[name]);
}

/** Characters, not UTF-16 units. */
function count(text) {
  let characters = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) {
      characters--;
      i++;
    }
  }
  return characters;
}

function lengthOf(runs) {
  return runs.reduce((sum, run) => sum + run.text.length, 0);
}

/** The runs of the characters from one column to another. */
function slice(runs, from, to) {
  const result = [];
  let at = 0;
  for (const { text, style } of runs) {
    const width = count(text);
    const first = Math.max(from - at, 0);
    const last = Math.min(to - at, width);
    if (first < last) {
      const part = width === text.length ? text.slice(first, last) : [...text].slice(first, last).join("");
      result.push({ text: part, style });
    }
    at += width;
  }
  return result;
}
