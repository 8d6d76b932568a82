package io.tailrace.worker.result;

import io.tailrace.events.id.RunId;
import io.tailrace.events.work.ToolBuild;
import java.util.Map;

/** The arguments of calls that builds execute. Safe from any thread; blocks while the log is read, bounded. */
public interface CallArguments {

    /**
     * The texts that a model gave, by the names of the parameters; one that it left out is not among them.
     *
     * @param run whose call it has to be
     * @throws ResultUnavailable when the record there does not have that call, or is not there any more
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     */
    Map<String, String> texts(RunId run, ToolBuild call) throws ResultUnavailable;
}
