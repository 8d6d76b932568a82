package io.tailrace.gateway.chat;

import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnReader;
import io.tailrace.gateway.request.ScriptJson;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request for a turn. Pure. */
final class TurnBody {
    private TurnBody() {}

    static TurnInput read(@Nullable Object tree) throws InvalidInput {
        Optional<String> script = tree instanceof Map<?, ?> fields
                ? Optional.<Object>ofNullable(fields.get("script")).map(ScriptJson.TEXT::of)
                : Optional.empty();
        return TurnReader.turn("", tree, script);
    }
}
