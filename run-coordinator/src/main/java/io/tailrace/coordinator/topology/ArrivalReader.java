package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.StageEnd;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Intake;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of the source topics. Values are decoded only where the decider needs them: a flood of console lines
 * is judged by its headers. Thread-safe.
 */
final class ArrivalReader {
    /** A larger command could not become an event on a broker that takes 1 MiB a record, its default. */
    static final int MAX_COMMAND_BYTES = 768 * 1024;

    private final EventCodec codec;
    private final int partitions;

    /** @param partitions how many every topic has that is keyed by run */
    ArrivalReader(EventCodec codec, int partitions) {
        this.codec = codec;
        this.partitions = partitions;
    }

    Arrival command(Record<byte[], byte[]> record, int partition) {
        byte @Nullable [] value = record.value();
        if (value == null || value.length > MAX_COMMAND_BYTES) {
            return new Arrival.Malformed(value == null ? "it has no value" : "it has " + value.length + " bytes");
        }
        RunCommand command;
        try {
            command = codec.decode(Topic.RUN_COMMANDS, RunCommand.class, value);
        } catch (UndecodableRecord e) {
            return new Arrival.Malformed(String.valueOf(e.getMessage()));
        }
        if (!KafkaRecords.isKeyedBy(record.key(), KafkaRecords.key(command.runId()))) {
            return new Arrival.Malformed("it is not keyed by its run, " + command.runId());
        }
        if (KafkaRecords.partitionOf(command.runId(), partitions) != partition) {
            return new Arrival.Malformed("it is in another partition than its run, " + command.runId());
        }
        return new Arrival.OfClient(command);
    }

    Arrival stageEvent(Topic topic, Record<byte[], byte[]> record) {
        return switch (KafkaRecords.intake(topic, record.key(), record.headers())) {
            case Intake.Clock(EventId tick) -> new Arrival.OfClock(tick);
            case Intake.Foreign foreign -> new Arrival.Foreign(Refusal.of(foreign.cause()), foreign.reason());
            case Intake.Event(RunId run, EventHeaders headers) ->
                headers.mark() == Mark.TERMINAL || headers.mark() == Mark.ABORT
                        ? ending(topic, run, headers, record.value())
                        : new Arrival.OfStage(run, headers, Optional.empty(), Optional.empty());
        };
    }

    private Arrival ending(Topic topic, RunId run, EventHeaders headers, byte @Nullable [] value) {
        if (value == null) {
            return new Arrival.OfStage(run, headers, Optional.empty(), Optional.of("it has no value"));
        }
        try {
            return new Arrival.OfStage(
                    run, headers, StageEnd.of(codec.stageEvent(topic, value).payload()), Optional.empty());
        } catch (UndecodableRecord e) {
            return new Arrival.OfStage(run, headers, Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }
}
