package io.tailrace.local.stack;

import io.tailrace.local.security.StackSecurity;
import java.io.IOException;
import java.util.Optional;

/** Whether a stack's Kafka asks who its clients are: decided at the first start on a data folder, and never changed. */
final class SecureMode {

    private SecureMode() {}

    /**
     * What secures the stack, made or renewed as far as need be; empty where it is open to every process of this machine.
     *
     * @throws StackStartException when the folder's Kafka began in the other mode
     */
    static Optional<StackSecurity> prepare(StackOptions options, StackFolder folder) throws IOException {
        if (options.bootstrapServers().isPresent()) {
            return Optional.empty();
        }
        if (options.secure() != folder.isSecured() && folder.hasBrokers()) {
            throw new StackStartException(
                    options.secure()
                            ? "Kafka's data in " + folder.path() + " began without --secure, and whoever was on this"
                                    + " machine could change it. Start it without --secure, or choose another folder with --data"
                            : "Kafka's data in " + folder.path()
                                    + " began with --secure. Start it with --secure, or choose"
                                    + " another folder with --data");
        }
        if (!options.secure()) {
            // Left by a secured start that failed before it had brokers.
            folder.unmarkSecured();
            return Optional.empty();
        }
        StackSecurity security = folder.security();
        if (folder.isSecured() && !security.exists()) {
            throw new StackStartException("Kafka's data in " + folder.path()
                    + " began with --secure, and the folder security with its passwords is gone. Put it back, or choose"
                    + " another folder with --data");
        }
        security.prepare();
        folder.markSecured();
        return Optional.of(security);
    }
}
