import assert from "node:assert/strict";
import { update } from "./parts.js";
import { RunState } from "./run-state.js";

let sequence = 0;
const event = (type, payload) => ({ type, sequence: ++sequence, occurred_at: "2026-11-21T10:00:00Z", payload });
const requested = (id) =>
  event("tool.approval.requested", { approval_id: id, call: { tool: "make" }, arguments: "{}", length: 2 });
const ids = (run) => run.openApprovals.map((it) => it.id);

// While a run waits, its questions are open until they are decided.
const waiting = new RunState();
waiting.apply(requested("2-1-0"));
waiting.apply(requested("2-1-1"));
assert.deepEqual(ids(waiting), ["2-1-0", "2-1-1"]);
waiting.apply(event("tool.approval.decided", { approval_id: "2-1-0", decision: "approved" }));
assert.deepEqual(ids(waiting), ["2-1-1"]);
waiting.apply(event("run.cancel.requested", {}));
assert.deepEqual(ids(waiting), []);

// A run that has ended is replayed.
const ended = new RunState();
ended.know({ status: "succeeded", workspace: "demo", created_at: "2026-11-21T10:00:00Z" });
ended.apply(requested("2-1-0"));
assert.deepEqual(ids(ended), []);

/** As much of an element as an update needs. */
class Element {
  nodeName = "LI";
  childElementCount = 0;
  childNodes = [];
  children = [];
  parent = null;

  constructor(key, text) {
    this.dataset = key === undefined ? {} : { key };
    this.text = text;
  }

  get lastElementChild() {
    return this.children.at(-1);
  }

  append(child) {
    child.parent = this;
    this.children.push(child);
  }

  remove() {
    this.parent.children.splice(this.parent.children.indexOf(this), 1);
  }

  replaceWith(other) {
    other.parent = this.parent;
    this.parent.children[this.parent.children.indexOf(this)] = other;
  }

  isEqualNode(other) {
    return this.dataset.key === other.dataset.key && this.text === other.text;
  }

  getAttributeNames() {
    return ["text"];
  }

  hasAttribute() {
    return true;
  }

  getAttribute() {
    return this.text;
  }

  setAttribute(_, value) {
    this.text = value;
  }
}

const list = new Element();
const a = new Element("a", "A");
const b = new Element("b", "B");
update(list, [a, b]);
// The same question is changed where it is, and keeps the focus.
update(list, [new Element("a", "A, being answered"), new Element("b", "B")]);
assert.equal(list.children[0], a);
assert.equal(a.text, "A, being answered");
// A question that is decided goes, and the next one stays itself.
update(list, [new Element("b", "B")]);
assert.equal(list.children.length, 1);
assert.equal(list.children[0], b);
assert.equal(a.text, "A, being answered");
// Another one in its place is another element.
const c = new Element("c", "C");
update(list, [c, new Element("b", "B")]);
assert.equal(b.text, "B");
assert.equal(list.children[0], c);
// What has no key is changed by its place.
const plain = new Element();
const first = new Element(undefined, "1");
update(plain, [first]);
update(plain, [new Element(undefined, "2")]);
assert.equal(plain.children[0], first);
assert.equal(first.text, "2");
