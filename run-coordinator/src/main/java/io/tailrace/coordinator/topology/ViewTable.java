package io.tailrace.coordinator.topology;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The stored views of one partition, by run id, as they stand in the topic. Confined to the partition's stream thread. */
final class ViewTable {
    /** Before every run id. */
    private static final byte[] EPOCH_KEY = {0};

    private static final byte[] SPINE_KEY = {0, 1};

    private static final byte[] FIRST_RUN = {1};

    private final KeyValueStore<byte[], byte[]> store;
    private final EventCodec codec;
    private byte[] sweepFrom = FIRST_RUN;

    ViewTable(KeyValueStore<byte[], byte[]> store, EventCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** Whether the views are of another spine than this log's. What earlier releases stored tells logs apart by all topics. */
    boolean isOfAnotherLog(LogIdentity log) {
        byte @Nullable [] spine = store.get(SPINE_KEY);
        if (spine != null) {
            return !Arrays.equals(spine, spine(log));
        }
        byte @Nullable [] stored = store.get(EPOCH_KEY);
        return stored != null && ByteBuffer.wrap(stored).getLong() != log.epoch();
    }

    void belongsTo(LogIdentity log) {
        store.put(
                EPOCH_KEY, ByteBuffer.allocate(Long.BYTES).putLong(log.epoch()).array());
        store.put(SPINE_KEY, spine(log));
    }

    private static byte[] spine(LogIdentity log) {
        return (log.cluster() + "|" + log.runEvents()).getBytes(StandardCharsets.UTF_8);
    }

    Optional<RunView> view(RunId run) throws UndecodableRecord {
        byte @Nullable [] bytes = store.get(KafkaRecords.key(run));
        return bytes == null ? Optional.empty() : Optional.of(decode(bytes));
    }

    void save(byte[] key, byte[] view) {
        store.put(key, view);
    }

    /** Removes all views; answers their keys. */
    List<byte[]> clear() {
        List<byte[]> keys = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = store.range(FIRST_RUN, new byte[] {Byte.MAX_VALUE})) {
            all.forEachRemaining(it -> keys.add(it.key));
        }
        keys.forEach(store::delete);
        return keys;
    }

    /** Looks at the next so many views and removes those of runs that ended before this moment; answers their keys. */
    List<byte[]> removeEnded(int limit, Instant endedBefore) {
        List<byte[]> old = new ArrayList<>();
        byte[] next = FIRST_RUN;
        int seen = 0;
        try (KeyValueIterator<byte[], byte[]> all = store.range(sweepFrom, new byte[] {Byte.MAX_VALUE})) {
            while (all.hasNext()) {
                KeyValue<byte[], byte[]> found = all.next();
                if (seen++ == limit) {
                    next = found.key;
                    break;
                }
                if (hasEndedBefore(found.value, endedBefore)) {
                    old.add(found.key);
                }
            }
        }
        sweepFrom = next;
        old.forEach(store::delete);
        return old;
    }

    /** What cannot be read any more is of no use to anybody either. */
    private boolean hasEndedBefore(byte[] bytes, Instant moment) {
        try {
            return decode(bytes).completedAt().filter(it -> it.isBefore(moment)).isPresent();
        } catch (UndecodableRecord e) {
            return true;
        }
    }

    private RunView decode(byte[] bytes) throws UndecodableRecord {
        return codec.decode(Topic.RUNS, RunView.class, bytes);
    }
}
