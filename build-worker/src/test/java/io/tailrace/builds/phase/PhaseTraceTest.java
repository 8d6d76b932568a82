package io.tailrace.builds.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.TraceContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a phase is told of the trace that it is in. */
class PhaseTraceTest {
    private static final Path FOLDER = Path.of("/folder");
    private static final TraceContext TRACE =
            new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    private static final Map<String, String> ANOTHER = Map.of("TRACEPARENT", "another");

    @Test
    void itsSpanIsAVariable() {
        assertThat(environment(Map.of(), Map.of(), Map.of(), Optional.of(TRACE)))
                .containsEntry("TRACEPARENT", TRACE.traceparent());
    }

    @Test
    void theVariableThatAPhaseHasItselfWins() {
        assertThat(environment(Map.of(), Map.of(), ANOTHER, Optional.of(TRACE)))
                .containsEntry("TRACEPARENT", "another");
    }

    @Test
    void neitherTheWorkersNorAResultStandsForIt() {
        assertThat(environment(ANOTHER, ANOTHER, Map.of(), Optional.of(TRACE)))
                .containsEntry("TRACEPARENT", TRACE.traceparent());
        assertThat(environment(ANOTHER, Map.of(), Map.of(), Optional.empty())).doesNotContainKey("TRACEPARENT");
        assertThat(PhaseEnvironment.isWorkers("TRACEPARENT")).isTrue();
    }

    private static Map<String, String> environment(
            Map<String, String> worker,
            Map<String, String> inputs,
            Map<String, String> phase,
            Optional<TraceContext> trace) {
        return PhaseEnvironment.of(worker, FOLDER, FOLDER.resolve("tmp"), inputs, phase, trace);
    }
}
