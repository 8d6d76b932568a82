package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.util.Optional;

/**
 * An open plan: each turn that is submitted is a step. What the turns have in common.
 *
 * @param policy for a turn that comes while another one is active
 * @param maxQueued how many turns may wait
 * @param idleTimeout after so long without a turn the run is closed
 * @param model which answers, unless a turn says otherwise
 * @param system what every turn's context begins with
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record ChatPlan(
        TurnPolicy policy,
        int maxQueued,
        Duration idleTimeout,
        ModelChoice model,
        Optional<String> system,
        Generation generation) {}
