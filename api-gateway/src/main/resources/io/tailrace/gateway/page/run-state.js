/** What a run is, as its events tell. Pure: no page, no stream, no clock. */

/** The types of events; an EventSource has to ask for each by its name. A test keeps the list equal to the gateway's. */
export const EVENT_TYPES = [
  "run.created", "run.started", "stage.requested", "stage.redispatched", "stage.finished", "run.cancel.requested",
  "run.completed", "tool.approval.requested", "tool.approval.decided", "attempt.started", "attempt.released", "stage.aborted", "build.created", "build.started",
  "build.phase.started", "build.phase.completed", "console.line", "build.completed", "run.close.requested",
  "turn.submitted", "turn.rejected", "turn.cancel.requested", "turn.started", "turn.continued", "variables.substituted",
  "knowledge.retrieval.started", "knowledge.retrieved", "answer.reused", "context.built", "context.compacted",
  "tool.calls.requested", "tool.execution.started", "tool.execution.completed", "model.delta", "turn.checkpointed", "turn.usage", "turn.completed",
  "turn.paused", "turn.failed",
];

const RANK = { queued: 0, running: 1, waiting: 1, idle: 1, canceling: 2, succeeded: 3, failed: 3, canceled: 3 };

export function isFinal(status) {
  return RANK[status] === 3;
}

/** A run; `stages` by their ids, in the order in which they were dispatched. */
export class RunState {
  status = "queued";
  title = "";
  workspace = "";
  createdAt = null;
  completedAt = null;
  durationMs = null;
  retryOf = null;
  failure = null;
  steps = null;
  stages = new Map();
  /** Calls that somebody was asked about and has not answered, by their ids: {id, tool, arguments, length}. */
  approvals = new Map();
  /** [{id, at, text}]: what somebody should know and no phase shows. */
  notices = [];
  /** The last sequence seen; 0 before the first event. */
  sequence = 0;

  /** What the API says of the run now; its events may be behind. */
  know(run) {
    this.title = run.title ?? "";
    this.workspace = run.workspace;
    this.createdAt = run.created_at;
    this.retryOf = run.retry_of ?? null;
    this.completedAt = run.completed_at ?? this.completedAt;
    this.failure = run.failure ?? this.failure;
    this.#become(run.status);
  }

  /** The calls that can be answered now: an ended run that is replayed asks nothing, nor does one that is being canceled. */
  get openApprovals() {
    return RANK[this.status] < RANK.canceling ? [...this.approvals.values()] : [];
  }

  /** Begins anew: the log is another one. */
  forget() {
    Object.assign(this, new RunState());
  }

