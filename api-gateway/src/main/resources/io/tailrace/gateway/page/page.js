/** The page: the list of runs, or one run (`/?run=ID`). */
import { showList } from "./list.js";
import { showRun } from "./run.js";

const query = new URLSearchParams(location.search);
const run = query.get("run");
if (run === null) {
  showList(query);
} else {
  showRun(run, query.get("cursor"));
}
