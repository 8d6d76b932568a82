package io.tailrace.turn.answer;

import io.tailrace.events.plan.ToolUse;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ToolInvocation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A digest of all that decides what a model may answer: provider, model, generation, system text, messages, tools, and the script of the
 * scripted provider. How long a call may take is no part of it. Each text goes in with its length, so that no two questions run into one.
 * Another release may give another digest for the same question, which costs a call and nothing else.
 */
public final class QuestionDigest {
    private static final String FORM = "question-1";

    private final MessageDigest digest;

    private QuestionDigest(MessageDigest digest) {
        this.digest = digest;
    }

    /**
     * The SHA-256 of a question, in 64 lower-case hexadecimal digits.
     *
     * @param provider the id under which the operator configured it
     * @param request with the model's defaults filled in
     * @param tools what the model may call
     */
    public static String of(String provider, ModelRequest request, Optional<ToolUse> tools) {
        try {
            QuestionDigest it = new QuestionDigest(MessageDigest.getInstance("SHA-256"));
            it.add(provider, request, tools);
            return HexFormat.of().formatHex(it.digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private void add(String provider, ModelRequest request, Optional<ToolUse> tools) {
        add(FORM);
        add(provider);
        add(request.model());
        add(request.settings());
        add(request.system());
        number(request.messages().size());
        request.messages().forEach(this::add);
        add(tools.map(ToolUse::toString));
        add(request.script());
    }

    private void add(GenerationSettings settings) {
        add(settings.maxOutputTokens().toString());
        add(settings.temperature().toString());
        add(settings.topP().toString());
        texts(settings.stop());
    }

    private void add(ModelMessage message) {
        switch (message) {
            case ModelMessage.User user -> {
                add("user");
                add(user.text());
            }
            case ModelMessage.Assistant assistant -> {
                add("assistant");
                add(assistant.text());
                texts(assistant.toolCalls().stream()
                        .map(ToolInvocation::toString)
                        .toList());
            }
            case ModelMessage.ToolResult result -> {
                add("tool");
                add(result.toString());
            }
        }
    }

    private void texts(List<String> texts) {
        number(texts.size());
        texts.forEach(this::add);
    }

    private void add(Optional<String> text) {
        number(text.isPresent() ? 1 : 0);
        text.ifPresent(this::add);
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        digest.update(bytes);
    }

    private void number(int value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }
}
