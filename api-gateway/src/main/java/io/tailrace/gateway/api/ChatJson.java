package io.tailrace.gateway.api;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.run.RunView.ChatView;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A chat as JSON: its settings as they are in the request, and what there is of it beside its stages. Pure. */
final class ChatJson {
    private static final double PERMILLE = 1000.0;

    private ChatJson() {}

    /** Everything. */
    static Map<String, @Nullable Object> full(ChatPlan plan, Optional<ChatView> view) {
        Map<String, @Nullable Object> tree = brief(plan, view);
        plan.system().ifPresent(it -> tree.put("system", it));
        Map<String, @Nullable Object> generation = generation(plan.generation());
        if (!generation.isEmpty()) {
            tree.put("generation", generation);
        }
        view.ifPresent(
                it -> tree.put("recent", it.recent().stream().map(WireTree::of).toList()));
        return tree;
    }

    /** For a list: without what can be large. */
    static Map<String, @Nullable Object> brief(ChatPlan plan, Optional<ChatView> view) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("provider", plan.model().provider());
        plan.model().model().ifPresent(it -> tree.put("model", it));
        tree.put("policy", plan.policy().name().toLowerCase(Locale.ROOT));
        tree.put("max_queued", plan.maxQueued());
        tree.put("idle_timeout_ms", plan.idleTimeout().toMillis());
        tree.put("turns", view.map(ChatView::turns).orElse(0));
        tree.put("closing", view.map(ChatView::closing).orElse(false));
        return tree;
    }

    private static Map<String, @Nullable Object> generation(Generation generation) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        generation.maxOutputTokens().ifPresent(it -> tree.put("max_output_tokens", it));
        generation.temperaturePermille().ifPresent(it -> tree.put("temperature", it / PERMILLE));
        generation.topPPermille().ifPresent(it -> tree.put("top_p", it / PERMILLE));
        if (!generation.stop().isEmpty()) {
            tree.put("stop", generation.stop());
        }
        return tree;
    }
}
