package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of meters in docs/operations.md is what the services have. */
@Timeout(120)
class MetersTest {
    private static final Pattern NAME = Pattern.compile("tailrace_[a-z_]+[a-z]");
    private static final Pattern PART = Pattern.compile("_(count|sum|max|bucket)$");
    /** Made when they are first needed, which the build of this test never does. */
    private static final Set<String> ONLY_IN_TROUBLE = Set.of(
            "tailrace_coordinator_redispatches_total",
            "tailrace_coordinator_aborts_total",
            "tailrace_coordinator_undecodable_records_total",
            "tailrace_coordinator_cut_off_topics_total",
            "tailrace_coordinator_inputs_rewound_total",
            "tailrace_coordinator_refused_records_total",
            "tailrace_worker_requests_dropped_total",
            "tailrace_environment_builds_total",
            "tailrace_environment_evicted_total",
            "tailrace_turns_provider_calls_total",
            "tailrace_turns_provider_failures_total");

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void everyMeterIsDescribedAndNoOther() throws Exception {
        Gateway gateway = SharedStack.gateway(1);
        String run = gateway.create(Plans.build(Plans.sh("a", "echo a")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitEnd(Duration.ofSeconds(30));
        }
        assertThat(gateway.get("/v1/runs/X").statusCode()).isEqualTo(400);
        Set<String> shown = new TreeSet<>();
        for (StackMember member : SharedStack.get().members()) {
            if (!member.name().startsWith("broker")) {
                Gateway service = new Gateway(URI.create("http://127.0.0.1:" + member.port()));
                service.get("/actuator/prometheus")
                        .body()
                        .lines()
                        .filter(it -> it.startsWith("tailrace_"))
                        .map(it -> PART.matcher(it.split("[{ ]", 2)[0]).replaceFirst(""))
                        .forEach(shown::add);
            }
        }
        shown.addAll(ONLY_IN_TROUBLE);

        assertThat(described()).isEqualTo(shown);
    }

    private static Set<String> described() throws IOException {
        Set<String> described = new TreeSet<>();
        Files.readString(TailraceHome.locate().resolve("docs/operations.md"))
                .lines()
                .filter(it -> it.startsWith("| `tailrace_"))
                .map(it -> it.split("\\|", 3)[1])
                .forEach(cell -> NAME.matcher(cell).results().forEach(it -> described.add(it.group())));
        return described;
    }
}
