package io.tailrace.events.kafka;

import io.tailrace.events.id.AvroName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which log it is: a cluster, and the ids of the topics that a run is made of. A topic that was made anew has another id
 * under the same name.
 */
@AvroName(namespace = "io.tailrace.events.kafka")
public record LogIdentity(String cluster, String runCommands, String runEvents, String buildEvents, String turnEvents) {

    /** The fingerprint of the events alone: another cluster, or a re-created event topic, has another one. */
    public long epoch() {
        return epoch(cluster, runEvents, buildEvents, turnEvents);
    }

    static long epoch(String cluster, String runEvents, String buildEvents, String turnEvents) {
        String print = String.join("|", cluster, runEvents, buildEvents, turnEvents);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(print.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
