// follow.mjs CLIENT URL TYPES: one of npm's SSE clients follows a stream to its end. What it gives its caller is printed, a
// line each: type, id and data, with tabs between them.
import { writeSync } from "node:fs";

const [client, url, types] = process.argv.slice(2);
const take = (type, id, data) => writeSync(1, `${type}\t${id ?? ""}\t${data ?? ""}\n`);

/** What behaves like a browser's EventSource comes again by itself, and closes for good at the 204 after the end. */
function closed(source) {
  for (const type of [...types.split(","), "message"]) {
    source.addEventListener(type, (event) => take(event.type, event.lastEventId, event.data));
  }
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (source.readyState === 2) {
        clearInterval(look);
        resolve();
      }
    }, 50);
  });
}

const clients = {
  async "eventsource"() {
    const { EventSource } = await import("eventsource");
    await closed(new EventSource(url));
  },

  async "undici"() {
    const { EventSource } = await import("undici");
    await closed(new EventSource(url));
  },

  async "extended-eventsource"() {
    const { EventSource } = await import("extended-eventsource");
    await closed(new EventSource(url, { disableLogger: true }));
  },

  async "launchdarkly-eventsource"() {
    const { EventSource } = await import("launchdarkly-eventsource").then((it) => it.default);
    const source = new EventSource(url);
    source.onerror = () => {}; // else an error without a listener ends the process
    await closed(source);
  },

  async "eventsource-client"() {
    const { createEventSource } = await import("eventsource-client");
    for await (const { event, id, data } of createEventSource(url)) {
      take(event ?? "message", id, data);
    }
  },

  async "@microsoft/fetch-event-source"() {
    // Made for browsers.
    globalThis.window ??= globalThis;
    globalThis.document ??= { removeEventListener() {} };
    const { fetchEventSource } = await import("@microsoft/fetch-event-source").then((it) => it.default ?? it);
    let ended = false;
    await fetchEventSource(url, {
      openWhenHidden: true,
      async onopen(response) {
        if (response.status !== 200) {
          throw new Error(`status ${response.status}`);
        }
      },
      onmessage({ event, id, data }) {
        take(event || "message", id, data);
        ended ||= event === "stream.end";
      },
      // Takes a clean end for the end: what is thrown here makes it come again.
      onclose() {
        if (!ended) {
          throw new Error("not the end");
        }
      },
      // To return is to come again.
      onerror(error) {
        if (ended) {
          throw error;
        }
      },
    });
  },
};

await clients[client]();
process.exit(0);
