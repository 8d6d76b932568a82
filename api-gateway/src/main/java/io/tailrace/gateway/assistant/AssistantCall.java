package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of an assistant.
 *
 * @param inputs the untrusted object of values, null where there is none
 */
public record AssistantCall(
        AssistantName assistant, @Nullable Object inputs) {
    /** Of the fields {@code assistant} and {@code inputs} of a request. */
    public static AssistantCall of(Fields fields) throws InvalidInput {
        String name = fields.string("assistant", 100).orElseThrow(() -> fields.missing("assistant"));
        return new AssistantCall(
                AssistantName.of(name)
                        .orElseThrow(() ->
                                new InvalidInput("invalid_value", fields.pathOf("assistant"), AssistantName.RULE)),
                fields.raw("inputs"));
    }
}
