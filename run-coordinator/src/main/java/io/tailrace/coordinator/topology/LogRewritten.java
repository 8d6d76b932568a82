package io.tailrace.coordinator.topology;

/**
 * A partition gave an offset again that was read in this life of its task: the topic was re-created or truncated under
 * it. Whoever runs the topology has to look at the log's epoch anew and start over.
 */
public final class LogRewritten extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogRewritten(String topic, int partition, long offset, long expected) {
        super(topic + "-" + partition + " gave offset " + offset + " where at least " + expected + " was expected");
    }

    /** Whether this is what made something fail. */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LogRewritten) {
                return true;
            }
        }
        return false;
    }
}
