package io.tailrace.gateway.subscription;

import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.PlacesCheckpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A set of runs that is known by an id. It is held as the log has it, a line of US-ASCII for each run, because there are
 * many and they are asked for seldom. Immutable.
 */
public final class Subscription {
    /**
     * How many runs one may have. A connection has a thread and some buffers for each that has not ended, and a checkpoint
     * an entry: with so many a checkpoint has 34 KB at most.
     */
    public static final int MAX_RUNS = PlacesCheckpoint.MAX_RUNS;

    private final String id;
    private final byte[] lines;
    private final int count;
    private final long offset;
    private final Instant storedAt;

    private Subscription(String id, byte[] lines, int count, long offset, Instant storedAt) {
        this.id = id;
        this.lines = lines;
        this.count = count;
        this.offset = offset;
        this.storedAt = storedAt;
    }

    /** The value of a record. */
    static byte[] lines(List<RunId> runs) {
        return runs.stream().map(RunId::value).collect(Collectors.joining("\n")).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a record.
     *
     * @throws UndecodableRecord if it has not from one to {@link #MAX_RUNS} ids of runs, each once
     */
    static Subscription read(String id, byte[] lines, long offset, Instant storedAt) throws UndecodableRecord {
        List<String> ids = split(lines);
        if (ids.size() > MAX_RUNS || ids.stream().distinct().count() != ids.size()) {
            throw new UndecodableRecord("it has too many runs, or one twice");
        }
        if (!ids.stream().allMatch(RunId::isLegal)) {
            throw new UndecodableRecord("it has lines that are no ids of runs");
        }
        return new Subscription(id, lines.clone(), ids.size(), offset, storedAt);
    }

    private static List<String> split(byte[] lines) {
        return List.of(new String(lines, StandardCharsets.US_ASCII).split("\n", -1));
    }

    public String id() {
        return id;
    }

    /** Its runs, in the order in which they were named. */
    public List<RunId> runs() {
        return split(lines).stream().map(RunId::new).toList();
    }

    /** How many runs it has. */
    int count() {
        return count;
    }

    /** When it was stored as it is. */
    Instant storedAt() {
        return storedAt;
    }

    /** Whether it has these runs, in this order. */
    boolean has(byte[] others) {
        return Arrays.equals(lines, others);
    }

    /** The same record of the log. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Subscription that && id.equals(that.id) && offset == that.offset;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, offset);
    }

    /** Its id. */
    @Override
    public String toString() {
        return id;
    }
}
