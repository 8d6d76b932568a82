package io.tailrace.events.plan;

import java.util.List;

/** What a run does, step by step. */
public record Plan(List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }
}
