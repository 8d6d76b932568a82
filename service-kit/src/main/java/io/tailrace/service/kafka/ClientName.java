package io.tailrace.service.kafka;

import java.util.regex.Pattern;

/**
 * What a client is called. Brokers see {@code process-purpose}; meters have the purpose alone, because the name of a
 * process may be another one after each start.
 *
 * @param process whose it is, such as {@code gateway} or a worker's id
 * @param purpose what it is for, such as {@code claims}; one of several may have a number at its end, {@code scan-2}
 */
public record ClientName(String process, String purpose) {
    private static final Pattern NUMBER = Pattern.compile("-[0-9]+$");

    /** As brokers see it. */
    String clientId() {
        return process + "-" + purpose;
    }

    /** As meters have it: the same for all of several, and after each start. */
    String label() {
        return NUMBER.matcher(purpose).replaceFirst("");
    }
}
