package io.tailrace.coordinator.host;

import java.time.Duration;

/**
 * The time-outs of a session of Kafka Streams, each derived from those that it must outlast (decision 015 has the reasons).
 * What a machine may take can be set; the rest follows, so that no setting makes a slow machine a faulty one.
 *
 * @param transaction after which the broker ends the transaction of a writer that is gone
 * @param session after which the group does without a member that is silent
 */
record SessionTimes(Duration transaction, Duration session) {
    /** One round trip to a broker on a machine where everything is slow. */
    private static final Duration REQUEST = Duration.ofSeconds(10);

    /** Brokers look for transactions that have timed out at intervals; beyond that, what a thread does between two waits. */
    private static final Duration MOMENT = Duration.ofSeconds(5);

    /** Some dozens of commits on a tenth of a core. */
    private static final Duration LEAST_STANDSTILL = Duration.ofSeconds(30);

    /** By then the threads of a session on a slow machine have closed in order. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** Threads that did not make it by then either wait for brokers, or for each other. */
    private static final Duration CLOSE_AT_LAST = Duration.ofSeconds(20);

    static SessionTimes of(CoordinatorSettings settings) {
        return new SessionTimes(settings.transactionTimeout(), settings.sessionTimeout());
    }

    /** Several of them fit into the session time-out. */
    Duration heartbeat() {
        return session.dividedBy(4);
    }

    Duration request() {
        return REQUEST;
    }

    /** What was sent may be sent once more; a flush waits no longer. */
    Duration delivery() {
        return request().multipliedBy(2).plus(MOMENT);
    }

    /**
     * A transaction whose writer has died is over: the broker has seen its time-out at its next look. What blocks longer,
     * a commit or a reader of the spine, waits for something else.
     */
    Duration transactionOver() {
        return transaction.plus(MOMENT);
    }

    /** Between two polls a thread may flush, send offsets and commit, each as long as it can take. */
    Duration pollInterval() {
        return delivery().plus(transactionOver().multipliedBy(2)).plus(MOMENT);
    }

    /** A task that waits for the spine is given up first, its thread is replaced, and the next one begins to read. */
    Duration standing() {
        Duration spineGivenUp = transactionOver().plus(MOMENT.multipliedBy(3));
        return LEAST_STANDSTILL.compareTo(spineGivenUp) > 0 ? LEAST_STANDSTILL : spineGivenUp;
    }

    /** A rebalance waits for its slowest member, which is out after a poll interval. */
    Duration unowned() {
        return pollInterval().compareTo(standing()) > 0 ? pollInterval() : standing();
    }

    static Duration close() {
        return CLOSE;
    }

    static Duration closeAtLast() {
        return CLOSE_AT_LAST;
    }

    /** An end of a session has the time that it needs: the threads' own, and a moment for what is beside them. */
    static Duration end() {
        return CLOSE.plus(CLOSE_AT_LAST).plus(MOMENT);
    }
}
