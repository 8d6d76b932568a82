package io.tailrace.events.plan;

/** One step of a plan. */
public sealed interface Step extends Tagged permits BuildStep {
    @Override
    default String tagName() {
        return "step";
    }
}
