package io.tailrace.turn.provider.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.call.InvalidRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one step of a script. */
final class StepReader {

    private static final long MAX_PACE_MS = 60_000;
    private static final long MAX_FIRST_DELAY_MS = 600_000;
    private static final int MAX_TEXT = 1024 * 1024;
    /** Of a whole script. */
    static final int MAX_DELTAS = 100_000;

    private static final int MAX_TOOL_CALLS = 20;
    private static final long MAX_TOKENS = 1_000_000_000;

    private static final String AFTER_DELTAS = "after_deltas";
    private static final Set<String> STEP_FIELDS = Set.of(
            "text",
            "reasoning",
            "repeat",
            "first_delay_ms",
            "pace_ms",
            "tool_calls",
            "fail",
            "disconnect",
            "usage",
            "finish_reason");
    private static final Set<String> TOOL_FIELDS = Set.of("id", "name", "arguments", "after_chunks");
    private static final Set<String> FAIL_FIELDS = Set.of(AFTER_DELTAS, "code", "message", "recoverable");
    private static final Set<String> USAGE_FIELDS = Set.of("input", "cached_input", "output", "reasoning", "total");

    private final Fields step;
    private final ModelRequest request;

    StepReader(String path, JsonNode node, ModelRequest request) throws InvalidRequest {
        this.step = Fields.of(path, node, STEP_FIELDS);
        this.request = request;
    }

    Step read() throws InvalidRequest {
        boolean calls = step.has("tool_calls");
        FinishReason reason = finishReason(calls ? FinishReason.TOOL_CALLS : FinishReason.STOP);
        return new Step(
                deltas(calls),
                Duration.ofMillis(step.number("first_delay_ms", 0, 0, MAX_FIRST_DELAY_MS)),
                Duration.ofMillis(step.number("pace_ms", 0, 0, MAX_PACE_MS)),
                interruption(),
                usage(),
                reason);
    }

    private List<ModelDelta> deltas(boolean calls) throws InvalidRequest {
        List<ModelDelta> deltas = new ArrayList<>();
        chunks("reasoning", List.of()).forEach(chunk -> deltas.add(new ModelDelta.Reasoning(chunk)));
        List<String> unscripted = calls ? List.of() : Words.of(Script.echoText(request));
        List<String> once = chunks("text", unscripted);
        int repeat = (int) step.number("repeat", 1, 1, MAX_DELTAS);
        long characters = (long) repeat * once.stream().mapToInt(String::length).sum();
        if (characters > MAX_TEXT || (long) repeat * once.size() > MAX_DELTAS) {
            throw InvalidScript.at(
                    step.at("text"),
                    "is more than " + MAX_TEXT + " characters or " + MAX_DELTAS + " chunks, repetitions included");
        }
        List<String> text =
                Collections.nCopies(repeat, once).stream().flatMap(List::stream).toList();
        List<PlacedCall> placed = toolCalls(text.size());
        for (int i = 0; i <= text.size(); i++) {
            for (PlacedCall call : placed) {
                if (call.afterChunks == i) {
                    deltas.addAll(call.deltas);
                }
            }
            if (i < text.size()) {
                deltas.add(new ModelDelta.Text(text.get(i)));
            }
        }
        return deltas;
    }

    private List<String> chunks(String field, List<String> otherwise) throws InvalidRequest {
        Optional<JsonNode> value = step.value(field);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (value.get().isTextual()) {
            return Words.of(value.get().textValue());
        }
        List<String> chunks = new ArrayList<>();
        for (JsonNode element : step.list(field, MAX_DELTAS)) {
            if (!element.isTextual() || element.textValue().isEmpty()) {
                throw InvalidScript.at(step.at(field) + "[" + chunks.size() + "]", "must be a text that is not empty");
            }
            chunks.add(element.textValue());
        }
        return chunks;
    }

    /** A tool call is two deltas: its name, then its arguments. */
    private record PlacedCall(int afterChunks, List<ModelDelta> deltas) {}

