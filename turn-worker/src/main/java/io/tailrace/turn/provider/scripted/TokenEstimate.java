package io.tailrace.turn.provider.scripted;

import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.Usage;

/**
 * The scripted provider's count of tokens: a quarter of the UTF-16 characters, rounded up, of all input together, of all output together,
 * and of the reasoning in it. Deterministic, and near enough to what tokenizers make of English.
 */
final class TokenEstimate {

    private static final int CHARACTERS_PER_TOKEN = 4;

    private final long inputCharacters;
    private long outputCharacters;
    private long reasoningCharacters;

    TokenEstimate(ModelRequest request) {
        long characters = request.system().map(String::length).orElse(0);
        for (ModelMessage message : request.messages()) {
            characters += message.text().length();
            if (message instanceof ModelMessage.Assistant assistant) {
                for (ToolInvocation call : assistant.toolCalls()) {
                    characters += call.name().length() + call.arguments().length();
                }
            }
        }
        for (ToolDefinition tool : request.tools()) {
            characters += tool.name().length()
                    + tool.description().length()
                    + tool.parameters().length();
        }
        this.inputCharacters = characters;
    }

    void add(ModelDelta delta) {
        switch (delta) {
            case ModelDelta.Text piece -> outputCharacters += piece.text().length();
            case ModelDelta.Reasoning piece -> {
                outputCharacters += piece.text().length();
                reasoningCharacters += piece.text().length();
            }
            case ModelDelta.ToolCall piece ->
                outputCharacters += piece.argumentsFragment().isEmpty()
                        ? piece.name().length()
                        : piece.argumentsFragment().length();
        }
    }

    Usage soFar() {
        return Usage.of(tokens(inputCharacters), tokens(outputCharacters))
                .withCachedInput(0)
                .withReasoning(tokens(reasoningCharacters));
    }

    private static long tokens(long characters) {
        return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
    }
}
