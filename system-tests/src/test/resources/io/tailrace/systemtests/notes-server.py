"""A server of tools over pipes. usage: notes-server.py FILE

note: writes its key and text to FILE, takes some milliseconds, and says so.
fall: is killed in the middle of its call.
"""

import json
import os
import signal
import sys
import threading
import time

NOTES = sys.argv[1]
lock = threading.Lock()


def say(message):
    with lock:
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        sys.stdout.flush()


def tool(name, properties):
    return {
        "name": name,
        "description": "Of a notebook: " + name,
        "inputSchema": {"type": "object", "properties": properties, "required": list(properties)},
    }


TOOLS = [tool("note", {"text": {"type": "string"}, "ms": {"type": "integer"}}), tool("fall", {})]


def call(request):
    params = request["params"]
    if params["name"] == "fall":
        os.kill(os.getpid(), signal.SIGKILL)
    key = params.get("_meta", {}).get("io.tailrace/idempotency-key", "")
    with open(NOTES, "a", encoding="utf-8") as notes:
        notes.write(key + " " + params["arguments"]["text"] + "\n")
    time.sleep(params["arguments"]["ms"] / 1000)
    say({"id": request["id"], "result": {"content": [{"type": "text", "text": "noted: " + params["arguments"]["text"]}]}})


print("This notebook greets everybody, which it should not.", flush=True)
for line in sys.stdin:
    request = json.loads(line)
    method = request.get("method")
    if method == "initialize":
        say({
            "id": request["id"],
            "result": {
                "protocolVersion": request["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "notes", "version": "1"},
            },
        })
    elif method == "tools/list":
        say({"id": request["id"], "result": {"tools": TOOLS}})
    elif method == "tools/call":
        threading.Thread(target=call, args=(request,), daemon=True).start()
    elif "id" in request and method is not None:
        say({"id": request["id"], "result": {}})
