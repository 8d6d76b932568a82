package io.tailrace.gateway.repository;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Writes repositories and their documents to the log. Thread-safe. */
final class RepositoryWriter implements AutoCloseable {
    /** Kafka's own overhead of a batch with one record, and the key. */
    private static final int OVERHEAD = 16 * 1024;

    static final int MAX_VALUE_BYTES = RepositoryChange.MAX_RECORD_BYTES - OVERHEAD;

    private final LogConnection connection;
    private final KafkaRecords records;
    private final int partitions;
    private final Duration within;
    private final LogProducer producer;

    RepositoryWriter(
            KafkaClients kafka, int partitions, LogConnection connection, KafkaRecords records, Duration within) {
        this.connection = connection;
        this.records = records;
        this.partitions = partitions;
        this.within = within;
        this.producer = new LogProducer(kafka, "repositories", within, "lz4", RepositoryChange.MAX_RECORD_BYTES);
    }

    /** A record on its way. */
    static final class Sent {
        private final Future<RecordMetadata> confirmation;
        private final long deadline;

        private Sent(Future<RecordMetadata> confirmation, long deadline) {
            this.confirmation = confirmation;
            this.deadline = deadline;
        }

        /**
         * Waits until the log has it; then where it stands.
         *
         * @throws RunProblem if the log did not take it, or not surely
         */
        long position() throws InterruptedException {
            try {
                return confirmation
                        .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                        .offset();
            } catch (ExecutionException | TimeoutException _) {
                throw RunProblem.artifactUnconfirmed();
            }
        }
    }

    /** Begins to write a definition. */
    Sent send(Definition definition) throws InterruptedException {
        return send(records.definition(definition));
    }

    /**
     * Begins to write a change of a document. Changes that one caller sends stand in the log in that order.
     *
     * @throws RunProblem {@code document_too_long}
     */
    Sent send(RepositoryChange change) throws InterruptedException {
        ProducerRecord<byte[], byte[]> record = records.repositoryChange(change, partitions);
        if (record.value().length > MAX_VALUE_BYTES) {
            throw KnowledgeProblem.tooMuchForTheLog(MAX_VALUE_BYTES);
        }
        return send(record);
    }

    private Sent send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
        if (connection.epoch().isEmpty() || connection.unreachable().isPresent()) {
            throw RunProblem.logUnreachable();
        }
        long deadline = System.nanoTime() + within.toNanos();
        try {
            return new Sent(producer.get().send(record), deadline);
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException _) {
            throw RunProblem.artifactUnconfirmed();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
