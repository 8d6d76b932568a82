package io.tailrace.knowledge.log;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.runlog.LogAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repositories that this process searches, each with an index in a folder of its own. An index is built when it is
 * first asked for, brought up to date for each answer, and closed when others need its place. All processes answer the
 * same at the same version. Blocks its callers, bounded; thread-safe.
 */
public final class Repositories implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Repositories.class);

    private final Path root;
    private final LogAccess access;
    private final int partitions;
    private final int maxOpen;
    private final InstantSource clock;
    private final EventCodec codec;
    /** The one that was asked longest ago first. Guarded by itself. */
    private final Map<String, RepositoryReader> readers = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Opens nothing yet.
     *
     * @param root for the indexes of this process alone; made if necessary
     * @param partitions of the topic of repositories
     * @param maxOpen each has up to 32 MB of changes in memory, and a consumer
     */
    public Repositories(
            Path root, LogAccess access, EventCodec codec, int partitions, int maxOpen, InstantSource clock) {
        this.root = root;
        this.access = access;
        this.codec = codec;
        this.partitions = partitions;
        this.maxOpen = maxOpen;
        this.clock = clock;
    }

    /** The repository with all that the log has at this moment. */
    public Reading newest(RepositoryLog log, Duration within) throws RepositoryUnreadable, InterruptedException {
        return read(log, OptionalLong.empty(), within);
    }

    /**
     * The repository as it was when the log ended with this position. What comes is the same for whoever asks, wherever,
     * for {@link RepositoryChange#VERSIONS_KEPT}.
     */
    public Reading at(RepositoryLog log, long version, Duration within)
            throws RepositoryUnreadable, InterruptedException {
        return read(log, OptionalLong.of(version), within);
    }

    private Reading read(RepositoryLog log, OptionalLong version, Duration within)
            throws RepositoryUnreadable, InterruptedException {
        Deadline deadline = Deadline.in(within);
        RepositoryReader reader;
        synchronized (readers) {
            reader = readers.computeIfAbsent(
                    log.name(), _ -> new RepositoryReader(log, root, access, codec, partitions));
            if (!reader.isOpen() && !hasRoom()) {
                return new Reading.NoRoom();
            }
        }
        return reader.read(version, clock.instant().minus(RepositoryChange.VERSIONS_KEPT), deadline);
    }

    /**
     * The last position of each repository's log at this moment; -1 where its partition never had a record. Opens and
     * builds no index.
     *
     * @throws RepositoryUnreadable if the brokers do not answer within this time
     */
    public Map<RepositoryLog, Long> lastPositions(Collection<RepositoryLog> logs, Duration within)
            throws RepositoryUnreadable, InterruptedException {
        Deadline deadline = Deadline.in(within);
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        logs.forEach(it -> wanted.put(RepositoryReader.partition(it, partitions), OffsetSpec.latest()));
        Map<RepositoryLog, Long> positions = new HashMap<>();
        if (wanted.isEmpty()) {
            return positions;
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends;
        RepositoryLog any = logs.iterator().next();
        try {
            Admin admin = access.admin().orElseThrow(() -> new TimeoutException("the log was not reached yet"));
            ends = admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | KafkaException | java.util.concurrent.TimeoutException e) {
            throw new RepositoryUnreadable(any, e);
        }
        for (RepositoryLog log : logs) {
            ListOffsetsResultInfo end = ends.get(RepositoryReader.partition(log, partitions));
            if (end == null) {
                throw new RepositoryUnreadable(log, new TimeoutException("no end of its partition"));
            }
            positions.put(log, end.offset() - 1);
        }
        return positions;
    }

    /** Two callers that open two at the same moment can be one too many; the next one closes it. */
    private boolean hasRoom() {
        List<RepositoryReader> open =
                readers.values().stream().filter(RepositoryReader::isOpen).toList();
        int over = open.size() - maxOpen + 1;
        for (RepositoryReader reader : open) {
            if (over <= 0) {
                break;
            }
            try {
                if (reader.releaseIfIdle()) {
                    over--;
                }
            } catch (IOException | KafkaException e) {
                over--;
                LOG.warn("An index could not be closed in order; what it lacks is read again", e);
            }
        }
        return over <= 0;
    }

    /** Removes the indexes of all repositories but these; they are of none that still is. */
    public void keepOnly(List<RepositoryLog> logs) throws IOException {
        Set<String> folders = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (RepositoryLog log : logs) {
            folders.add(log.folderName());
            names.add(log.name());
        }
        List<RepositoryReader> gone = new ArrayList<>();
        synchronized (readers) {
            readers.entrySet().removeIf(it -> !names.contains(it.getKey()) && gone.add(it.getValue()));
        }
        for (RepositoryReader reader : gone) {
            reader.release();
        }
        IndexFolders.keepOnly(root, folders);
    }

    @Override
    public void close() throws IOException {
        List<RepositoryReader> all;
        synchronized (readers) {
            all = List.copyOf(readers.values());
            readers.clear();
        }
        IOException failure = null;
        for (RepositoryReader reader : all) {
            try {
                reader.release();
            } catch (IOException | KafkaException e) {
                failure = failure == null ? new IOException("an index could not be closed", e) : failure;
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
