package io.tailrace.cli.demo;

import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.RunFrame;
import io.tailrace.cli.sse.FrameReader;
import io.tailrace.cli.sse.SseFrame;
import java.util.ArrayList;
import java.util.List;

/** Keeps a run's events, shows nothing, and is left alone. Confined to the thread that follows the stream. */
final class UncutWatch implements FrameReader {

    private final GatewayClient client;
    private final List<WatchedEvent> events = new ArrayList<>();

    UncutWatch(GatewayClient client) {
        this.client = client;
    }

    @Override
    public Next frame(SseFrame frame) {
        RunFrame read = client.read(frame);
        if (read.isEvent()) {
            events.add(WatchedEvent.of(read.data()));
        }
        return Next.GO_ON;
    }

    List<WatchedEvent> events() {
        return List.copyOf(events);
    }
}
