package io.tailrace.gateway.stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.view.StreamView;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.StoredLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * Logs and streams that the gateway of an earlier commit wrote (139688c, before stages had kinds), and the bytes that this
 * one writes for the same logs.
 */
public final class StoredFrames {
    /** A build of every fact; an environment that fails; one that is ended by force; a chat of every fact. */
    public static final List<String> RUNS = List.of("build", "failure", "abort", "chat");

    private static final StreamSettings SETTINGS = new StreamSettings(
            Duration.ofSeconds(4), Duration.ofMinutes(30), Duration.ofSeconds(1), 10, DataSize.ofKilobytes(256));

    private StoredFrames() {}

    /** The log of one of {@link #RUNS}. */
    public static StoredLog log(String name) throws IOException {
        return new StoredLog(
                new RunId("r-frozen-" + name), read(name + ".log").lines().toList());
    }

    /** The stream of one of {@link #RUNS} in a view, as that commit wrote it. */
    public static String stored(String name, String view) throws IOException {
        return read(name + "." + view + ".sse");
    }

    private static String read(String file) throws IOException {
        try (InputStream in = StoredFrames.class.getResourceAsStream("/io/tailrace/gateway/frames/" + file)) {
            if (in == null) {
                throw new IOException("no resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** All that a client gets of the run, and then all that one gets who comes with a cursor to a gateway that drains. */
    public static String written(StoredLog log, StreamView view, Cursors cursors)
            throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(log, view, cursors, out, Optional.empty(), false);
        write(log, view, cursors, out, Optional.of("cursor-of-the-client"), true);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void write(
            StoredLog log,
            StreamView view,
            Cursors cursors,
            ByteArrayOutputStream out,
            Optional<String> cameWith,
            boolean draining)
            throws IOException, InterruptedException {
        StreamMeters meters = new StreamMeters(new SimpleMeterRegistry(), Clock.systemUTC(), new OpenStreams(1));
        ConnectionFrames frames = ConnectionFrames.of(log.run(), view, log.start());
        new RunStream(log.run(), new Feed(log), out, view, frames, cursors, meters)
                .run(cameWith, SETTINGS, Duration.ofMinutes(30), () -> draining);
    }

    /** Gives what a log has, some at a time. */
    private static final class Feed implements RunFeed {
        private static final int SOME = 3;

        private final RunCursor start;
        private final Deque<Delivery> rest;

        Feed(StoredLog log) {
            this.start = log.start();
            this.rest = new ArrayDeque<>(log.deliveries());
        }

        @Override
        public List<Delivery> next(Duration wait, long maxBytes) {
            List<Delivery> some = new ArrayList<>();
            while (some.size() < SOME && !rest.isEmpty()) {
                some.add(rest.removeFirst());
            }
            return some;
        }

        @Override
        public RunCursor cursor() {
            return start;
        }

        @Override
        public boolean isOver() {
            return rest.isEmpty();
        }

        @Override
        public boolean isLive() {
            return false;
        }

        @Override
        public void wake() {
            // Nobody waits.
        }

        @Override
        public void close() {
            rest.clear();
        }
    }
}
