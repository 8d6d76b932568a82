/** One run, live. */
import { freshKey, get, post } from "./api.js";
import { clock, duration, moment, took } from "./format.js";
import { LiveStream } from "./live-stream.js";
import { Output, phaseKey } from "./output.js";
import { byId, link, showStatus, tell, update } from "./parts.js";
import { EVENT_TYPES, RunState, isFinal } from "./run-state.js";

/** Of the arguments of a call, in characters. */
const MOST_SHOWN = 160;

const CONTROL_TYPES = ["stream.open", "stream.gap", "stream.reset", "stream.end", "run.notice"];
const RETRY_MS = 2000;
const TICK_MS = 1000;
const SYSTEM_MS = 5000;

const PHASE_WORDS = {
  paused: "paused",
  pending: "waits",
  running: "runs",
  succeeded: "succeeded",
  failed: "failed",
  timed_out: "timed out",
  canceled: "canceled",
  lost: "lost",
  skipped: "not run",
};

const RESET_REASONS = {
  epoch: "it comes from another log",
  beyond_end: "the log ends before it",
  rewritten: "the log was rewritten",
  key: "this log has no key for it",
};

/** What a model is told from repositories, in a line. */
function told(payload) {
  const chunks = (payload.chunks ?? []).length;
  return chunks === 0
    ? "Nothing was found in the knowledge repositories"
    : `Passages told: ${chunks}, documents: ${payload.documents}, relevance ${Number(payload.relevance_score).toFixed(2)}`;
}

/** How a call of a tool ended. */
function called(payload) {
  const how = { succeeded: "succeeded", failed: "failed", unknown: "has an unknown outcome", refused: "was refused" }[payload.outcome]
    ?? payload.outcome;
  const code = payload.code === undefined ? "" : ` (${payload.code})`;
  const again = payload.repeated ? ", as an attempt before had it" : "";
  return `${payload.call.tool} ${how}${code} in ${duration(payload.duration_ms)}${again}`;
}

