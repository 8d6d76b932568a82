package io.tailrace.events.codec;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.StageEvent;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.events.work.WorkRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * The list of released schemas, from the resources of this module, and the schemas that the Java records stand for today.
 * Immutable, thread-safe.
 */
public final class SchemaCatalog {
    private static final String FOLDER = "/io/tailrace/events/schemas/";
    private static final Map<Topic, Class<? extends Record>> RECORDS = records();
    private static final SchemaCatalog RELEASED = load();

    private final List<ReleasedSchema> schemas;

    private SchemaCatalog(List<ReleasedSchema> schemas) {
        this.schemas = List.copyOf(schemas);
    }

    /** The schemas of this release and all before it. */
    public static SchemaCatalog released() {
        return RELEASED;
    }

    /** All schemas, by ascending id. */
    public List<ReleasedSchema> schemas() {
        return schemas;
    }

    /** The schema with this id. */
    public Optional<ReleasedSchema> byId(int id) {
        return schemas.stream().filter(it -> it.id() == id).findFirst();
    }

    /** The versions of a topic's schema, by ascending version. */
    public List<ReleasedSchema> versions(Topic topic) {
        return schemas.stream().filter(it -> it.topic() == topic).toList();
    }

    /** The schema that records of this topic are written with. */
    public ReleasedSchema latest(Topic topic) {
        return versions(topic).getLast();
    }

    /**
     * The Java record that values of this topic are.
     *
     * @throws IllegalArgumentException for a topic without a schema
     */
    public static Class<? extends Record> recordOf(Topic topic) {
        Class<? extends Record> type = RECORDS.get(topic);
        if (type == null) {
            throw new IllegalArgumentException(topic + " has no schema");
        }
        return type;
    }

    /** The Avro schema, as JSON text, that follows from the Java record of this topic. */
    public static String derivedJson(Topic topic) {
        return derived(topic).toString();
    }

    static Schema derived(Topic topic) {
        return RecordShape.of(recordOf(topic)).schema(new HashMap<>());
    }

    private static Map<Topic, Class<? extends Record>> records() {
        Map<Topic, Class<? extends Record>> records = new EnumMap<>(Topic.class);
        records.put(Topic.RUN_COMMANDS, RunCommand.class);
        records.put(Topic.RUN_EVENTS, RunEvent.class);
        records.put(Topic.RUNS, RunView.class);
        records.put(Topic.DEFINITIONS, Definition.class);
        records.put(Topic.REPOSITORIES, RepositoryChange.class);
        records.put(Topic.ANSWERS, KeptAnswer.class);
        for (StageKind kind : StageKind.values()) {
            records.put(kind.events(), StageEvent.recordOf(kind));
            records.put(kind.requests(), WorkRequest.recordOf(kind));
        }
        return records;
    }

    private static SchemaCatalog load() {
        List<ReleasedSchema> schemas = new ArrayList<>();
        for (String line : read("released.txt").lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\\s+", -1);
            Topic topic = Topic.named(parts[1])
                    .orElseThrow(() -> new IllegalStateException("released.txt names an unknown topic: " + line));
            schemas.add(
                    new ReleasedSchema(Integer.parseInt(parts[0]), topic, Integer.parseInt(parts[2]), read(parts[3])));
        }
        return new SchemaCatalog(schemas);
    }

    private static String read(String file) {
        try (InputStream in = SchemaCatalog.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + FOLDER + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
