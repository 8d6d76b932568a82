package io.tailrace.systemtests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests for runs, as trees that become JSON. */
final class Plans {
    private Plans() {}

    /** A run of one build with these phases. */
    static Map<String, Object> build(Map<?, ?>... phases) {
        return run(List.of(step(phases)));
    }

    /** A run of these steps. */
    static Map<String, Object> run(List<?> steps) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("workspace", "system-tests");
        request.put("kind", "build");
        request.put("plan", steps);
        return request;
    }

    static Map<String, Object> step(Map<?, ?>... phases) {
        return Map.of("step", "build", "recipe", "commands", "phases", List.of(phases));
    }

    /** A step that asks the scripted provider; what a script leaves out has its defaults. */
    static Map<String, Object> prompt(String name, String text, Map<String, ?> script) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("step", "prompt");
        step.put("name", name);
        step.put("text", text);
        step.put("provider", "scripted");
        if (!script.isEmpty()) {
            step.put("script", script);
        }
        return step;
    }

    /** A phase that is a shell script. */
    static Map<String, Object> sh(String name, String script) {
        Map<String, Object> phase = new LinkedHashMap<>();
        phase.put("name", name);
        phase.put("argv", List.of("sh", "-c", script));
        return phase;
    }

    static Map<String, Object> with(Map<String, Object> tree, String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(tree);
        changed.put(field, value);
        return changed;
    }
}
