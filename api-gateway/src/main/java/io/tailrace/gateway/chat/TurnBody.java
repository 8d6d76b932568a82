package io.tailrace.gateway.chat;

import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnReader;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of a request for a turn. Pure. */
final class TurnBody {
    /** A script's text does not depend on the order of its fields, as nothing else of a request does. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private TurnBody() {}

    static TurnInput read(@Nullable Object tree) throws InvalidInput {
        Optional<String> script = tree instanceof Map<?, ?> fields
                ? Optional.<Object>ofNullable(fields.get("script")).map(JSON::writeValueAsString)
                : Optional.empty();
        return TurnReader.turn("", tree, script);
    }
}
