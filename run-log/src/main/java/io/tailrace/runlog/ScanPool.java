package io.tailrace.runlog;

import io.tailrace.runlog.LogSource.Chunk;
import io.tailrace.runlog.LogSource.Passed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * A few consumers, each for one scan at a time. Who goes on where a consumer stands gets that one, with what it has
 * fetched ahead. Thread-safe; taking one blocks, bounded and in turn.
 */
final class ScanPool implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** For so long what a consumer has fetched ahead is good for the next who goes on there: the log may be cut off. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final long NOWHERE = -1;

    private final IntFunction<Consumer<byte[], byte[]>> consumers;
    private final LogMeters meters;
    private final Semaphore permits;
    private final List<Scanner> idle = new ArrayList<>();
    private final AtomicInteger made = new AtomicInteger();
    private final int size;
    private int existing;
    private long generation;

    /**
     * @param consumers makes a consumer, given a number
     */
    ScanPool(int size, IntFunction<Consumer<byte[], byte[]>> consumers, LogMeters meters) {
        this.consumers = consumers;
        this.meters = meters;
        this.size = size;
        this.permits = new Semaphore(size, true);
    }

    /** What is done with a consumer. */
    @FunctionalInterface
    interface Scan<T> {
        T with(Scanner scanner) throws LogUnreadable, InterruptedException;
    }

    /**
     * Runs a scan of a partition from an offset on.
     *
     * @param passed the last record before the offset, if it is known
     */
    <T> T scan(TopicPartition partition, long offset, Optional<Passed> passed, Scan<T> scan)
            throws LogUnreadable, InterruptedException {
        long asked = System.nanoTime();
        if (!permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new LogUnreadable("too many scans of the log are under way");
        }
        long began = System.nanoTime();
        meters.scanWait.record(began - asked, TimeUnit.NANOSECONDS);
        meters.scansInFlight.incrementAndGet();
        @Nullable Scanner scanner = null;
        boolean healthy = false;
        try {
            scanner = take(partition, offset);
            scanner.seek(partition, offset, passed);
            T result = scan.with(scanner);
            healthy = true;
            return result;
        } catch (InterruptException e) {
            // The client has set the interrupt flag again; the checked exception stands for it.
            Thread.interrupted();
            throw new InterruptedException("interrupted while reading the log");
        } catch (KafkaException e) {
            throw new LogUnreadable("the log cannot be read: " + e.getMessage(), e);
        } finally {
            if (scanner != null) {
                give(scanner, healthy);
            }
            meters.scansInFlight.decrementAndGet();
            meters.scanTime.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
            permits.release();
        }
    }

    private Scanner take(TopicPartition partition, long offset) {
        long current;
        synchronized (idle) {
            for (Scanner scanner : idle) {
                if (scanner.standsAt(partition, offset)) {
                    idle.remove(scanner);
                    return scanner;
                }
            }
            if (existing == size) {
                // The one that has been idle longest: the others may be gone on with.
                return idle.removeFirst();
            }
            existing++;
            current = generation;
        }
        return new Scanner(consumers.apply(made.incrementAndGet()), current);
    }

    private void give(Scanner scanner, boolean healthy) {
        synchronized (idle) {
            if (healthy && scanner.generation == generation) {
                scanner.givenBack();
                idle.addLast(scanner);
                return;
            }
            existing--;
        }
        scanner.close();
    }

    /** Whatever the consumers know is of another log. */
    void forget() {
        List<Scanner> closing;
        synchronized (idle) {
            generation++;
            existing -= idle.size();
            closing = List.copyOf(idle);
            idle.clear();
        }
        closing.forEach(Scanner::close);
    }

    @Override
    public void close() {
        forget();
    }

    /** A consumer at work on one partition, record by record. Confined to who has taken it. */
    static final class Scanner {
        private final Consumer<byte[], byte[]> consumer;
        private final long generation;
        private @Nullable TopicPartition partition;
        private Iterator<ConsumerRecord<byte[], byte[]>> fetched =
                List.<ConsumerRecord<byte[], byte[]>>of().iterator();
        private long next;
        private long usedAt;
        private Optional<Passed> passed = Optional.empty();

        private Scanner(Consumer<byte[], byte[]> consumer, long generation) {
            this.consumer = consumer;
            this.generation = generation;
        }

        private boolean standsAt(TopicPartition wanted, long offset) {
            return wanted.equals(partition) && next == offset && System.nanoTime() - usedAt < FRESH.toNanos();
        }

        private void seek(TopicPartition wanted, long offset, Optional<Passed> before) {
            boolean there = standsAt(wanted, offset);
            passed = before;
            if (there) {
                return;
            }
            if (!wanted.equals(partition)) {
                consumer.assign(List.of(wanted));
                partition = wanted;
            }
            // Between the record that was passed and the offset lies none; with its epoch the broker is asked for it
            // first.
            consumer.seek(
                    wanted,
                    before.map(it -> new OffsetAndMetadata(it.offset() + 1, Optional.of(it.leaderEpoch()), ""))
                            .orElseGet(() -> new OffsetAndMetadata(offset)));
            fetched = List.<ConsumerRecord<byte[], byte[]>>of().iterator();
            next = offset;
        }

        /** The next record; null if none came within a time. Offsets that hold no record are passed over. */
        @Nullable
        ConsumerRecord<byte[], byte[]> next(Duration wait) {
            TopicPartition at = partition;
            if (at == null) {
                throw new IllegalStateException("a scanner is placed before it is used");
            }
            if (!fetched.hasNext()) {
                List<ConsumerRecord<byte[], byte[]>> batch = consumer.poll(wait).records(at);
                fetched = batch.iterator();
                if (batch.isEmpty()) {
                    next = Math.max(next, consumer.position(at));
                    return null;
                }
            }
            ConsumerRecord<byte[], byte[]> record = fetched.next();
            passed = record.leaderEpoch().map(epoch -> new Passed(record.offset(), epoch));
            // What was fetched may end with offsets that hold no record: commit markers.
            next = fetched.hasNext() ? record.offset() + 1 : Math.max(record.offset() + 1, consumer.position(at));
            return record;
        }

        /** Whether everything was passed that the log had when it was asked last. */
        boolean isAtEnd() {
            return !fetched.hasNext()
                    && partition != null
                    && consumer.currentLag(partition).orElse(1) == 0;
        }

        /** The offset after everything that was passed. */
        long nextOffset() {
            return next;
        }

        /** The last record that was passed, as far as it is known. */
        Optional<Passed> passed() {
            return passed;
        }

        /** What to say about an offset that the broker calls out of range; nothing if it is in range after all. */
        @Nullable
        Chunk outOfRange(long offset) {
            TopicPartition at = partition;
            if (at == null) {
                throw new IllegalStateException("a scanner is placed before it is used");
            }
            // The client stays where it is until it is placed anew.
            next = NOWHERE;
            long begin = consumer.beginningOffsets(List.of(at)).getOrDefault(at, 0L);
            if (offset < begin) {
                return new Chunk.Trimmed(begin);
            }
            long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
            return offset > end ? new Chunk.Beyond() : null;
        }

        private void givenBack() {
            usedAt = System.nanoTime();
        }

        private void close() {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
