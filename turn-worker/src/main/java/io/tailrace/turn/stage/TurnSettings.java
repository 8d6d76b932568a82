package io.tailrace.turn.stage;

import io.tailrace.turn.provider.CallTimeouts;
import java.time.Duration;

/**
 * How turns are executed.
 *
 * @param deltaWindow how long deltas are gathered
 * @param timeouts of provider calls
 * @param compactionPercent of the window that a history may take before it is compacted
 * @param compactionTurns how many turns a history may have before it is compacted
 * @param defaultReserve how many tokens are kept for an answer whose length nobody limits
 */
record TurnSettings(
        Duration deltaWindow, CallTimeouts timeouts, int compactionPercent, int compactionTurns, int defaultReserve) {}