    private List<PlacedCall> toolCalls(int chunks) throws InvalidRequest {
        List<PlacedCall> placed = new ArrayList<>();
        for (JsonNode node : step.list("tool_calls", MAX_TOOL_CALLS)) {
            int index = placed.size();
            String path = step.at("tool_calls") + "[" + index + "]";
            Fields call = Fields.of(path, node, TOOL_FIELDS);
            String name = call.text("name")
                    .filter(text -> !text.isBlank())
                    .orElseThrow(() -> InvalidScript.at(path + ".name", "is required"));
            String id = call.text("id").orElse("call_" + request.messages().size() + "_" + index);
            Optional<JsonNode> arguments = call.value("arguments");
            if (arguments.isPresent() && !arguments.get().isObject()) {
                throw InvalidScript.at(path + ".arguments", "must be an object");
            }
            int after = (int) call.number("after_chunks", chunks, 0, chunks);
            String json = arguments.map(JsonNode::toString).orElse("{}");
            placed.add(new PlacedCall(
                    after,
                    List.of(
                            new ModelDelta.ToolCall(index, id, name, ""),
                            new ModelDelta.ToolCall(index, id, name, json))));
        }
        return placed;
    }

    private Optional<Step.Interruption> interruption() throws InvalidRequest {
        Optional<Fields> fail = step.object("fail", FAIL_FIELDS);
        Optional<Fields> disconnect = step.object("disconnect", Set.of(AFTER_DELTAS));
        if (fail.isPresent() && disconnect.isPresent()) {
            throw InvalidScript.at(step.at("disconnect"), "cannot be there beside fail");
        }
        if (disconnect.isPresent()) {
            return Optional.of(new Step.Interruption.Disconnect(after(disconnect.get())));
        }
        return fail.isEmpty() ? Optional.empty() : Optional.of(failure(fail.get()));
    }

    private static Step.Interruption failure(Fields fail) throws InvalidRequest {
        String name = fail.text("code").orElse(FailureCode.PROVIDER_ERROR.text());
        FailureCode code = FailureCode.named(name)
                .orElseThrow(() -> InvalidScript.at(
                        fail.at("code"),
                        "is unknown; known are "
                                + String.join(
                                        ", ",
                                        Arrays.stream(FailureCode.values())
                                                .map(FailureCode::text)
                                                .toList())));
        ProviderFailure failure = ProviderFailure.of(
                code,
                fail.text("message").orElse("The script says that the provider failed."),
                fail.flag("recoverable", true));
        return new Step.Interruption.Failure(after(fail), failure);
    }

    private static int after(Fields fields) throws InvalidRequest {
        return (int) fields.number(AFTER_DELTAS, 0, 0, MAX_DELTAS);
    }

    private FinishReason finishReason(FinishReason otherwise) throws InvalidRequest {
        Optional<String> name = step.text("finish_reason");
        if (name.isEmpty()) {
            return otherwise;
        }
        return FinishReason.named(name.get())
                .orElseThrow(() -> InvalidScript.at(
                        step.at("finish_reason"),
                        "is unknown; known are "
                                + String.join(
                                        ", ",
                                        Arrays.stream(FinishReason.values())
                                                .map(FinishReason::text)
                                                .toList())));
    }

    private Optional<Usage> usage() throws InvalidRequest {
        if (step.value("usage").filter(node -> node.asText().equals("none")).isPresent()) {
            return Optional.of(Usage.unknown());
        }
        Optional<Fields> object = step.object("usage", USAGE_FIELDS);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        Fields usage = object.get();
        return Optional.of(new Usage(
                tokens(usage, "input"),
                tokens(usage, "cached_input"),
                tokens(usage, "output"),
                tokens(usage, "reasoning"),
                tokens(usage, "total")));
    }

    private static OptionalLong tokens(Fields usage, String field) throws InvalidRequest {
        return usage.optionalNumber(field, 0, MAX_TOKENS);
    }
}
