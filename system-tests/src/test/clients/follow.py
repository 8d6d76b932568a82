"""follow.py URL: httpx-sse follows a stream to its end. What it gives its caller is printed, a line each: type, id and
data, with tabs between them."""

import sys
import time

import httpx
from httpx_sse import connect_sse


def follow(client, url):
    """It does not come again by itself: whoever calls it does, with the last id, until stream.end."""
    last, pause = "", 1.0
    while True:
        headers = {"Last-Event-ID": last} if last else {}
        try:
            with connect_sse(client, "GET", url, headers=headers) as source:
                for event in source.iter_sse():
                    yield event
                    last = event.id or last
                    if event.event == "stream.end":
                        return
        except httpx.TransportError:
            pass
        time.sleep(pause)


# Heartbeats come every 4 s, so the time-out of 5 s for a read, which is httpx's own, does not end a quiet stream.
with httpx.Client() as client:
    for event in follow(client, sys.argv[1]):
        print(event.event, event.id, event.data, sep="\t", flush=True)