  /** A status is never taken back: while an ended run is replayed, it stays ended. */
  #become(status) {
    if (RANK[status] >= RANK[this.status]) {
      this.status = status;
    }
  }

  /** Takes the next event of the order; says whether it is the one that had to come. */
  apply(event) {
    const expected = this.sequence === 0 || event.sequence === this.sequence + 1;
    this.sequence = event.sequence;
    // What cannot be read has its number, and nothing else to say.
    if (event.undecodable !== true) {
      this.#evolve(event, event.payload ?? {});
    }
    return expected;
  }

  /** Takes a notice: an event that has no place in the order yet. */
  hear(event) {
    const payload = event.payload ?? {};
    if (event.type === "run.cancel.requested" || event.type === "stage.redispatched") {
      this.#evolve(event, payload);
    }
  }

  /** Events up to here were taken by retention. */
  skipTo(sequence) {
    this.sequence = sequence;
  }

  #evolve(event, payload) {
    switch (event.type) {
      case "run.created":
        this.title = payload.title ?? this.title;
        this.workspace = payload.workspace ?? this.workspace;
        this.createdAt = event.occurred_at;
        break;
      case "tool.approval.requested":
        this.approvals.set(payload.approval_id, { id: payload.approval_id, tool: payload.call.tool, arguments: payload.arguments,
          length: payload.length });
        this.#become("waiting");
        break;
      case "tool.approval.decided":
        this.approvals.delete(payload.approval_id);
        if (this.status === "waiting" && this.approvals.size === 0) {
          this.#become("running");
        }
        break;
      case "turn.continued":
        this.#continued(event, payload);
        break;
      case "turn.paused":
        this.#close(this.#stage(event), "paused");
        break;
      case "turn.started":
        this.#turnStarted(event, payload);
        break;
      case "model.delta":
        this.#delta(event, payload);
        break;
      case "tool.calls.requested":
        // A round is over: what comes belongs to the model's next message.
        this.#answer(event, {});
        break;
      case "turn.checkpointed":
        this.#answer(event, payload.message);
        break;
      case "turn.completed":
        this.#answer(event, payload.content.message);
        this.#close(this.#stage(event), "succeeded");
        break;
      case "turn.failed":
        this.#answer(event, payload.content.message);
        this.#close(this.#stage(event), payload.failure.code === "canceled" ? "canceled" : "failed");
        break;
      case "run.started":
        this.steps = payload.steps;
        this.#become("running");
        break;
      case "stage.requested":
        this.#stage(event).step = payload.step;
        this.#stage(event).steps = payload.steps;
        this.#stage(event).prompt = payload.turn_id !== undefined && payload.call === undefined;
        this.#stage(event).tool = payload.call?.tool ?? null;
        this.#goOn(event, payload);
        break;
      case "stage.redispatched":
        this.#redispatched(event, payload);
        break;
      case "attempt.started":
        this.#attempt(event);
        break;
      case "attempt.released":
        this.#notice(event, `${event.worker_id} gave it back: ${payload.reason}`);
        break;
      case "stage.aborted":
        this.#notice(event, `Ended by force: ${payload.message}`);
        this.#close(this.#stage(event), payload.outcome);
        break;
      case "build.created":
        this.#stage(event).phases = (payload.phases ?? []).map((it) => ({ ...it, state: "pending" }));
        break;
      case "build.phase.started":
        this.#phaseStarted(event, payload);
        break;
      case "build.phase.completed":
        this.#phaseCompleted(event, payload);
        break;
      case "build.completed":
        this.#close(this.#stage(event), payload.status);
        break;
      case "stage.finished":
        this.#stage(event).failure = payload.failure ?? null;
        this.#close(this.#stage(event), payload.pause === undefined ? payload.outcome : "paused");
        break;
      case "run.cancel.requested":
        this.#become("canceling");
        this.#notice(event, payload.reason ? `Cancel requested: ${payload.reason}` : "Cancel requested");
        break;
      case "run.completed":
        this.failure = payload.failure ?? null;
        this.completedAt = event.occurred_at;
        this.durationMs = payload.duration_ms ?? null;
        this.approvals.clear();
        this.#become(payload.outcome);
        break;
      default:
    }
  }

  #stage(event) {
    let stage = this.stages.get(event.stage_id);
    if (stage === undefined) {
      stage = { id: event.stage_id, step: null, steps: null, attempt: null, worker: null, phases: [], turn: null, prompt: false,
        tool: null, over: false, outcome: null, failure: null };
      this.stages.set(event.stage_id, stage);
    }
    return stage;
  }

  #attempt(event) {
    const stage = this.#stage(event);
    stage.attempt = event.attempt;
    stage.worker = event.worker_id ?? null;
    stage.outcome = null;
    stage.phases = [];
    stage.turn = null;
  }

  /** A model is asked: what an earlier attempt had of the answer counts no more. */
  #turnStarted(event, payload) {
    this.#stage(event).turn = { question: payload.text, provider: payload.provider, model: payload.model, answer: "" };
  }

  /** A turn that was paused goes on: it is shown once, where it is now. */
  #goOn(event, payload) {
    if (!this.#stage(event).prompt) {
      return;
    }
    for (const other of this.stages.values()) {
      if (other.id !== event.stage_id && other.prompt && other.step === payload.step && other.outcome === "paused") {
        other.over = true;
        this.#stage(event).turn = other.turn;
      }
    }
  }

  #continued(event, payload) {
    const question = [...this.stages.values()].find((it) => it.over && it.step === this.#stage(event).step && it.turn !== null)
      ?.turn.question ?? "";
    this.#stage(event).turn = { question, provider: payload.provider, model: payload.model, answer: "" };
  }

  #delta(event, payload) {
    const { turn } = this.#stage(event);
    if (turn !== null && payload.kind === "text") {
      turn.answer += payload.text;
    }
  }

  /** The answer so far, whole. */
  #answer(event, message) {
    const { turn } = this.#stage(event);
    if (turn !== null) {
      turn.answer = message.text ?? "";
    }
  }

  #redispatched(event, payload) {
    const who = payload.lost_worker ?? "the worker";
    this.#notice(event, payload.reason === "silence"
      ? `Given to another worker: ${who} was silent for ${(payload.silence_ms / 1000).toFixed(1)} s`
      : `Given to another worker: ${who} gave it back`);
  }

  #phaseStarted(event, payload) {
    const phases = this.#stage(event).phases;
    let phase = phases.find((it) => it.name === payload.phase);
    if (phase === undefined) {
      phase = { name: payload.phase, title: payload.title };
      phases.push(phase);
    }
    Object.assign(phase, { state: "running", startedAt: event.occurred_at, attempt: event.attempt });
  }

  #phaseCompleted(event, payload) {
    const phase = this.#stage(event).phases.find((it) => it.name === payload.phase);
    if (phase !== undefined) {
      Object.assign(phase, {
        state: payload.status,
        durationMs: payload.duration_ms,
        exitCode: payload.exit_code ?? null,
        failure: payload.failure ?? null,
      });
    }
  }

  #close(stage, outcome) {
    stage.outcome = outcome;
    for (const phase of stage.phases) {
      if (phase.state === "running") phase.state = "lost";
      if (phase.state === "pending") phase.state = "skipped";
    }
  }

  /** Notices come twice: at once, and later in their place in the order. */
  #notice(event, text) {
    if (!this.notices.some((it) => it.id === event.event_id)) {
      this.notices.push({ id: event.event_id, at: event.occurred_at, text });
    }
  }
}
