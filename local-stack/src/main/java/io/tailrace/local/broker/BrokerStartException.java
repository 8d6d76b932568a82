package io.tailrace.local.broker;

import java.nio.file.Path;

/** A broker did not start; the message says why, in the user's terms, with the end of its log. */
public final class BrokerStartException extends RuntimeException {

    BrokerStartException(String message) {
        super(message);
    }

    static BrokerStartException folderInUse(Path folder) {
        return new BrokerStartException("The Kafka data folder " + folder + " is in use by another broker");
    }
}
