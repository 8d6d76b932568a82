/** The list of runs: one page of it, kept up to date while somebody looks. */
import { get } from "./api.js";
import { moment, took } from "./format.js";
import { byId, link, statusBadge, tell } from "./parts.js";

const REFRESH_MS = 5000;
const FILTERS = ["status", "workspace"];
const PASSED_ON = [...FILTERS, "limit"];

export function showList(query) {
  const filters = new URLSearchParams(PASSED_ON.filter((it) => query.get(it)).map((it) => [it, query.get(it)]));
  const page = query.get("page");
  byId("runs").hidden = false;
  for (const name of FILTERS) {
    document.querySelector(`form.filter [name=${name}]`).value = filters.get(name) ?? "";
  }
  const newest = byId("newest");
  newest.hidden = page === null;
  newest.href = `/?${filters}`;
  new List(filters, page).start();
}

class List {
  #filters;
  #path;
  #timer = 0;
  #failures = 0;

  constructor(filters, page) {
    this.#filters = filters;
    const query = new URLSearchParams(filters);
    if (page !== null) {
      query.set("page", page);
    }
    this.#path = `/v1/runs?${query}`;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.#refreshIfSeen());
    this.#refreshIfSeen();
  }

  /** Nobody is asked while nobody looks. */
  #refreshIfSeen() {
    clearTimeout(this.#timer);
    if (document.visibilityState === "visible") {
      this.#refresh();
    }
  }

  async #refresh() {
    try {
      this.#show(await get(this.#path));
      this.#failures = 0;
      tell("");
    } catch (problem) {
      tell(problem.message);
      if (problem.retriable !== true) {
        return;
      }
      this.#failures++;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refreshIfSeen(), REFRESH_MS * Math.min(1 + this.#failures, 6));
  }

  #show({ runs, next_page: next }) {
    const focused = document.activeElement?.dataset?.run;
    const rows = byId("list");
    rows.replaceChildren(...runs.map(rowOf));
    rows.querySelector(`[data-run="${CSS.escape(focused ?? "")}"]`)?.focus();
    byId("none").hidden = runs.length > 0;
    const older = byId("older");
    older.hidden = next === null;
    const query = new URLSearchParams(this.#filters);
    query.set("page", next ?? "");
    older.href = `/?${query}`;
  }
}

function rowOf(run) {
  const row = document.createElement("tr");
  const name = link(`/?run=${encodeURIComponent(run.run_id)}`, run.title ?? run.run_id);
  name.dataset.run = run.run_id;
  const created = document.createElement("time");
  created.dateTime = run.created_at;
  created.textContent = moment(run.created_at);
  const cells = [statusBadge(run.status), name, run.workspace, created,
    took(run.created_at, run.completed_at, Date.now())];
  for (const content of cells) {
    const cell = document.createElement("td");
    cell.append(content);
    row.append(cell);
  }
  return row;
}
