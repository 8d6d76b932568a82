package io.tailrace.builds.stage;

import io.tailrace.sandbox.isolation.ResourceLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A build's share of the machine.
 *
 * @param cpuTime of each process
 * @param memory of all processes of a build
 * @param fileSize of each file
 * @param openFiles of each process
 * @param processes of a build, threads included
 */
public record LimitsProperties(
        @DefaultValue("2h") Duration cpuTime,
        @DefaultValue("4GB") DataSize memory,
        @DefaultValue("8GB") DataSize fileSize,
        @DefaultValue("4096") int openFiles,
        @DefaultValue("2048") int processes) {

    /** Names the property that is out of its bounds. */
    public LimitsProperties {
        var _ = limits(cpuTime, memory, fileSize, openFiles, processes);
    }

    ResourceLimits limits() {
        return limits(cpuTime, memory, fileSize, openFiles, processes);
    }

    private static ResourceLimits limits(
            Duration cpuTime, DataSize memory, DataSize fileSize, int openFiles, int processes) {
        return new ResourceLimits(cpuTime, memory.toBytes(), fileSize.toBytes(), openFiles, processes);
    }
}
