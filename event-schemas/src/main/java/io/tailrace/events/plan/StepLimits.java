package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.util.Optional;

/** Limits of one step's stage. What is absent is as the run's limits say. */
@AvroName(namespace = "io.tailrace.events.plan")
public record StepLimits(
        Optional<Duration> stageDeadline, Optional<Duration> queueDeadline, Optional<Integer> maxAttempts) {

    /** The limits of the step's stage, in a run with these. */
    public Limits within(Limits ofRun) {
        return new Limits(
                ofRun.wallClock(),
                stageDeadline.orElse(ofRun.stageDeadline()),
                queueDeadline.orElse(ofRun.queueDeadline()),
                maxAttempts.orElse(ofRun.maxAttempts()));
    }
}
