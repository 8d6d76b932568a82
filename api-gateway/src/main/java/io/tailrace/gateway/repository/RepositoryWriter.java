package io.tailrace.gateway.repository;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.kafka.LogWriter;
import io.tailrace.gateway.kafka.LogWriter.Sent;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes repositories and their documents to the log. Thread-safe. */
final class RepositoryWriter implements AutoCloseable {
    /** Kafka's own overhead of a batch with one record, and the key. */
    private static final int OVERHEAD = 16 * 1024;

    static final int MAX_VALUE_BYTES = RepositoryChange.MAX_RECORD_BYTES - OVERHEAD;

    private final KafkaRecords records;
    private final int partitions;
    private final LogWriter log;

    RepositoryWriter(
            KafkaClients kafka, int partitions, LogConnection connection, KafkaRecords records, Duration within) {
        this.records = records;
        this.partitions = partitions;
        this.log = new LogWriter(
                new LogProducer(kafka, "repositories", within, "lz4", RepositoryChange.MAX_RECORD_BYTES),
                connection,
                within);
    }

    /** Begins to write a definition. */
    Sent send(Definition definition) throws InterruptedException {
        return log.send(records.definition(definition));
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
        return log.send(record);
    }

    @Override
    public void close() {
        log.close();
    }
}
