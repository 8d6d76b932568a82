package io.tailrace.events.codec;

import io.tailrace.events.log.Topic;

/**
 * A schema that records in the log were written with. Never changed once released.
 *
 * @param id what the framing carries, unique over all topics
 * @param version its number within its topic's subject, from 1
 * @param json the Avro schema as text
 */
public record ReleasedSchema(int id, Topic topic, int version, String json) {

    /** The subject that the schema is listed under. */
    public String subject() {
        return topic.subject();
    }
}
