package io.tailrace.turn.provider.scripted;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tailrace.events.text.Excerpt;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.call.InvalidRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which step answers a request. A script is one step, or {@code {"steps": […]}} for the calls of one turn, of which the n-th answers the
 * n-th call since the last user message. Without a script the answer repeats what the user said.
 */
final class Script {

    private static final int MAX_CHARACTERS = 2 * 1024 * 1024;
    private static final int MAX_STEPS = 100;
    private static final int MAX_ECHO = 4_000;
    private static final String STEPS = "steps";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(50).build());
    }

    private Script() {}

    static Step stepFor(ModelRequest request) throws InvalidRequest {
        Optional<String> script = request.script();
        return script.isEmpty() ? echo(request) : scripted(script.get(), request);
    }

    private static Step scripted(String script, ModelRequest request) throws InvalidRequest {
        if (script.length() > MAX_CHARACTERS) {
            throw InvalidScript.at("$", "is longer than " + MAX_CHARACTERS + " characters");
        }
        JsonNode tree = parse(script);
        int call = callsSinceTheUser(request.messages());
        if (!tree.has(STEPS)) {
            Step only = new StepReader("$", tree, request).read();
            if (call > 0) {
                throw InvalidScript.at("$", "has one step, and this is call " + (call + 1) + " of the turn");
            }
            return only;
        }
        Fields fields = Fields.of("$", tree, Set.of(STEPS));
        List<JsonNode> nodes = fields.list(STEPS, MAX_STEPS);
        List<Step> steps = new ArrayList<>();
        int deltas = 0;
        for (JsonNode node : nodes) {
            Step step = new StepReader(STEPS + "[" + steps.size() + "]", node, request).read();
            deltas += step.deltas().size();
            // A script of a few bytes could otherwise take all of the worker's memory.
            if (deltas > StepReader.MAX_DELTAS) {
                throw InvalidScript.at(STEPS, "have more than " + StepReader.MAX_DELTAS + " chunks in all");
            }
            steps.add(step);
        }
        if (call >= steps.size()) {
            throw InvalidScript.at(
                    STEPS, "has " + steps.size() + " steps, and this is call " + (call + 1) + " of the turn");
        }
        return steps.get(call);
    }

    private static JsonNode parse(String script) throws InvalidRequest {
        try {
            return JSON.readTree(script);
        } catch (JsonProcessingException e) {
            throw InvalidScript.at("$", "is not JSON: " + e.getOriginalMessage());
        }
    }

    private static int callsSinceTheUser(List<ModelMessage> messages) {
        int calls = 0;
        for (ModelMessage message : messages) {
            switch (message) {
                case ModelMessage.User _ -> calls = 0;
                case ModelMessage.Assistant _ -> calls++;
                case ModelMessage.ToolResult _ -> {}
            }
        }
        return calls;
    }

    private static Step echo(ModelRequest request) {
        List<ModelDelta> deltas = Words.of(echoText(request)).stream()
                .<ModelDelta>map(ModelDelta.Text::new)
                .toList();
        return new Step(deltas, Duration.ZERO, Duration.ZERO, Optional.empty(), Optional.empty(), FinishReason.STOP);
    }

    /** What is said where nothing is scripted. */
    static String echoText(ModelRequest request) {
        String said = "";
        for (ModelMessage message : request.messages()) {
            if (message instanceof ModelMessage.User user) {
                said = user.text();
            }
        }
        return "You said: " + Excerpt.of(said, MAX_ECHO);
    }
}
