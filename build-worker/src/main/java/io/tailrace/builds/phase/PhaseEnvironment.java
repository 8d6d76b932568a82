package io.tailrace.builds.phase;

import io.tailrace.events.log.TraceContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which environment variables a phase sees: an allow-list of the worker's, places in the build's folder, results of earlier steps, and the
 * phase's own.
 */
public final class PhaseEnvironment {

    private static final List<String> ALLOWED = List.of("PATH", "LANG", "TZ");
    private static final String HOME = "HOME";
    private static final String TEMPORARY = "TMPDIR";

    /** As OpenTelemetry names it for programs that are started: https://opentelemetry.io/docs/specs/otel/context/env-carriers/. */
    private static final String TRACE = "TRACEPARENT";

    private static final Map<String, String> DEFAULTS =
            Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LANG", "C.UTF-8");

    private PhaseEnvironment() {}

    /** Whether the worker sets this variable itself. */
    public static boolean isWorkers(String name) {
        return ALLOWED.contains(name) || name.equals(HOME) || name.equals(TEMPORARY) || name.equals(TRACE);
    }

    /**
     * @param inputs results of earlier steps: whatever their names are, they replace nothing
     * @param trace the phase's span; a phase that has a variable of its own for that keeps it
     */
    static Map<String, String> of(
            Map<String, String> worker,
            Path home,
            Path temporary,
            Map<String, String> inputs,
            Map<String, String> phase,
            Optional<TraceContext> trace) {
        Map<String, String> environment = new HashMap<>(inputs);
        environment.putAll(DEFAULTS);
        ALLOWED.stream()
                .filter(worker::containsKey)
                .forEach(name -> environment.put(name, worker.getOrDefault(name, "")));
        environment.put(HOME, home.toString());
        environment.put(TEMPORARY, temporary.toString());
        trace.ifPresent(it -> environment.put(TRACE, it.traceparent()));
        environment.putAll(phase);
        return environment;
    }
}
