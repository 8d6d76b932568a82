package io.tailrace.gateway.assistant;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.kafka.LogWriter;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;

/** Writes versions of assistants to the log. Blocks its callers, bounded; thread-safe. */
final class AssistantWriter implements AutoCloseable {
    private final KafkaRecords records;
    private final LogWriter log;

    AssistantWriter(KafkaClients kafka, LogConnection connection, KafkaRecords records, Duration within) {
        this.records = records;
        this.log = new LogWriter(new LogProducer(kafka, "assistants", within, "lz4"), connection, within);
    }

    /**
     * Writes a version. Returns its offset once the log has it.
     *
     * @throws RunProblem if the log did not take it, or not surely
     */
    long write(Definition definition) throws InterruptedException {
        return log.send(records.definition(definition)).offset();
    }

    @Override
    public void close() {
        log.close();
    }
}
