package io.tailrace.knowledge.log;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.log.Topic;
import io.tailrace.knowledge.index.AtVersion;
import io.tailrace.knowledge.index.Change;
import io.tailrace.knowledge.index.RepositoryIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A repository's index and the consumer that it is built by. Reads the log when it is asked for a version, and no further
 * than that. Confined to one caller at a time. After an exception it is closed, and opened again: it goes on after its
 * last commit.
 */
final class OpenRepository implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenRepository.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOK_FOR_OLD = Duration.ofHours(1);
    /** Changes that a crash loses, to be read again. */
    private static final int COMMIT_AFTER = 1000;

    private final RepositoryLog log;
    private final EventCodec codec;
    private final RepositoryIndex index;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final byte[] prefix;
    private int uncommitted;
    private long horizon = RepositoryIndex.NOTHING;
    private @Nullable Deadline nextLook;

    /** Takes over the index and the consumer. */
    OpenRepository(
            RepositoryLog log,
            EventCodec codec,
            RepositoryIndex index,
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition) {
        this.log = log;
        this.codec = codec;
        this.index = index;
        this.consumer = consumer;
        this.partition = partition;
        this.prefix = RepositoryChange.key(log.name(), "").getBytes(StandardCharsets.UTF_8);
        consumer.assign(List.of(partition));
    }

    /** The log ends before what the index has: it was cut off, and the index is of changes that are lost. */
    static final class CutOff extends IOException {
        private static final long serialVersionUID = 1L;

        CutOff(long indexed, long end) {
            super("the log ends at " + end + ", the index is of " + indexed);
        }
    }

    /** Goes to where the index ends. */
    void begin(Deadline deadline) throws CutOff {
        long end = end(deadline);
        if (index.version() >= end) {
            throw new CutOff(index.version(), end);
        }
        if (index.version() == RepositoryIndex.NOTHING) {
            consumer.seek(partition, offset(consumer.beginningOffsets(List.of(partition), deadline.left())));
        } else {
            consumer.seek(partition, index.version() + 1);
        }
    }

    /**
     * The repository at a version, or as the log has it now.
     *
     * @param keptSince records from this moment on are not compacted yet
     */
    Reading read(OptionalLong wanted, Instant keptSince, Deadline deadline) throws IOException {
        long end = end(deadline);
        if (consumer.position(partition, deadline.left()) > end) {
            throw new CutOff(index.version(), end);
        }
        if (wanted.isPresent() && wanted.getAsLong() >= end) {
            return new Reading.Ahead(end - 1);
        }
        look(keptSince, end, deadline);
        // Whether a version below the horizon is still exact depends on what came after it.
        boolean exact = wanted.isPresent() && wanted.getAsLong() >= horizon;
        if (!applyUpTo(exact ? wanted.getAsLong() + 1 : end, deadline)) {
            return new Reading.Behind(index.version());
        }
        index.forgetBefore(Math.min(horizon, index.version()));
        return switch (index.at(Math.min(wanted.orElse(Long.MAX_VALUE), index.version()))) {
            case AtVersion.Found found -> new Reading.Found(found.view());
            case AtVersion.Behind behind -> new Reading.Behind(behind.version());
            case AtVersion.Forgotten forgotten -> new Reading.Forgotten(forgotten.oldest());
        };
    }

    private long end(Deadline deadline) {
        return offset(consumer.endOffsets(List.of(partition), deadline.left()));
    }

    private long offset(Map<TopicPartition, Long> offsets) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new TimeoutException("no offset of " + partition);
        }
        return offset;
    }

    private boolean applyUpTo(long next, Deadline deadline) throws IOException {
        while (consumer.position(partition, deadline.left()) < next) {
            if (deadline.left().isZero()) {
                return false;
            }
            List<Change> changes = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(deadline.leftUpTo(POLL))) {
                if (isOurs(record.key())) {
                    change(record).ifPresent(changes::add);
                }
            }
            index.apply(changes);
            uncommitted += changes.size();
            if (uncommitted >= COMMIT_AFTER) {
                index.commit();
                uncommitted = 0;
            }
            giveWay();
        }
        return true;
    }

    /** This may be a virtual thread, and a rebuild takes long: whoever else needs its carrier comes first. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void giveWay() {
        Thread.yield();
    }

    private boolean isOurs(byte @Nullable [] key) {
        return key != null
                && key.length > prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private Optional<Change> change(ConsumerRecord<byte[], byte[]> record) {
        try {
            RepositoryChange change = codec.decode(Topic.REPOSITORIES, RepositoryChange.class, record.value());
            if (!change.key().equals(new String(record.key(), StandardCharsets.UTF_8))) {
                throw new UndecodableRecord("its key and its value name different things");
            }
            return Optional.of(StoredContents.change(log, record.offset(), change));
        } catch (UndecodableRecord | IllegalArgumentException | ArithmeticException e) {
            LOG.warn("Skipped {}@{}: {}", partition, record.offset(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Finds the horizon: the position before the first record that is not compacted yet. What was compacted away before it
     * was overtaken before it too, so from there on each index has the same.
     */
    private void look(Instant keptSince, long end, Deadline deadline) {
        Deadline next = nextLook;
        if (next == null || next.left().isZero()) {
            OffsetAndTimestamp first = consumer.offsetsForTimes(
                            Map.of(partition, keptSince.toEpochMilli()), deadline.left())
                    .get(partition);
            horizon = (first == null ? end : first.offset()) - 1;
            nextLook = Deadline.in(LOOK_FOR_OLD);
        }
    }

    /** Commits; a view that was given stays open. */
    @Override
    public void close() throws IOException {
        try (consumer) {
            index.close();
        }
    }
}
