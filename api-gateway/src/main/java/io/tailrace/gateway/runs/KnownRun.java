package io.tailrace.gateway.runs;

import io.tailrace.events.run.RunView;

/**
 * A run's view, and how far it knows the log.
 *
 * @param below an offset of run-events: what the log has of the run before it went into the view
 */
public record KnownRun(RunView view, long below) {}
