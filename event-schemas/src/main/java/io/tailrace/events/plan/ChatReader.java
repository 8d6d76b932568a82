package io.tailrace.events.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the untrusted plan of a chat, and what its turns may choose, from a tree of maps and lists (parsed JSON). Pure;
 * whatever it returns keeps the documented bounds. Whether a provider or a model exists only the turn-workers know.
 */
public final class ChatReader {
    public static final int MAX_QUEUED = 20;
    public static final int DEFAULT_QUEUED = 5;
    public static final int MAX_SYSTEM_LENGTH = 64 * 1024;
    public static final Duration DEFAULT_IDLE = Duration.ofDays(7);
    public static final Duration MAX_IDLE = Duration.ofDays(90);
    public static final int MAX_OUTPUT_TOKENS = 1_000_000;

    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_LENGTH = 256;
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final int MAX_MODEL_LENGTH = 200;

    private ChatReader() {}

    /** Reads the object at {@code path}; what is absent keeps its default, but a provider is needed. */
    public static ChatPlan chat(String path, @Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of(
                path,
                tree,
                Set.of("provider", "model", "system", "policy", "max_queued", "idle_timeout_ms", "generation"));
        return new ChatPlan(
                policy(fields),
                fields.number("max_queued", 0, MAX_QUEUED).map(Math::toIntExact).orElse(DEFAULT_QUEUED),
                fields.number("idle_timeout_ms", 1000, MAX_IDLE.toMillis())
                        .map(Duration::ofMillis)
                        .orElse(DEFAULT_IDLE),
                model(fields).orElseThrow(() -> fields.missing("provider")),
                fields.string("system", MAX_SYSTEM_LENGTH).filter(it -> !it.isEmpty()),
                generation(fields.pathOf("generation"), fields.raw("generation"))
                        .orElse(Generation.DEFAULT));
    }

    private static TurnPolicy policy(Fields fields) throws InvalidInput {
        Optional<String> name = fields.string("policy", 64);
        return switch (name.orElse("reject")) {
            case "reject" -> TurnPolicy.REJECT;
            case "enqueue" -> TurnPolicy.ENQUEUE;
            case "interrupt" -> TurnPolicy.INTERRUPT;
            default ->
                throw new InvalidInput(
                        "invalid_value", fields.pathOf("policy"), "Known policies: reject, enqueue, interrupt");
        };
    }

    /** Reads the fields {@code provider} and {@code model} of an object. */
    public static Optional<ModelChoice> model(Fields fields) throws InvalidInput {
        Optional<String> provider = fields.name(
                "provider", PROVIDER, "A provider's id has 1 to 64 characters of a-z, 0-9, '.', '_' and '-'");
        Optional<String> model = fields.text("model", MAX_MODEL_LENGTH);
        if (provider.isEmpty() && model.isPresent()) {
            throw fields.missing("provider");
        }
        return provider.map(it -> new ModelChoice(it, model));
    }

    /** Reads the object at {@code path}, if it is there. */
    public static Optional<Generation> generation(String path, @Nullable Object tree) throws InvalidInput {
        if (tree == null) {
            return Optional.empty();
        }
        Fields fields = Fields.of(path, tree, Set.of("max_output_tokens", "temperature", "top_p", "stop"));
        List<String> stops = new ArrayList<>();
        for (Object member : fields.list("stop", MAX_STOPS).orElse(List.of())) {
            String stop = Fields.string(fields.pathOf("stop") + "[" + stops.size() + "]", member, MAX_STOP_LENGTH);
            if (stop.isEmpty()) {
                throw new InvalidInput("invalid_value", fields.pathOf("stop"), "A stop text must not be empty");
            }
            stops.add(stop);
        }
        return Optional.of(new Generation(
                fields.number("max_output_tokens", 1, MAX_OUTPUT_TOKENS).map(Math::toIntExact),
                fields.permille("temperature", 0, 2000),
                fields.permille("top_p", 1, 1000),
                stops));
    }
}
