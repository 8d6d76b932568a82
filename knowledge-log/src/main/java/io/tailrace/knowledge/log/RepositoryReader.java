package io.tailrace.knowledge.log;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.knowledge.index.IndexStart;
import io.tailrace.knowledge.index.RepositoryIndex;
import io.tailrace.runlog.LogAccess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One repository of this process, open or not. Thread-safe: callers wait for each other, bounded. */
final class RepositoryReader {
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryReader.class);

    private final RepositoryLog log;
    private final Path folder;
    private final LogAccess access;
    private final EventCodec codec;
    private final TopicPartition partition;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable OpenRepository open;

    RepositoryReader(RepositoryLog log, Path root, LogAccess access, EventCodec codec, int partitions) {
        this.log = log;
        this.folder = root.resolve(log.folderName());
        this.access = access;
        this.codec = codec;
        this.partition = partition(log, partitions);
    }

    /** Where a repository's log is, among so many partitions. */
    static TopicPartition partition(RepositoryLog log, int partitions) {
        return new TopicPartition(Topic.REPOSITORIES.topicName(), KafkaRecords.partitionOf(log.name(), partitions));
    }

    boolean isOpen() {
        return open != null;
    }

    Reading read(OptionalLong wanted, Instant keptSince, Deadline deadline)
            throws RepositoryUnreadable, InterruptedException {
        if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            return new Reading.Behind(RepositoryIndex.NOTHING);
        }
        try {
            return opened(deadline).read(wanted, keptSince, deadline);
        } catch (TimeoutException _) {
            return new Reading.Behind(RepositoryIndex.NOTHING);
        } catch (OpenRepository.CutOff | OffsetOutOfRangeException e) {
            // Positions are given again: what was indexed is of another log.
            discard(e);
            throw new RepositoryUnreadable(log, e);
        } catch (IOException | KafkaException e) {
            abandon(e);
            throw new RepositoryUnreadable(log, e);
        } catch (RuntimeException e) {
            // Lucene's, for files that it can make nothing of. What they say stands in the log too.
            discard(e);
            throw new RepositoryUnreadable(log, e);
        } finally {
            lock.unlock();
        }
    }

    private OpenRepository opened(Deadline deadline) throws IOException, InterruptedException {
        OpenRepository now = open;
        if (now != null) {
            return now;
        }
        RepositoryIndex index = RepositoryIndex.open(folder, log.indexSettings(topicId(deadline)));
        if (index.start() instanceof IndexStart.Rebuilt rebuilt) {
            LOG.info("The index of {} is built anew: {}", log.name(), rebuilt.reason());
        }
        OpenRepository opened = begun(index, deadline);
        open = opened;
        return opened;
    }

    /** Closes the index if it does not come so far. */
    private OpenRepository begun(RepositoryIndex index, Deadline deadline) throws IOException {
        Closeable toClose = index::close;
        try {
            Consumer<byte[], byte[]> consumer = access.consumer("repository", Map.of());
            OpenRepository begun = new OpenRepository(log, codec, index, consumer, partition);
            toClose = begun::close;
            begun.begin(deadline);
            return begun;
        } catch (IOException | RuntimeException e) {
            closeAfter(e, toClose);
            throw e;
        }
    }

    private String topicId(Deadline deadline) throws InterruptedException {
        Admin admin = access.admin().orElseThrow(() -> new TimeoutException("the log was not reached yet"));
        try {
            TopicDescription topic = admin.describeTopics(List.of(partition.topic()))
                    .allTopicNames()
                    .get(deadline.left().toNanos(), TimeUnit.NANOSECONDS)
                    .get(partition.topic());
            return Objects.requireNonNull(topic, "asked for one topic")
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException _) {
            throw new TimeoutException("the brokers did not say which topic it is");
        }
    }

    /** Closes it if nobody is at work with it; says whether it is closed now. */
    boolean releaseIfIdle() throws IOException {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            close();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for whoever is at work with it. */
    void release() throws IOException {
        lock.lock();
        try {
            close();
        } finally {
            lock.unlock();
        }
    }

    private void close() throws IOException {
        OpenRepository now = open;
        open = null;
        if (now != null) {
            now.close();
        }
    }

    private void abandon(Exception because) {
        OpenRepository now = open;
        open = null;
        if (now != null) {
            closeAfter(because, now::close);
        }
    }

    private static void closeAfter(Exception because, Closeable what) {
        try {
            what.close();
        } catch (IOException | KafkaException e) {
            because.addSuppressed(e);
        }
    }

    private void discard(Exception because) {
        LOG.warn("The index of {} is removed: {}", log.name(), because.getMessage());
        abandon(because);
        try {
            IndexFolders.delete(folder);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
