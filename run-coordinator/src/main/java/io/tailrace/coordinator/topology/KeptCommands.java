package io.tailrace.coordinator.topology;

import io.tailrace.events.id.RunId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What clients want of runs whose state is being made of the log (decision 017). A command counts as read from then on, so it
 * lies in the store, in the transaction that says so, until it is decided. Memory has the runs alone. Key: one byte for
 * the kind, the run id, a zero byte, offset and time of append, so that a command that is read again is the same one.
 * Confined to the partition's stream thread.
 */
final class KeptCommands {
    private static final int PLACE = 2 * Long.BYTES;

    private final KeyValueStore<byte[], byte[]> store;
    private final byte kind;
    private final Set<RunId> runs = new LinkedHashSet<>();

    /** A command by its place in run-commands. Earlier offsets come first. */
    record Kept(RunId run, long offset, Instant appended) {}

    /** @param kind what its keys begin with, and no others */
    KeptCommands(KeyValueStore<byte[], byte[]> store, byte kind) {
        this.store = store;
        this.kind = kind;
        Optional<RunId> next = firstRun(new byte[] {kind});
        while (next.isPresent()) {
            runs.add(next.get());
            next = firstRun(end(next.get()));
        }
    }

    private Optional<RunId> firstRun(byte[] from) {
        try (KeyValueIterator<byte[], byte[]> all = store.range(from, new byte[] {kind, Byte.MAX_VALUE})) {
            return all.hasNext() ? Optional.of(kept(all.peekNextKey()).run()) : Optional.empty();
        }
    }

    /** The runs of which a command waits. */
    Set<RunId> runs() {
        return Set.copyOf(runs);
    }

    boolean has(RunId run) {
        return runs.contains(run);
    }

    void keep(Kept command, byte[] value) {
        store.put(key(command), value);
        runs.add(command.run());
    }

    /**
     * Takes the first commands of a run out, and hands each over with its value.
     *
     * @param most so many at most
     * @return how many there were
     */
    int take(RunId run, int most, BiConsumer<Kept, byte[]> each) {
        List<Kept> first = first(run, most);
        for (Kept command : first) {
            byte[] value = store.delete(key(command));
            if (value == null) {
                throw new IllegalStateException("it is not kept: " + command);
            }
            each.accept(command, value);
        }
        if (first(run, 1).isEmpty()) {
            runs.remove(run);
        }
        return first.size();
    }

    /**
     * Forgets what was appended before this moment.
     *
     * @param most looks at so many of a run
     * @return how many of each run
     */
    Map<RunId, Integer> forget(Instant appendedBefore, int most) {
        Map<RunId, Integer> forgotten = new HashMap<>();
        for (RunId run : runs()) {
            int old = (int) first(run, most).stream()
                    .takeWhile(it -> it.appended().isBefore(appendedBefore))
                    .count();
            if (old > 0) {
                forgotten.put(run, take(run, old, (_, _) -> {}));
            }
        }
        return forgotten;
    }

    /** Values are read too, and let go one by one. */
    private List<Kept> first(RunId run, int most) {
        List<Kept> found = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = store.range(begin(run), end(run))) {
            while (all.hasNext() && found.size() < most) {
                found.add(kept(all.next().key));
            }
        }
        return found;
    }

    private byte[] key(Kept command) {
        byte[] begin = begin(command.run());
        return ByteBuffer.allocate(begin.length + PLACE)
                .put(begin)
                .putLong(command.offset())
                .putLong(command.appended().toEpochMilli())
                .array();
    }

    private static Kept kept(byte[] key) {
        ByteBuffer place = ByteBuffer.wrap(key, key.length - PLACE, PLACE);
        String run = new String(key, 1, key.length - PLACE - 2, StandardCharsets.UTF_8);
        return new Kept(new RunId(run), place.getLong(), Instant.ofEpochMilli(place.getLong()));
    }

    private byte[] begin(RunId run) {
        return bound(run, 0);
    }

    /** Before the keys of all runs that begin with this one's id and go on: no id has so small a byte. */
    private byte[] end(RunId run) {
        return bound(run, 1);
    }

    private byte[] bound(RunId run, int last) {
        byte[] id = run.value().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(id.length + 2)
                .put(kind)
                .put(id)
                .put((byte) last)
                .array();
    }
}