function shortened(text) {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

export function showRun(id, cursor) {
  byId("run").hidden = false;
  document.body.classList.add("wide");
  new RunView(id, cursor).start();
}

class RunView {
  #path;
  #query;
  #run = new RunState();
  #id;
  #output;
  #timer = 0;
  #connection = ["connecting"];
  /** What the stream lacks. */
  #flaw = "";
  /** The ids of the questions whose answer is on its way or recorded: nobody answers twice. */
  #answering = new Set();

  constructor(id, cursor) {
    this.#id = id;
    this.#path = `/v1/runs/${encodeURIComponent(id)}`;
    this.#query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    this.#output = new Output(byId("console"), showHidden, (yes) => byId("follow").setAttribute("aria-pressed", yes));
  }

  start() {
    for (const name of ["download", "download-lines"]) {
      byId(name).href = `${this.#path}/events?format=ndjson`;
      byId(name).download = `${this.#id}.ndjson`;
    }
    byId("follow").addEventListener("click", () => this.#output.follow(!this.#output.following));
    byId("cancel").addEventListener("click", () => byId("confirm").showModal());
    byId("confirm").addEventListener("close", () => this.#confirmed());
    byId("retry").addEventListener("click", () => this.#retry());
    byId("approvals").addEventListener("click", ({ target, detail }) => {
      // The second click of a double click may hit the question that moved up.
      if (target.dataset.answer !== undefined && detail < 2) {
        this.#answer(target.dataset.approval, target.dataset.answer);
      }
    });
    byId("stages").addEventListener("click", ({ target }) => {
      if (target.dataset.phase !== undefined) {
        this.#output.show(target.dataset.phase);
      }
    });
    this.#showConnection("connecting");
    this.#load();
    this.#system();
  }

  /** What the run is now; its events follow from the first one on. */
  async #load() {
    try {
      this.#run.know(await get(this.#path + this.#query));
    } catch (problem) {
      tell(problem.message);
      if (problem.retriable === true) {
        setTimeout(() => this.#load(), RETRY_MS);
      } else {
        this.#showConnection("failed");
      }
      return;
    }
    tell("");
    this.#show();
    setInterval(() => this.#show(), TICK_MS);
    new LiveStream(`${this.#path}/stream${this.#query}`, [...EVENT_TYPES, ...CONTROL_TYPES], {
      event: (type, data) => this.#take(type, data),
      state: (name, status) => {
        if (name === "ended") {
          // Nothing is to say "running" beside "ended".
          this.#show();
          this.#output.flush();
        }
        this.#showConnection(name, status);
      },
    }).open();
  }

  /** What keeps runs from going on, whatever the run itself says: of a run that waits, nothing else would tell. */
  async #system() {
    try {
      const { components } = await get("/v1/status");
      showSystem(components.filter((it) => it.name === "coordinator" && it.state !== "ok").map((it) => it.says));
    } catch {
      // A gateway that does not answer shows in the connection.
      showSystem([]);
    }
    if (!isFinal(this.#run.status)) {
      setTimeout(() => this.#system(), SYSTEM_MS);
    }
  }

  #take(type, data) {
    switch (type) {
      case "stream.open":
      case "stream.end":
        break;
      case "stream.gap":
        this.#run.skipTo(data.to);
        this.#output.remark(`Events ${data.from} to ${data.to} are no longer kept.`);
        this.#showFlaw(`events ${data.from} to ${data.to} are no longer kept`);
        break;
      case "stream.reset":
        this.#reset(data);
        break;
      case "run.notice":
        this.#run.hear(data);
        break;
      default:
        this.#event(type, data);
    }
    this.#later();
  }

  #event(type, event) {
    const before = this.#run.sequence;
    if (!this.#run.apply(event)) {
      this.#output.remark(`Event ${event.sequence} came after event ${before}: this page has not seen everything.`);
    }
    if (event.undecodable !== true) {
      this.#print(type, event);
    }
  }

  /** What a run prints, and what models answer. */
  #print(type, event) {
    const payload = event.payload ?? {};
    switch (type) {
      case "attempt.started":
        this.#output.attempt(event);
        break;
      case "build.phase.started":
        this.#output.phase(event);
        break;
      case "console.line":
        this.#output.line(event);
        break;
      case "turn.started":
        this.#output.turn(event);
        break;
      case "variables.substituted":
        this.#output.aside(event, `With ${(payload.variables ?? []).map((it) => it.name).join(", ")}`);
        break;
      case "knowledge.retrieved":
        this.#output.aside(event, told(payload));
        break;
      case "answer.reused":
        this.#output.aside(event, payload.answer?.reason === "cache"
          ? "No model was asked: the same question was answered a short time ago"
          : "No model was asked: the answer was there already");
        break;
      case "tool.calls.requested":
        this.#output.round(event, payload.message?.text ?? "");
        break;
      case "tool.execution.started":
        this.#output.aside(event, `Calls ${payload.call.tool} ${shortened(payload.arguments ?? "")}`);
        break;
      case "turn.continued":
        this.#output.turn(event);
        break;
      case "turn.paused":
        this.#output.aside(event, `Paused: waits for approval or a build of ${payload.calls.map((it) => it.call.tool).join(", ")}`);
        break;
      case "tool.execution.completed":
        this.#output.aside(event, called(payload));
        break;
      case "model.delta":
        if (payload.kind === "text") {
          this.#output.answer(event, payload.text);
        }
        break;
      case "turn.completed":
      case "turn.failed":
        this.#output.answered(event, payload.content.message.text ?? "");
        break;
      default:
    }
  }

  #reset(data) {
    this.#run.forget();
    this.#answering.clear();
    this.#output.clear();
    const why = RESET_REASONS[data.reason] ?? data.reason;
    this.#output.remark(`The place that this page had read up to means nothing here: ${why}. It begins anew.`);
    this.#showFlaw("read anew, from another log");
    get(this.#path).then((run) => this.#run.know(run), (problem) => tell(problem.message));
  }

  /** Many events make one update of the page. */
  #later() {
    if (this.#timer === 0) {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        this.#show();
      }, 40);
    }
  }

  #show() {
    const run = this.#run;
    document.title = `${run.status} – ${run.title || this.#id} – Tailrace`;
    byId("title").textContent = run.title || this.#id;
    showStatus(byId("status"), run.status);
    byId("cancel").hidden = isFinal(run.status) || run.status === "canceling";
    byId("retry").hidden = run.status !== "failed" && run.status !== "canceled";
    this.#showFacts();
    const failure = byId("failure");
    failure.hidden = run.failure === null;
    failure.textContent = run.failure === null ? "" : run.failure.message;
    list(byId("notices"), run.notices, (it) => `${clock(it.at)}  ${it.text}`);
    update(byId("approvals"), run.openApprovals.map((it) => approvalItem(it, this.#answering.has(it.id))));
    this.#showStages();
  }

  #showFacts() {
    const run = this.#run;
    const now = Date.now();
    const facts = [["Run", this.#id], ["Workspace", run.workspace]];
    if (run.createdAt !== null) {
      facts.push(["Created", moment(run.createdAt)]);
      facts.push(["Took", run.durationMs === null ? took(run.createdAt, run.completedAt, now) : duration(run.durationMs)]);
    }
    if (run.retryOf !== null) {
      facts.push(["Retry of", link(`/?run=${encodeURIComponent(run.retryOf)}`, run.retryOf)]);
    }
    const nodes = facts.map(([name, value]) => {
      const group = document.createElement("div");
      group.append(element("dt", "", name), element("dd", "", value));
      return group;
    });
    update(byId("facts"), nodes);
  }

  #showStages() {
    const stages = [...this.#run.stages.values()].filter((it) => !it.over).map(stageItem);
    update(byId("stages"), stages);
  }

  #showFlaw(text) {
    this.#flaw = text;
    this.#showConnection(...this.#connection);
  }

  #showConnection(state, status) {
    this.#connection = [state, status];
    const node = byId("connection");
    node.className = `connection ${state}`;
    const text = {
      connecting: "connecting …",
      live: "live",
      reconnecting: `connection lost at ${new Date().toLocaleTimeString()}, connecting again …`,
      ended: "ended",
      failed: status === undefined ? "not connected" : `not connected: the gateway answered ${status}`,
    }[state];
    node.textContent = this.#flaw === "" ? text : `${text} (${this.#flaw})`;
  }

  async #confirmed() {
    if (byId("confirm").returnValue === "yes") {
      await this.#command(async () => this.#run.know((await post(`${this.#path}/cancel`)).body));
    }
  }

  #retry() {
    return this.#command(async () => {
      const { body } = await post(`${this.#path}/retry`, { "Idempotency-Key": freshKey() });
      const target = new URL("/", location.href);
      target.searchParams.set("run", body.run_id);
      if (body.decided === false && body.cursor !== undefined) {
        target.searchParams.set("cursor", body.cursor);
      }
      location.assign(target);
    });
  }

  /** The stream tells what becomes of it. */
  async #answer(approval, answer) {
    if (this.#answering.has(approval)) {
      return;
    }
    this.#answering.add(approval);
    this.#show();
    try {
      await post(`${this.#path}/approvals/${encodeURIComponent(approval)}/${answer}`);
      tell("");
    } catch (problem) {
      this.#answering.delete(approval);
      tell(problem.message);
    }
    this.#show();
  }

  /** Asks for something, with the buttons out of reach meanwhile. */
  async #command(ask) {
    const buttons = [byId("cancel"), byId("retry")];
    buttons.forEach((it) => (it.disabled = true));
    try {
      await ask();
      tell("");
    } catch (problem) {
      tell(problem.message);
    }
    buttons.forEach((it) => (it.disabled = false));
    this.#show();
  }
}

