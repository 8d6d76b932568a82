package io.tailrace.gateway.assistant;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Tool;
import io.tailrace.gateway.assistant.AssistantCatalogue.KnownAssistant;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import io.tailrace.gateway.assistant.AssistantDocument.Prompt;
import io.tailrace.gateway.assistant.Toolbox.Complete;
import io.tailrace.gateway.assistant.Toolbox.DefinedTool;
import io.tailrace.gateway.assistant.Toolbox.Searching;
import io.tailrace.gateway.assistant.Toolbox.ToolLimits;
import io.tailrace.gateway.problem.FieldFinding;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.knowledge.chunk.TokenEstimate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Assistants as clients see them. Pure. */
final class AssistantJson {
    private AssistantJson() {}

    /** The definition as its author wrote it; null if the log has something else there. */
    static @Nullable Object definition(KnownAssistant assistant) {
        try {
            return JsonBody.part(assistant.document().getBytes(StandardCharsets.UTF_8));
        } catch (InvalidInput _) {
            return null;
        }
    }

    static Map<String, @Nullable Object> full(KnownAssistant assistant) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("workspace", assistant.workspace().value());
        tree.put("name", assistant.name());
        tree.put("version", assistant.version());
        tree.put("created_at", WireTree.text(assistant.createdAt()));
        tree.put("definition", definition(assistant));
        return tree;
    }

    static Map<String, @Nullable Object> stored(Assistants.Stored stored) {
        Map<String, @Nullable Object> tree = full(stored.assistant());
        tree.put("warnings", stored.warnings());
        return tree;
    }

    static Map<String, @Nullable Object> brief(KnownAssistant assistant) {
        Map<String, @Nullable Object> tree = full(assistant);
        Object definition = tree.remove("definition");
        if (definition instanceof Map<?, ?> map) {
            tree.put("title", map.get("title"));
            tree.put("prompts", map.get("prompts") instanceof List<?> prompts ? prompts.size() : 0);
        }
        return tree;
    }

    /** What a run of it would ask, as far as that is known. */
    static Map<String, @Nullable Object> checked(
            KnownAssistant assistant, Optional<AssistantDocument> document, InputValues values, Findings findings) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", assistant.name());
        tree.put("version", assistant.version());
        tree.put("valid", !findings.hasErrors() && values.missing().isEmpty());
        tree.put("missing_inputs", values.missing());
        List<FieldFinding> errors = findings.errors();
        tree.put("errors", errors);
        tree.put("warnings", findings.warnings());
        List<Map<String, @Nullable Object>> prompts = new ArrayList<>();
        // Texts that are too large are not put together.
        if (document.isPresent() && errors.stream().noneMatch(it -> it.code().equals("too_large"))) {
            document.get().prompts().forEach(it -> prompts.add(resolved(it, values)));
        }
        tree.put("prompts", prompts);
        return tree;
    }

    private static Map<String, @Nullable Object> resolved(Prompt prompt, InputValues values) {
        String text = values.resolve(prompt.step().text());
        Optional<String> system = prompt.step().system().map(values::resolve);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("prompt_id", prompt.id());
        tree.put("name", prompt.name());
        tree.put("text", text);
        system.ifPresent(it -> tree.put("system", it));
        tree.put(
                "estimated_tokens",
                TokenEstimate.of(text) + system.map(TokenEstimate::of).orElse(0));
        prompt.toolbox().ifPresent(it -> {
            tree.put("tools", it.tools().stream().map(AssistantJson::tool).toList());
            tree.put("tool_limits", limits(it.limits()));
        });
        prompt.cacheFor().ifPresent(it -> tree.put("cache", Map.of("ttl_ms", it.toMillis())));
        return tree;
    }

    private static Map<String, @Nullable Object> limits(ToolLimits limits) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("max_rounds", limits.maxRounds());
        tree.put("max_calls", limits.maxCalls());
        tree.put("timeout_ms", limits.timeout().toMillis());
        tree.put("max_result_bytes", limits.maxResultBytes());
        return tree;
    }

    /** A tool, with what its author left open. */
    private static Map<String, @Nullable Object> tool(DefinedTool tool) {
        return switch (tool) {
            case Complete(Tool complete) -> complete(complete);
            case Searching(
                    String name,
                    Optional<String> description,
                    Knowledge knowledge,
                    Optional<Duration> approval) -> {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                tree.put("type", Tool.RepositorySearch.TAG);
                tree.put("name", name);
                description.ifPresent(it -> tree.put("description", it));
                tree.put(
                        "repositories",
                        knowledge.sources().stream()
                                .map(it -> Map.of("id", it.id(), "repository", it.repository()))
                                .toList());
                knowledge
                        .searchType()
                        .ifPresent(it -> tree.put("search_type", it.name().toLowerCase(Locale.ROOT)));
                tree.put("max_chunks", knowledge.maxChunks());
                tree.put("max_tokens", knowledge.maxTokens());
                approval.ifPresent(it -> tree.put("approval", approval(it)));
                yield tree;
            }
        };
    }

    private static Map<String, @Nullable Object> complete(Tool tool) {
        Map<String, @Nullable Object> tree = WireTree.of((Record) tool);
        tree.remove("approval_ms");
        if (tree.remove("build") instanceof Map<?, ?> build) {
            // What says which kind of step it is has no place in a tool.
            build.remove("step");
            build.forEach((name, value) -> {
                if (!(value instanceof List<?> list && list.isEmpty())) {
                    tree.put(String.valueOf(name), value);
                }
            });
        }
        tool.approval().ifPresent(it -> tree.put("approval", approval(it)));
        return tree;
    }

    private static Map<String, Object> approval(Duration timeout) {
        return Map.of("timeout_ms", timeout.toMillis());
    }
}
