package io.tailrace.worker.attempt;

import io.tailrace.events.id.EventId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one attempt's facts, numbered from 1 without gaps, with the worker's idempotent producer. Safe from any thread.
 *
 * <p>What is sent and not yet acknowledged is bounded by {@link #MAX_IN_FLIGHT_BYTES}, so that a stage that says much waits for the log,
 * and does not take the producer's memory from the other stages. When one send fails the attempt is lost: there is a gap in its numbers,
 * so nothing that was sent after it counts, and nothing is sent again.
 *
 * @param <F> the facts of the stage's topic
 */
public final class AttemptWriter<F> implements AttemptLog<F> {

    private static final Logger log = LoggerFactory.getLogger(AttemptWriter.class);

    /** Nothing more is sent while so much of one attempt is on its way. */
    public static final int MAX_IN_FLIGHT_BYTES = 1024 * 1024;

    private final AttemptId id;
    private final Producer<byte[], byte[]> producer;
    private final FactEncoder<F> encoder;
    private final Supplier<EventId> ids;
    private final InstantSource clock;
    private final StopSignal stop;

    /** Held while a record is numbered and sent; never needed by the producer's thread, which would wait for itself. */
    private final ReentrantLock order = new ReentrantLock(true);

    private long nextSequence = 1;
    private long lastAppend = System.nanoTime();

    /** Guarded by the order; the log takes the records of one attempt in their order. */
    private @Nullable Future<RecordMetadata> lastSent;

    private final InFlight inFlight = new InFlight();
    private final AtomicReference<@Nullable AttemptLost> closed = new AtomicReference<>();

    /**
     * A writer that has written nothing yet.
     *
     * @param stop told when the attempt is lost because a send failed; when it says that the attempt is lost, nothing is appended any
     *     more
     */
    public AttemptWriter(
            AttemptId id,
            Producer<byte[], byte[]> producer,
            FactEncoder<F> encoder,
            Supplier<EventId> ids,
            InstantSource clock,
            StopSignal stop) {
        this.id = id;
        this.producer = producer;
        this.encoder = encoder;
        this.ids = ids;
        this.clock = clock;
        this.stop = stop;
        stop.whenStopped(this::closeIfLost);
    }

    private void closeIfLost() {
        if (stop.reason().equals(Optional.of(StopReason.LOST))) {
            close("the stage is no longer this attempt's");
        }
    }

    /** Whose facts it writes. */
    public AttemptId id() {
        return id;
    }

    @Override
    public void append(F fact) throws AttemptLost {
        order.lock();
        try {
            Future<RecordMetadata> _ = send(fact, producer);
        } finally {
            order.unlock();
        }
    }

    @Override
    public LogPosition sync() throws AttemptLost {
        Future<RecordMetadata> last;
        order.lock();
        try {
            last = lastSent;
        } finally {
            order.unlock();
        }
        if (last == null) {
            throw new IllegalStateException(id + " has said nothing yet");
        }
        RecordMetadata taken = await(last);
        throwIfClosed();
        return position(taken);
    }

    /** Appends a fact and waits until the log has it. Answers where it is. */
    public RecordMetadata appendAndAwait(F fact) throws AttemptLost {
        return appendAndAwait(fact, producer);
    }

    /**
     * Like {@link #appendAndAwait(Object)}, through another producer, for what must be done sooner than the attempt's own gives up. The
     * order holds, because nothing is on its way when this is the first fact, and this one has arrived before the next.
     */
    public RecordMetadata appendAndAwait(F first, Producer<byte[], byte[]> through) throws AttemptLost {
        Future<RecordMetadata> sent;
        order.lock();
        try {
            sent = send(first, through);
        } finally {
            order.unlock();
        }
        return await(sent);
    }

    @Override
    public LogPosition end(F fact) throws AttemptLost {
        Future<RecordMetadata> sent;
        order.lock();
        try {
            sent = send(fact, producer);
            close(new AttemptLost(id + " has ended"));
        } finally {
            order.unlock();
        }
        return position(await(sent));
    }

    private static LogPosition position(RecordMetadata taken) {
        return new LogPosition(Topic.named(taken.topic()).orElseThrow(), taken.partition(), taken.offset());
    }

    /** Appends this fact if nothing was appended for so long. Does not wait for a thread that is appending something else. */
    public void heartbeat(Duration silence, Supplier<F> fact) {
        if (!order.tryLock()) {
            return;
        }
        try {
            if (!isClosed() && inFlight.hasRoom() && System.nanoTime() - lastAppend >= silence.toNanos()) {
                Future<RecordMetadata> _ = send(fact.get(), producer);
            }
        } catch (AttemptLost e) {
            log.debug("No heartbeat: the attempt is over, and whoever executes it was told", e);
        } finally {
            order.unlock();
        }
    }

    /** Whether nothing can be appended any more. */
    public boolean isClosed() {
        return closed.get() != null;
    }

    /** Appends nothing any more. What is on its way may still arrive. */
    public void close(String reason) {
        close(new AttemptLost(id + ": " + reason));
    }

    private void close(AttemptLost reason) {
        if (closed.compareAndSet(null, reason)) {
            inFlight.close();
        }
    }

    private Future<RecordMetadata> send(F fact, Producer<byte[], byte[]> through) throws AttemptLost {
        inFlight.awaitRoom();
        throwIfClosed();
        ProducerRecord<byte[], byte[]> record = encoder.encode(id, nextSequence, ids.get(), clock.instant(), fact);
        int size = record.value().length;
        nextSequence++;
        lastAppend = System.nanoTime();
        inFlight.add(size);
        try {
            Future<RecordMetadata> sent = through.send(record, (_, failure) -> {
                if (failure != null) {
                    lost(
                            "a record was not taken by the log",
                            failure); // first: a thread that waits for room must see it
                }
                inFlight.remove(size);
            });
            lastSent = sent;
            return sent;
        } catch (KafkaException | IllegalStateException e) {
            throw lost("a record could not be sent", e);
        }
    }

    private RecordMetadata await(Future<RecordMetadata> sent) throws AttemptLost {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw lost("a record was not taken by the log", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost("interrupted while the log was taking a record", e);
        }
    }

    private void throwIfClosed() throws AttemptLost {
        AttemptLost first = closed.get();
        if (first != null) {
            throw new AttemptLost(String.valueOf(first.getMessage()), first);
        }
    }

    private AttemptLost lost(String what, Throwable cause) {
        AttemptLost lost = new AttemptLost(id + ": " + what, cause);
        close(lost);
        stop.stop(StopReason.LOST);
        return lost;
    }

    /** What was sent and not acknowledged. */
    private static final class InFlight {
        private long bytes;
        private boolean open = true;

        synchronized void add(int size) {
            bytes += size;
        }

        synchronized void remove(int size) {
            bytes -= size;
            notifyAll();
        }

        synchronized boolean hasRoom() {
            return bytes < MAX_IN_FLIGHT_BYTES;
        }

        /** Returns at once when nothing is to be sent any more. */
        synchronized void awaitRoom() {
            boolean interrupted = false;
            while (open && !hasRoom()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        synchronized void close() {
            open = false;
            notifyAll();
        }
    }
}
