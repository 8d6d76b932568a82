package io.tailrace.gateway.request;

import io.tailrace.events.plan.ScriptText;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A script's text does not depend on the order of its fields, as nothing else of a request does. */
public final class ScriptJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** Writes the scripts that requests have. */
    public static final ScriptText TEXT = JSON::writeValueAsString;

    private ScriptJson() {}
}
