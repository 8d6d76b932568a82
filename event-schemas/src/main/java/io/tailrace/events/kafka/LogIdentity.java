package io.tailrace.events.kafka;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.log.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which log it is: a cluster, and the ids of the topics that have runs. A topic that was deleted and created again has
 * another id under the same name.
 *
 * @param others ids of further topics that have chapters, by topic name; absent where there are none
 */
@AvroName(namespace = "io.tailrace.events.kafka")
public record LogIdentity(
        String cluster,
        String runCommands,
        String runEvents,
        String buildEvents,
        String turnEvents,
        Optional<Map<String, String>> others) {
    public LogIdentity {
        others = others.filter(it -> !it.isEmpty()).map(Map::copyOf);
    }

    /** A log without further topics. */
    public LogIdentity(String cluster, String runCommands, String runEvents, String buildEvents, String turnEvents) {
        this(cluster, runCommands, runEvents, buildEvents, turnEvents, Optional.empty());
    }

    /**
     * The identity of a log.
     *
     * @param ids of run-commands, run-events and all topics that have chapters
     */
    static LogIdentity of(String cluster, Map<Topic, String> ids) {
        Map<String, String> others = new HashMap<>();
        ids.forEach((topic, id) -> others.put(topic.topicName(), id));
        return new LogIdentity(
                cluster,
                taken(others, Topic.RUN_COMMANDS),
                taken(others, Topic.RUN_EVENTS),
                taken(others, Topic.BUILD_EVENTS),
                taken(others, Topic.TURN_EVENTS),
                Optional.of(others));
    }

    private static String taken(Map<String, String> ids, Topic topic) {
        return Optional.ofNullable(ids.remove(topic.topicName()))
                .orElseThrow(() -> new IllegalArgumentException("no id of " + topic.topicName()));
    }

    /** The topic's id; nothing if it is not known. */
    public Optional<String> id(Topic topic) {
        Map<String, String> ids = new HashMap<>(others.orElse(Map.of()));
        ids.put(Topic.RUN_COMMANDS.topicName(), runCommands);
        ids.put(Topic.RUN_EVENTS.topicName(), runEvents);
        ids.put(Topic.BUILD_EVENTS.topicName(), buildEvents);
        ids.put(Topic.TURN_EVENTS.topicName(), turnEvents);
        return Optional.ofNullable(ids.get(topic.topicName()));
    }

    /**
     * The fingerprint that cursors carry: another cluster, or a re-created event topic, has another one. Further topics
     * are left out, so a release that adds one does not invalidate cursors.
     */
    public long epoch() {
        String print = String.join("|", cluster, runEvents, buildEvents, turnEvents);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(print.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
