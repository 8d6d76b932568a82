package io.tailrace.gateway.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which partitions stand still: commands or facts wait, and the coordinator's commits have not moved for a time. Judged
 * by the outcome, so it does not matter why: no coordinator, one that hangs, a partition that none of them has. Confined
 * to the thread of the watch.
 */
final class Standstill {
    private final long afterNanos;
    private List<PartitionLook> before = List.of();
    private long[] movedAt = {};

    Standstill(Duration after) {
        this.afterNanos = after.toNanos();
    }

    /** @param nanos the time of the look, by {@link System#nanoTime()} */
    List<Boolean> judge(List<PartitionLook> looks, long nanos) {
        if (before.size() != looks.size()) {
            before = List.of();
            movedAt = new long[looks.size()];
        }
        List<Boolean> stalled = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            PartitionLook look = looks.get(i);
            boolean isFirst = before.isEmpty();
            if (isFirst || !before.get(i).isBehind() || look.hasMovedSince(before.get(i))) {
                movedAt[i] = nanos;
            }
            stalled.add(look.isBehind() && nanos - movedAt[i] >= afterNanos);
        }
        before = List.copyOf(looks);
        return stalled;
    }
}
