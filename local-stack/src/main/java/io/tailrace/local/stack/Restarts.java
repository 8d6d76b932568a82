package io.tailrace.local.stack;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of one process under the supervisor that watches it now.
 *
 * @param count how often it was started again
 * @param exitCode of its last end; 128 and the signal's number for one that was killed; empty when not known
 * @param endedAt its last end
 * @param nextStart when it is started again; empty while it runs
 */
public record Restarts(int count, Optional<Integer> exitCode, Instant endedAt, Optional<Instant> nextStart) {}
