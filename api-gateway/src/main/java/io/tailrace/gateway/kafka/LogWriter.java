package io.tailrace.gateway.kafka;

import io.tailrace.gateway.problem.RunProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes what clients upload, and tells them of a failure. It owns its producer. Blocks its callers, bounded; thread-safe.
 */
public final class LogWriter implements AutoCloseable {
    private final LogProducer producer;
    private final LogConnection connection;
    private final Duration within;
    private final Supplier<RunProblem> unconfirmed;

    /** @param within after which a record that the log has not confirmed has failed */
    public LogWriter(LogProducer producer, LogConnection connection, Duration within) {
        this(producer, connection, within, RunProblem::artifactUnconfirmed);
    }

    /** @param unconfirmed what is said of a record that the log did not take, or not surely */
    public LogWriter(
            LogProducer producer, LogConnection connection, Duration within, Supplier<RunProblem> unconfirmed) {
        this.producer = producer;
        this.connection = connection;
        this.within = within;
        this.unconfirmed = unconfirmed;
    }

    /** A record on its way. */
    public static final class Sent {
        private final Future<RecordMetadata> confirmation;
        private final long deadline;
        private final Supplier<RunProblem> unconfirmed;

        private Sent(Future<RecordMetadata> confirmation, long deadline, Supplier<RunProblem> unconfirmed) {
            this.confirmation = confirmation;
            this.deadline = deadline;
            this.unconfirmed = unconfirmed;
        }

        /**
         * Waits until the log has it; then its offset.
         *
         * @throws RunProblem if the log did not take it, or not surely
         */
        public long offset() throws InterruptedException {
            return await().offset();
        }

        private RecordMetadata await() throws InterruptedException {
            try {
                return confirmation.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException _) {
                throw unconfirmed.get();
            }
        }
    }

    /**
     * Begins to write. What one caller sends stands in its partition in that order.
     *
     * @throws RunProblem if the log is not reachable, or does not take it
     */
    public Sent send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
        return send(record, deadline());
    }

    /**
     * Writes these, within the time for one; then where the first of them stands.
     *
     * @param records at least one
     * @throws RunProblem if the log did not take all, or not surely
     */
    public RecordMetadata write(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
        long deadline = deadline();
        List<Sent> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(send(record, deadline));
        }
        for (Sent one : sent) {
            var _ = one.await();
        }
        return sent.getFirst().await();
    }

    private long deadline() {
        if (connection.epoch().isEmpty() || connection.unreachable().isPresent()) {
            throw RunProblem.logUnreachable();
        }
        return System.nanoTime() + within.toNanos();
    }

    private Sent send(ProducerRecord<byte[], byte[]> record, long deadline) throws InterruptedException {
        try {
            return new Sent(producer.get().send(record), deadline, unconfirmed);
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException _) {
            throw unconfirmed.get();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
