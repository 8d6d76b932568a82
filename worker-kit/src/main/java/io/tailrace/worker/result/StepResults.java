package io.tailrace.worker.result;

import io.tailrace.events.id.RunId;
import io.tailrace.events.work.StepResult;

/** The results of earlier steps. Safe from any thread; blocks while the log is read, bounded. */
public interface StepResults {

    /**
     * The text of a prompt's answer; empty when the model answered without one.
     *
     * @param run whose step it has to be
     * @throws ResultUnavailable when the record there is not that step's answer, or is not there any more
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     */
    String text(RunId run, StepResult result) throws ResultUnavailable;
}
