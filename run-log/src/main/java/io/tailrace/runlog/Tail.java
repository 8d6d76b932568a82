package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;

/** Reads what is appended to the partitions of watched runs. Thread-safe; never blocks its callers. */
interface Tail {

    /** Who wants a run's records, and where to put them. The tail calls it on its own thread. */
    record Watch(RunId run, int partition, Inboxes inboxes) {}

    /**
     * From some moment on, which the topic's inbox is told, all of the run's records in this topic are put into it. To be
     * asked once for each topic: a topic that no watched run needs is not read.
     */
    void watch(Watch watch, Topic topic);

    /** The run's records are wanted no more, of no topic. */
    void unwatch(Watch watch);

    /** Whatever was read is of another log; all watches are gone. */
    void forget();
}
