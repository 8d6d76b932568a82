package io.tailrace.coordinator.topology;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunView;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the read model says of one partition's runs, as far as it matters to their states: those that are open, and those
 * that have ended although they are taken for active. Read once, then only what is new. Confined to the reading thread.
 */
final class OpenViews {
    private final LogArchive archive;
    private final EventCodec codec;
    private final int partition;
    private final Map<RunId, Spot> spots = new HashMap<>();
    private long next;

    /**
     * A run as its view has it.
     *
     * @param firstOffset of its creation in run-events
     * @param sequence the last one that the spine states
     */
    record Spot(long firstOffset, long sequence, boolean ended) {}

    OpenViews(LogArchive archive, EventCodec codec, int partition) {
        this.archive = archive;
        this.codec = codec;
        this.partition = partition;
    }

    /** Reads what is new. A state is never older than a view of it: the spine that the view was made of came with it. */
    Map<RunId, Spot> read(Set<RunId> active) {
        spots.entrySet().removeIf(it -> it.getValue().ended() && !active.contains(it.getKey()));
        next = archive.read(new LogPosition(Topic.RUNS, partition, next), LogArchive.END, record -> {
            take(record, active);
            return true;
        });
        return Map.copyOf(spots);
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Set<RunId> active) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (!RunId.isLegal(key)) {
            return;
        }
        RunId run = new RunId(key);
        spots.remove(run);
        if (record.value() == null) {
            return;
        }
        try {
            RunView view = codec.decode(Topic.RUNS, RunView.class, record.value());
            boolean ended = view.completedAt().isPresent();
            if (!ended || active.contains(run)) {
                spots.put(run, new Spot(view.firstOffset(), view.numbered().sequence(), ended));
            }
        } catch (UndecodableRecord e) {
            // Readers of the read model say so; of its run the state alone tells.
            return;
        }
    }
}
