package io.tailrace.coordinator.topology;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.service.trace.Traces;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the processors of a topology share. All of it is thread-safe.
 *
 * @param randomIds ids of ticks, which nothing depends on
 * @param clock for ticks, for spans and for what is to be forgotten, never for decisions
 * @param reading what states are checked against the log with
 * @param positions where the inputs are read; for the stream thread that asks
 * @param traces of this process
 */
record TopologyParts(
        TopologySettings settings,
        EventCodec codec,
        KafkaRecords records,
        StateCodecs stateCodecs,
        StageEventLog stageEvents,
        CoordinatorMetrics metrics,
        Supplier<UUID> randomIds,
        InstantSource clock,
        LogReading reading,
        InputPositions positions,
        Traces traces) {}