function stageItem(stage, i) {
  const item = element("li", "stage", "");
  const holder = stage.worker === null ? "waits for a worker" : `attempt ${stage.attempt} on ${stage.worker}`;
  item.append(element("p", "stage-name", `${stageTitle(stage, i)}: ${stage.outcome ?? holder}`));
  if (stage.turn !== null) {
    item.append(...turnParts(stage.turn));
    return item;
  }
  const phases = element("ol", "phases", "");
  phases.append(...stage.phases.map((phase) => phaseItem(stage, phase)));
  item.append(phases);
  return item;
}

/** A question. What a model wrote is never anything but a text node. */
function approvalItem(approval, answering) {
  const item = element("li", "approval", "");
  item.dataset.key = approval.id;
  item.append(element("p", "approval-tool", `May ${approval.tool} be called?`));
  const cut = approval.length > approval.arguments.length ? `… (${approval.length.toLocaleString()} characters in all)` : "";
  item.append(element("pre", "approval-arguments", approval.arguments + cut));
  for (const [answer, word] of [["approve", "Approve"], ["deny", "Deny"]]) {
    const button = element("button", answer, word);
    button.type = "button";
    button.dataset.approval = approval.id;
    button.dataset.answer = answer;
    button.disabled = answering;
    item.append(button);
  }
  return item;
}

/** A chat has no steps: its stages are turns, as they come. */
function stageTitle(stage, i) {
  const what = stage.tool !== null ? `Build for ${stage.tool}` : stage.prompt ? "Prompt" : "Build";
  if (stage.steps > 1) {
    return `Step ${stage.step} of ${stage.steps}, ${what[0].toLowerCase()}${what.slice(1)}`;
  }
  return stage.steps === 1 ? what : `Turn ${i + 1}`;
}

/** Text of strangers: never anything but text nodes. */
function turnParts(turn) {
  return [
    element("p", "turn-model", `${turn.provider}, ${turn.model}`),
    element("p", "turn-question", turn.question),
    element("p", "turn-answer", turn.answer),
  ];
}

function phaseItem(stage, phase) {
  const item = element("li", `phase-item ${phase.state}`, "");
  const button = element("button", "phase-name", phase.title ?? phase.name);
  button.type = "button";
  button.disabled = phase.startedAt === undefined;
  button.dataset.phase = phaseKey(stage.id, phase.attempt, phase.name);
  const exit = phase.exitCode ? ` (exit code ${phase.exitCode})` : "";
  item.append(button, element("span", "phase-state", `${PHASE_WORDS[phase.state] ?? phase.state}${exit}`),
    element("span", "phase-took", phaseTook(phase)));
  return item;
}

function phaseTook(phase) {
  if (phase.durationMs !== undefined) {
    return duration(phase.durationMs);
  }
  return phase.state === "running" ? duration(Date.now() - Date.parse(phase.startedAt)) : "";
}

function element(name, className, content) {
  const node = document.createElement(name);
  node.className = className;
  node.append(content);
  return node;
}

function list(parent, items, text) {
  update(parent, items.map((it) => element("li", "", text(it))));
}

function showSystem(sentences) {
  const node = byId("system");
  node.textContent = sentences.join(" ");
  node.hidden = sentences.length === 0;
}

function showHidden(count) {
  byId("hidden-lines").hidden = count === 0;
  byId("hidden-count").textContent = count.toLocaleString();
}
