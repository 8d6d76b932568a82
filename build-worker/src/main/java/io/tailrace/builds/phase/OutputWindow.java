package io.tailrace.builds.phase;

import io.tailrace.events.stage.BuildFact.ConsoleLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs lines into windows. A line after a silence goes out at once, alone; what follows within the window's time goes out together.
 * Confined to one thread; time is that of {@link System#nanoTime}, given by the caller.
 */
final class OutputWindow {

    /** How long lines may wait for others. */
    static final Duration SPAN = Duration.ofMillis(20);

    static final int MAX_BYTES = 64 * 1024;

    /** Each line becomes an event of its own at every watcher: a record of empty lines would be a very large one there. */
    static final int MAX_LINES = 2_000;

    private List<ConsoleLine> lines = new ArrayList<>();
    private int bytes;
    private long nextFlush;

    /** @param now the time at which the window's clock starts */
    OutputWindow(long now) {
        this.nextFlush = now;
    }

    /** Whether the line would make the window larger than it may be; {@link #take} first, then. */
    boolean isFullFor(int lineBytes) {
        return !lines.isEmpty() && (bytes + lineBytes > MAX_BYTES || lines.size() >= MAX_LINES);
    }

    void add(ConsoleLine line, int lineBytes) {
        lines.add(line);
        bytes += lineBytes;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Whether what is held has to go out now. */
    boolean isDue(long now) {
        return !lines.isEmpty() && now - nextFlush >= 0;
    }

    /** When {@link #isDue} becomes true if lines are held. */
    long dueAt() {
        return nextFlush;
    }

    /** Takes the lines out; the next ones wait for the window's span. */
    List<ConsoleLine> take(long now) {
        List<ConsoleLine> taken = lines;
        lines = new ArrayList<>();
        bytes = 0;
        nextFlush = now + SPAN.toNanos();
        return taken;
    }
}
