package io.tailrace.coordinator.topology;

import java.util.concurrent.Executor;

/**
 * How the log is read beside the topology.
 *
 * @param thread does one task after the other; the archive is confined to it
 * @param spine for tasks that start, each on its own thread
 * @param ahead what such tasks have no time for
 */
public record LogReading(LogArchive archive, Executor thread, SpineReading spine, SpineAhead ahead) {}
