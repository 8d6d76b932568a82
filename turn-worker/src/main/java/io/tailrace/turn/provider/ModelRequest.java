package io.tailrace.turn.provider;

import java.util.List;
import java.util.Optional;

/**
 * What a model is asked.
 *
 * @param model its id at the provider
 * @param system text before the conversation
 * @param messages in order; the last one is a user's or a tool's
 * @param script for the scripted provider, a JSON document; the others do not look at it
 */
public record ModelRequest(
        String model,
        Optional<String> system,
        List<ModelMessage> messages,
        List<ToolDefinition> tools,
        GenerationSettings settings,
        CallTimeouts timeouts,
        Optional<String> script) {

    public ModelRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** Messages and nothing else; settings are left to the provider. */
    public static ModelRequest of(String model, List<ModelMessage> messages) {
        return new ModelRequest(
                model,
                Optional.empty(),
                messages,
                List.of(),
                GenerationSettings.unset(),
                CallTimeouts.defaults(),
                Optional.empty());
    }

    public ModelRequest withSystem(String text) {
        return new ModelRequest(model, Optional.of(text), messages, tools, settings, timeouts, script);
    }

    public ModelRequest withMessages(List<ModelMessage> others) {
        return new ModelRequest(model, system, others, tools, settings, timeouts, script);
    }

    public ModelRequest withTools(List<ToolDefinition> others) {
        return new ModelRequest(model, system, messages, others, settings, timeouts, script);
    }

    public ModelRequest withSettings(GenerationSettings others) {
        return new ModelRequest(model, system, messages, tools, others, timeouts, script);
    }

    public ModelRequest withTimeouts(CallTimeouts others) {
        return new ModelRequest(model, system, messages, tools, settings, others, script);
    }

    public ModelRequest withScript(String json) {
        return new ModelRequest(model, system, messages, tools, settings, timeouts, Optional.of(json));
    }
}
