package io.tailrace.gateway.assistant;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Writes versions of assistants to the log. Blocks its callers, bounded; thread-safe. */
final class AssistantWriter implements AutoCloseable {
    private final LogConnection connection;
    private final KafkaRecords records;
    private final Duration within;
    private final LogProducer producer;

    AssistantWriter(KafkaClients kafka, LogConnection connection, KafkaRecords records, Duration within) {
        this.connection = connection;
        this.records = records;
        this.within = within;
        this.producer = new LogProducer(kafka, "assistants", within, "lz4");
    }

    /**
     * Writes a version. Returns its offset once the log has it.
     *
     * @throws RunProblem if the log did not take it, or not surely
     */
    long write(Definition definition) throws InterruptedException {
        if (connection.epoch().isEmpty() || connection.unreachable().isPresent()) {
            throw RunProblem.logUnreachable();
        }
        try {
            return producer.get()
                    .send(records.definition(definition))
                    .get(within.toNanos(), TimeUnit.NANOSECONDS)
                    .offset();
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException | ExecutionException | TimeoutException _) {
            throw RunProblem.artifactUnconfirmed();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
