package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.RunBrief;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.LogIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The stored state of one partition: of each active run its brief (written once) and the rest, of each ended run a
 * remnant by which it is known; where a run is in its trace; how far the partition was read, and of which log;
 * {@link KeptCommands}. Key: one byte for the kind, then the run id.
 * Confined to the partition's stream thread.
 */
final class RunTable {
    private static final byte ACTIVE = 'A';
    private static final byte BRIEF = 'B';
    private static final byte ENDED = 'E';
    private static final byte MARK = 'M';
    private static final byte COMMANDS = 'C';
    private static final byte LOG = 'L';
    private static final byte SPINE = 'S';
    private static final byte KEPT = 'K';
    private static final byte TRACE = 'T';

    private final KeyValueStore<byte[], byte[]> store;
    private final StateCodecs codecs;

    /** What is stored of an active run, or why it cannot be read. */
    sealed interface Loaded {
        record Run(RunState.Active state) implements Loaded {}

        record Unreadable(String run, String reason) implements Loaded {}
    }

    RunTable(KeyValueStore<byte[], byte[]> store, StateCodecs codecs) {
        this.store = store;
        this.codecs = codecs;
    }

    /** What is kept by now of commands whose runs are not known yet. */
    KeptCommands keptCommands() {
        return new KeptCommands(store, KEPT);
    }

    /** How far the partition was read; nothing if it never was. Throws what cannot be read. */
    Optional<PartitionProgress> progress() throws UndecodableRecord {
        byte @Nullable [] bytes = store.get(new byte[] {MARK});
        return bytes == null ? Optional.empty() : Optional.of(codecs.progress.decode(bytes));
    }

    void save(PartitionProgress progress) {
        store.put(new byte[] {MARK}, codecs.progress.encode(progress));
    }

    /** How far commands were decided on; nothing if that is not known. Throws what cannot be read. */
    Optional<CommandProgress> commandProgress() throws UndecodableRecord {
        byte @Nullable [] bytes = store.get(new byte[] {COMMANDS});
        return bytes == null ? Optional.empty() : Optional.of(codecs.commands.decode(bytes));
    }

    void save(CommandProgress progress) {
        store.put(new byte[] {COMMANDS}, codecs.commands.encode(progress));
    }

    /** How far the spine is known; nothing if that is not known. Throws what cannot be read. */
    Optional<SpineProgress> spineProgress() throws UndecodableRecord {
        byte @Nullable [] bytes = store.get(new byte[] {SPINE});
        return bytes == null ? Optional.empty() : Optional.of(codecs.spines.decode(bytes));
    }

    void save(SpineProgress progress) {
        store.put(new byte[] {SPINE}, codecs.spines.encode(progress));
    }

    /** The log that all of this is of; nothing if earlier releases wrote it. Throws what cannot be read. */
    Optional<LogIdentity> log() throws UndecodableRecord {
        byte @Nullable [] bytes = store.get(new byte[] {LOG});
        return bytes == null ? Optional.empty() : Optional.of(codecs.logs.decode(bytes));
    }

    void save(LogIdentity log) {
        store.put(new byte[] {LOG}, codecs.logs.encode(log));
    }

    /** All active runs. */
    List<Loaded> active() {
        List<Loaded> runs = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = all(ACTIVE)) {
            while (all.hasNext()) {
                KeyValue<byte[], byte[]> next = all.next();
                runs.add(load(next.key, next.value));
            }
        }
        return runs;
    }

    private Loaded load(byte[] key, byte[] value) {
        String run = new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
        try {
            byte @Nullable [] brief = store.get(key(BRIEF, run));
            return brief == null
                    ? new Loaded.Unreadable(run, "its brief is missing")
                    : new Loaded.Run(codecs.runs.decode(value).toState(codecs.briefs.decode(brief)));
        } catch (UndecodableRecord | IllegalArgumentException e) {
            return new Loaded.Unreadable(run, String.valueOf(e.getMessage()));
        }
    }

    /** Whether the run was created before, whatever became of it. */
    boolean knows(RunId run) {
        return store.get(key(ENDED, run.value())) != null || store.get(key(ACTIVE, run.value())) != null;
    }

    /** Whether the run is known to have ended. */
    boolean hasEnded(RunId run) {
        return store.get(key(ENDED, run.value())) != null;
    }

    /** Where the run is in its trace; nothing if it has none, or none that can be read: it is not needed to go on. */
    Optional<RunTrace> trace(RunId run) {
        byte @Nullable [] bytes = store.get(key(TRACE, run.value()));
        try {
            return bytes == null ? Optional.empty() : Optional.of(codecs.traces.decode(bytes));
        } catch (UndecodableRecord e) {
            return Optional.empty();
        }
    }

    void save(RunId run, RunTrace trace) {
        store.put(key(TRACE, run.value()), codecs.traces.encode(trace));
    }

    void forgetTrace(RunId run) {
        store.delete(key(TRACE, run.value()));
    }

    /** The run stays known, but its state is none any more until another is saved. */
    void suspend(RunId run) {
        store.put(key(ACTIVE, run.value()), new byte[0]);
    }

    void saveBrief(RunBrief brief) {
        store.put(key(BRIEF, brief.run().value()), codecs.briefs.encode(brief));
    }

    void save(RunState.Active state) {
        store.put(key(ACTIVE, state.brief().run().value()), codecs.runs.encode(StoredRun.of(state)));
    }

    void end(RunState.Completed state) {
        String run = state.run().value();
        store.delete(key(ACTIVE, run));
        store.delete(key(BRIEF, run));
        store.put(key(ENDED, run), codecs.ended.encode(state));
    }

    /**
     * Forgets the runs that ended before this moment, looking at so many.
     *
     * @param after the run to go on after; empty to begin
     * @return the last run looked at; empty if none is left
     */
    String forgetEnded(String after, int limit, Instant endedBefore) {
        List<byte[]> old = new ArrayList<>();
        String last = "";
        int seen = 0;
        try (KeyValueIterator<byte[], byte[]> all =
                store.range(key(ENDED, after.isEmpty() ? "" : after + "\0"), new byte[] {ENDED + 1})) {
            while (all.hasNext() && seen < limit) {
                KeyValue<byte[], byte[]> next = all.next();
                seen++;
                last = new String(next.key, 1, next.key.length - 1, StandardCharsets.UTF_8);
                if (endedBefore(next.value, endedBefore)) {
                    old.add(next.key);
                }
            }
            if (!all.hasNext()) {
                last = "";
            }
        }
        old.forEach(store::delete);
        return last;
    }

    private boolean endedBefore(byte[] value, Instant moment) {
        try {
            return codecs.ended.decode(value).endedAt().isBefore(moment);
        } catch (UndecodableRecord e) {
            // Its presence says all that is ever asked of it; it stays.
            return false;
        }
    }

    /** Forgets everything. */
    void clear() {
        List<byte[]> keys = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            all.forEachRemaining(it -> keys.add(it.key));
        }
        keys.forEach(store::delete);
    }

    private KeyValueIterator<byte[], byte[]> all(byte kind) {
        return store.range(new byte[] {kind}, new byte[] {(byte) (kind + 1)});
    }

    private static byte[] key(byte kind, String run) {
        byte[] text = run.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(text.length + 1).put(kind).put(text).array();
    }
}
