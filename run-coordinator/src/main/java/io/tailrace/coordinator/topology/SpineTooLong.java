package io.tailrace.coordinator.topology;

import org.apache.kafka.common.KafkaException;

/**
 * A task would have to read more of the spine before its first input than a stream thread has time for. Whoever runs the
 * topology ends it, lets {@link SpineAhead} read, and starts it again.
 */
public final class SpineTooLong extends KafkaException {
    private static final long serialVersionUID = 1L;

    /**
     * It is this long.
     *
     * @param from the first offset that was wanted
     * @param end the offset after the last one
     */
    public SpineTooLong(int partition, long from, long end) {
        super("partition " + partition + " of run-events has " + (end - from) + " records from offset " + from
                + " on: too many for a task that starts");
    }

    /** Whether this is what made something fail. */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SpineTooLong) {
                return true;
            }
        }
        return false;
    }
}
