package io.tailrace.runlog;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;

/** How readers of runs reach the brokers. Whoever gives it keeps it, and closes what it holds. Thread-safe. */
public interface LogAccess {
    /** The fingerprint of the log as it was seen last; empty if it was never reached. Never blocks. */
    OptionalLong epoch();

    /** A client to ask the leaders with; empty until there is one. Not closed by who asks. */
    Optional<Admin> admin();

    /**
     * Where the brokers are and how to connect to them, without anything that is special to consumers. A new, mutable
     * map.
     *
     * @param clientId what the client is called in the broker's logs and in metrics
     */
    Map<String, Object> client(String clientId);
}
