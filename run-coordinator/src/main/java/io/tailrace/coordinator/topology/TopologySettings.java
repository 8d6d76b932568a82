package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.StageTimeouts;
import io.tailrace.events.kafka.LogIdentity;
import java.time.Duration;

/**
 * What the topology is told.
 *
 * @param instance the name of this process, in ticks
 * @param log which log it is; state of another one is forgotten
 * @param partitions how many every topic has that is keyed by run
 * @param retention how long a run that has ended is remembered
 * @param sweepInterval how often a batch of ended runs is looked through for old ones
 */
public record TopologySettings(
        String instance,
        LogIdentity log,
        int partitions,
        Duration retention,
        Duration sweepInterval,
        StageTimeouts timeouts) {}
