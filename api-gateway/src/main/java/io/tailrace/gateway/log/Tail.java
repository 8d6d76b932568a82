package io.tailrace.gateway.log;

import io.tailrace.events.id.RunId;

/** Reads what is appended to the partitions of watched runs. Thread-safe; never blocks its callers. */
interface Tail {

    /** Who wants a run's records, and where to put them. The tail calls it on its own thread. */
    record Watch(RunId run, int partition, Inboxes inboxes) {}

    /** From some moment on, which the inboxes are told, all of the run's records are put into them. */
    void watch(Watch watch);

    /** The run's records are wanted no more. */
    void unwatch(Watch watch);

    /** Whatever was read is of another log; all watches are gone. */
    void forget();
}
