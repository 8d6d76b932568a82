// A server of the Model Context Protocol that behaves as its arguments say: badly.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const odd = new Set(process.argv.slice(2));
const canceled = [];
const running = new Map();

if (odd.has("exits-at-once")) {
  process.stderr.write("no licence found, token " + process.env.TOKEN + "\n");
  process.exit(3);
}
if (odd.has("ignores-sigterm")) {
  process.on("SIGTERM", () => {});
  setInterval(() => {}, 1000);
}
if (odd.has("floods")) {
  const line = "x".repeat(1000) + "\n";
  setInterval(() => { for (let i = 0; i < 200; i++) process.stdout.write(line); }, 5);
}

let listings = 0;
if (odd.has("tells-its-token")) {
  process.stdout.write("not a message, token " + process.env.TOKEN + "\n");
}

function send(message) {
  if (odd.has("prints")) {
    process.stdout.write("starting up …\n\n   \n[1,2]\n{\"not\": \"a message\"}\n{ broken\n");
    process.stdout.write("y".repeat(5 * 1024 * 1024) + "\n");
  }
  process.stdout.write(JSON.stringify(message) + "\n");
}
const answer = (id, result) => send({ jsonrpc: "2.0", id, result });
const text = (it) => ({ content: [{ type: "text", text: it }] });
const object = (properties) => ({ type: "object", properties });

const tools = {
  echo: [object({ text: { type: "string" } }), (a) => text("echo " + a.text)],
  meta: [object({}), (_, m) => text(JSON.stringify(m))],
  slow: [object({ ms: { type: "number" } }), null],
  canceled: [object({}), () => text(JSON.stringify(canceled))],
  die: [object({}), () => process.exit(7)],
  spin: [object({}), () => { for (;;); }],
  schema: [object(odd.has("tells-its-token") ? { token: { default: process.env.TOKEN } } : {}), () => text("schema")],
  silent: [object({}), () => undefined],
  long: [object({ bytes: { type: "number" } }), (a) => text("z".repeat(a.bytes))],
  variable: [object({ name: { type: "string" } }), (a) => text(String(process.env[a.name]))],
  variables: [object({}), () => text(Object.keys(process.env).sort().join(" "))],
  read: [object({ path: { type: "string" } }), (a) => {
    try { return text(readFileSync(a.path, "utf8")); } catch (e) { return { ...text(e.code), isError: true }; }
  }],
  pid: [object({}), () => text(String(process.pid))],
  child: [object({}), () => {
    const child = spawn("sh", ["-c", "trap '' TERM HUP; while :; do sleep 1; done"], { detached: true, stdio: "ignore" });
    return text("started " + child.pid);
  }],
  memory: [object({}), () => { globalThis.kept = []; setInterval(() => globalThis.kept.push(Buffer.alloc(20e6, 1)), 20); return undefined; }],
  refuses: [object({}), () => ({ ...text("the disk is full"), isError: true })],
  structured: [object({}), () => ({ content: [], structuredContent: { degrees: 21.5 } })],
  picture: [object({}), () => ({ content: [{ type: "text", text: "see:" }, { type: "image", mimeType: "image/png", data: "AAECAw==" }] })],
  huge: [object({ x: { description: "d".repeat(20000) } }), () => text("no")],
};

function list() {
  return Object.entries(tools).map(([name, [inputSchema]]) => ({ name, description: "Does " + name + (odd.has("tells-its-token") ? " with " + process.env.TOKEN : "") + ".", inputSchema }));
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") {
    if (odd.has("never-answers")) return;
    if (odd.has("refuses-its-token")) {
      return send({ jsonrpc: "2.0", id, error: { code: -32000, message: "wrong token: " + process.env.TOKEN } });
    }
    answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo: { name: "odd", version: "1" } });
  } else if (method === "ping") {
    answer(id, {});
  } else if (method === "tools/list") {
    listings++;
    if (odd.has("lists-once") && listings > 1) return;
    if (odd.has("never-ends-its-list")) return setTimeout(() => answer(id, { tools: list(), nextCursor: String(listings) }), 300);
    answer(id, { tools: list() });
  } else if (method === "notifications/cancelled") {
    canceled.push(params.requestId === running.get("slow") ? "slow" : String(params.requestId));
  } else if (method === "tools/call") {
    if (params.name === "add") {
      tools.later = [object({}), () => text("later")];
      send({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
      return answer(id, text("added"));
    }
    if (params.name === "slow") {
      running.set("slow", id);
      setTimeout(() => answer(id, text("slept")), params.arguments.ms);
      return;
    }
    const tool = tools[params.name];
    if (!tool) return send({ jsonrpc: "2.0", id, error: { code: -32602, message: "Unknown tool: " + params.name } });
    const result = tool[1](params.arguments ?? {}, params._meta);
    if (result) answer(id, result);
  }
});
tools.add = [object({}), null];
if (!odd.has("ignores-sigterm")) process.stdin.on("end", () => process.exit(0));
