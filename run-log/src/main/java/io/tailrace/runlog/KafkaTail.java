package io.tailrace.runlog;

import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one consumer that reads, from its end on, every partition that a watched run needs, and puts the
 * records of watched runs into their inboxes. It compares keys and reads headers; it never decodes and never waits for a
 * reader. A failure of the client is followed by another client at the same offsets.
 */
final class KafkaTail implements Tail, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTail.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);
    private static final long KEEP_NANOS = Duration.ofSeconds(30).toNanos();

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Ends ends;
    private final LogMeters meters;
    private final UnreadableRecords unreadable;
    private final Clock clock;
    private final Thread thread;

    private final Object lock = new Object();
    private final List<Change> changes = new ArrayList<>();
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> polling;
    private volatile @Nullable String failure;

    /** Confined to the thread. */
    private final Map<TopicPartition, Watched> watched = new HashMap<>();

    private sealed interface Change {
        record Add(Watch watch, Topic topic) implements Change {}

        record Remove(Watch watch) implements Change {}

        record Forget() implements Change {}
    }

    /** A partition that is read: for whom, and from where on. */
    private static final class Watched {
        final Map<ByteBuffer, Set<Watch>> byKey = new HashMap<>();
        long next = -1;
        /** At or before {@code next}, nothing between: where a client goes on, with the epoch of what lies before. */
        OffsetAndMetadata place = new OffsetAndMetadata(0);

        long unusedSince;

        void beginAt(OffsetAndMetadata end) {
            next = end.offset();
            place = end;
        }
    }

    /** Tells where a partition ends, committed, and the epoch of its leader. */
    @FunctionalInterface
    interface Ends {
        OffsetAndMetadata of(TopicPartition partition) throws LogUnreadable, InterruptedException;
    }

    /**
     * @param consumers makes a consumer when one is needed
     * @param ends tells where to begin
     * @param clock the time, to compare with the brokers'
     */
    KafkaTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Ends ends,
            LogMeters meters,
            UnreadableRecords unreadable,
            Clock clock) {
        this.consumers = consumers;
        this.ends = ends;
        this.meters = meters;
        this.unreadable = unreadable;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("log-tail").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Why the tail does not work now; null while it does. */
    @Nullable
    String failure() {
        return failure;
    }

    @Override
    public void watch(Watch watch, Topic topic) {
        submit(new Change.Add(watch, topic));
    }

    @Override
    public void unwatch(Watch watch) {
        submit(new Change.Remove(watch));
    }

    @Override
    public void forget() {
        submit(new Change.Forget());
    }

    private void submit(Change change) {
        synchronized (lock) {
            changes.add(change);
            lock.notifyAll();
        }
        wakeUp();
    }

    private void wakeUp() {
        Consumer<byte[], byte[]> consumer = polling;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void run() {
        try {
            while (!closed) {
                awaitWork();
                if (!closed) {
                    follow();
                }
            }
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
            if (!closed) {
                failure = "interrupted";
                throw new IllegalStateException("the tail's thread is interrupted by close() alone", e);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The tail has ended at {}", positions(), e);
            failure = "it has ended: " + e;
            throw e;
        }
    }

    private void awaitWork() throws InterruptedException {
        synchronized (lock) {
            while (!closed && changes.isEmpty() && watched.isEmpty()) {
                lock.wait();
            }
        }
    }

    /** Reads with one client until there is nothing to read, or the client fails. */
    private void follow() throws InterruptedException {
        @Nullable Consumer<byte[], byte[]> consumer = null;
        try {
            consumer = consumers.get();
            polling = consumer;
            assign(consumer);
            failure = null;
            while (!closed && !(watched.isEmpty() && changesDone())) {
                try {
                    applyChanges(consumer);
                    if (!watched.isEmpty()) {
                        deliver(consumer, consumer.poll(POLL));
                    }
                } catch (WakeupException _) {
                    // There are changes, or it is time to end; the loop sees which.
                } catch (OffsetOutOfRangeException e) {
                    beginAtEnd(consumer, e);
                }
            }
        } catch (KafkaException | LogUnreadable e) {
            LOG.warn("The tail failed at {} and goes on with another client", positions(), e);
            failure = String.valueOf(e.getMessage());
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } finally {
            polling = null;
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
        }
    }

    private boolean changesDone() {
        synchronized (lock) {
            return changes.isEmpty();
        }
    }

    private @Nullable Change firstChange() {
        synchronized (lock) {
            return changes.isEmpty() ? null : changes.getFirst();
        }
    }

    /** A change is done with only when it was applied whole: the client may be woken up, or fail, in the middle. */
    private void applyChanges(Consumer<byte[], byte[]> consumer) throws LogUnreadable, InterruptedException {
        boolean assigned = dropUnused();
        for (Change change = firstChange(); change != null; change = firstChange()) {
            switch (change) {
                case Change.Add add -> {
                    begin(consumer, add.watch, add.topic);
                    add.watch.inboxes().signal();
                }
                case Change.Remove remove -> end(remove.watch);
                case Change.Forget _ -> {
                    watched.clear();
                    assigned = true;
                }
            }
            synchronized (lock) {
                changes.removeFirst();
            }
        }
        if (assigned) {
            assign(consumer);
        }
    }

    private void begin(Consumer<byte[], byte[]> consumer, Watch watch, Topic topic)
            throws LogUnreadable, InterruptedException {
        TopicPartition partition = new TopicPartition(topic.topicName(), watch.partition());
        Watched at = watched.get(partition);
        if (at == null || at.next < 0) {
            at = at == null ? new Watched() : at;
            watched.put(partition, at);
            at.beginAt(ends.of(partition));
            assign(consumer);
        }
        at.byKey.computeIfAbsent(key(watch), _ -> new LinkedHashSet<>()).add(watch);
        watch.inboxes().of(topic).begin(at.next);
    }

    private void end(Watch watch) {
        for (Watched at : watched.values()) {
            Set<Watch> watches = at.byKey.get(key(watch));
            if (watches != null && watches.remove(watch) && watches.isEmpty()) {
                at.byKey.remove(key(watch));
                at.unusedSince = System.nanoTime();
            }
        }
    }

    /** Partitions are kept for a while after their last watch: to begin anew costs more than to read on. */
    private boolean dropUnused() {
        boolean dropped = false;
        Iterator<Watched> all = watched.values().iterator();
        while (all.hasNext()) {
            Watched at = all.next();
            if (at.byKey.isEmpty() && System.nanoTime() - at.unusedSince > KEEP_NANOS) {
                all.remove();
                dropped = true;
            }
        }
        return dropped;
    }

    private void assign(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> before = new HashSet<>(consumer.assignment());
        Set<TopicPartition> now = new HashSet<>();
        watched.forEach((partition, at) -> {
            if (at.next >= 0) {
                now.add(partition);
            }
        });
        if (!now.equals(before)) {
            consumer.assign(now);
            for (TopicPartition partition : now) {
                if (!before.contains(partition)) {
                    consumer.seek(partition, Objects.requireNonNull(watched.get(partition)).place);
                }
            }
        }
        meters.tailPartitions.set(now.size());
    }

    /**
     * These partitions have not what the tail has read: they were cut off, or retention was faster. Feeders find out from
     * the log what that means for their runs; of one that was cut off nobody knows where, so each looks up its place anew.
     */
    private void beginAtEnd(Consumer<byte[], byte[]> consumer, OffsetOutOfRangeException e)
            throws LogUnreadable, InterruptedException {
        for (TopicPartition partition : e.offsetOutOfRangePartitions().keySet()) {
            Watched at = watched.get(partition);
            if (at != null) {
                long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
                boolean cutOff = e instanceof LogTruncationException || at.place.offset() >= begin;
                LOG.warn(
                        "{} {}: the tail goes on at its end instead of {}",
                        partition,
                        cutOff ? "was cut off" : "was trimmed",
                        at.next);
                at.beginAt(ends.of(partition));
                consumer.seek(partition, at.place);
                Topic topic = Topic.named(partition.topic()).orElseThrow();
                at.byKey.values().stream().flatMap(Set::stream).forEach(watch -> {
                    if (cutOff) {
                        watch.inboxes().of(topic).cut(at.next);
                    } else {
                        watch.inboxes().of(topic).begin(at.next);
                    }
                    watch.inboxes().signal();
                });
            }
        }
    }

    private void deliver(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        Set<Watch> touched = new HashSet<>();
        long newest = 0;
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
            newest = Math.max(newest, batch.getLast().timestamp());
            Watched at = watched.get(partition);
            if (at != null) {
                ConsumerRecord<byte[], byte[]> last = batch.getLast();
                at.place = new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), "");
                at.next = Math.max(at.place.offset(), consumer.position(partition));
                Map<Watch, List<LogRecord>> found = sort(at, batch);
                Topic topic = Topic.named(partition.topic()).orElseThrow();
                found.forEach((watch, own) -> watch.inboxes().of(topic).append(own, at.next));
                touched.addAll(found.keySet());
            }
        }
        touched.forEach(it -> it.inboxes().signal());
        long behind = 0;
        for (TopicPartition partition : watched.keySet()) {
            behind += consumer.currentLag(partition).orElse(0L);
        }
        meters.tailLagRecords.set(behind);
        meters.tailLagMillis.set(newest == 0 || behind == 0 ? 0 : Math.max(0, clock.millis() - newest));
    }

    private Map<Watch, List<LogRecord>> sort(Watched at, List<ConsumerRecord<byte[], byte[]>> batch) {
        Map<Watch, List<LogRecord>> found = new HashMap<>();
        if (at.byKey.isEmpty()) {
            return found;
        }
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            byte @Nullable [] key = record.key();
            Set<Watch> watches = key == null ? null : at.byKey.get(ByteBuffer.wrap(key));
            if (watches != null) {
                KafkaRecords.logRecord(record)
                        .ifPresentOrElse(
                                ours -> watches.forEach(it -> found.computeIfAbsent(it, _ -> new ArrayList<>())
                                        .add(ours)),
                                () -> unreadable.foreign(record));
            }
        }
        return found;
    }

    private static ByteBuffer key(Watch watch) {
        return ByteBuffer.wrap(KafkaRecords.key(watch.run()));
    }

    private String positions() {
        StringBuilder text = new StringBuilder();
        watched.forEach((partition, at) ->
                text.append(partition).append('@').append(at.next).append(' '));
        return text.toString();
    }

    @Override
    public void close() {
        closed = true;
        synchronized (lock) {
            lock.notifyAll();
        }
        wakeUp();
        try {
            if (!thread.join(END_WITHIN)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
