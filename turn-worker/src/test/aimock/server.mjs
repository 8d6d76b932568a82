// Serves fixtures.json on a free port, prints its URL, and ends when its standard input does.
import { readFileSync } from "node:fs";
import { LLMock } from "@copilotkit/aimock";

const mock = await LLMock.create({ port: 0, host: "127.0.0.1" });
mock.addFixturesFromJSON(readFileSync(new URL("fixtures.json", import.meta.url), "utf8"));
console.log(mock.url);
process.stdin.on("end", () => process.exit(0)).resume();
