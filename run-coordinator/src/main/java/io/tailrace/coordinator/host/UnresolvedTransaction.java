package io.tailrace.coordinator.host;

import org.apache.kafka.common.KafkaException;

/**
 * The end of a transaction was asked for and not answered in time: it can still be committed or aborted, and nobody knows
 * which. It is not a {@code TimeoutException}, after which Kafka Streams would go on with the same producer.
 */
final class UnresolvedTransaction extends KafkaException {
    private static final long serialVersionUID = 1L;

    UnresolvedTransaction(String transactionalId, String what, Throwable cause) {
        super("whether " + what + " by " + transactionalId + " goes through is not known", cause);
    }

    /** Whether that is what made a thread fail. */
    static boolean caused(Throwable failure) {
        for (Throwable it = failure; it != null; it = it.getCause()) {
            if (it instanceof UnresolvedTransaction) {
                return true;
            }
        }
        return false;
    }
}
