package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of meters in docs/operations.md is what the services have; alerts and dashboard find what they ask for. */
@Timeout(120)
class MetersTest {
    private static final Pattern NAME = Pattern.compile("(tailrace|kafka)_[a-z_]+[a-z]");
    private static final Pattern PART = Pattern.compile("^(tailrace_.*)_(count|sum|max|bucket)$");
    /** Made when they are first needed, which the build of this test never does. */
    private static final Set<String> ONLY_IN_TROUBLE = Set.of(
            "tailrace_coordinator_refused_records_total",
            "tailrace_environment_builds_total",
            "tailrace_environment_evicted_total",
            "tailrace_turns_answers_lookups_total",
            "tailrace_turns_provider_calls_total",
            "tailrace_turns_provider_failures_total",
            "tailrace_turns_retrieval_seconds",
            "tailrace_turns_retrieval_failures_total",
            "tailrace_turns_tool_calls_total",
            "tailrace_turns_tool_call_seconds",
            "tailrace_turns_tool_servers_ends_total");

    /** Timers of ours have parts; what Kafka calls a count or a maximum is a meter. */
    private static String whole(String name) {
        return PART.matcher(name).replaceFirst("$1");
    }

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
        series().map(it -> whole(it.split("[{ ]", 2)[0])).forEach(shown::add);
        shown.addAll(ONLY_IN_TROUBLE);

        assertThat(described()).isEqualTo(shown);
    }

    /** A series that is made when the first case comes shows no increase for it: the first case would alert nobody. */
    @Test
    void whatAlertsWaitForIsThereBeforeItHappens() throws Exception {
        List<String> series = series().toList();

        assertThat(selectors("alerts.yaml"))
                .hasSizeGreaterThan(30)
                .allSatisfy(selector -> assertThat(series).anyMatch(selector::matches));
    }

    @Test
    void theDashboardAsksForMetersThatThereAre() throws Exception {
        Set<String> described = described();

        assertThat(selectors("dashboard.json"))
                .hasSizeGreaterThan(30)
                .allSatisfy(it -> assertThat(described).contains(whole(it.name())));
    }

    /** What a query asks for: {@code name{label="value", other=~"a|b"}}. */
    private record Selector(String name, Map<String, Pattern> labels) {
        private static final Pattern FORM = Pattern.compile("((?:tailrace|kafka)_[a-z_]+)(?:\\{([^}]*)})?");
        private static final Pattern LABEL = Pattern.compile("([a-z_]+)=(~?)\"([^\"]*)\"");

        static Stream<Selector> in(String text) {
            return FORM.matcher(text).results().map(it -> new Selector(it.group(1), labels(it.group(2))));
        }

        private static Map<String, Pattern> labels(@Nullable String list) {
            return LABEL.matcher(list == null ? "" : list)
                    .results()
                    .collect(Collectors.toMap(
                            it -> it.group(1),
                            it -> Pattern.compile(it.group(2).isEmpty() ? Pattern.quote(it.group(3)) : it.group(3))));
        }

        boolean matches(String line) {
            Map<String, String> shown =
                    LABEL.matcher(line).results().collect(Collectors.toMap(it -> it.group(1), it -> it.group(3)));
            return line.split("[{ ]", 2)[0].equals(name)
                    && labels.entrySet().stream()
                            .allMatch(it -> it.getValue()
                                    .matcher(shown.getOrDefault(it.getKey(), ""))
                                    .matches());
        }
    }

    private static List<Selector> selectors(String file) throws IOException {
        String text = Files.readString(
                TailraceHome.locate().resolve("docs/monitoring").resolve(file));
        return Selector.in(text.replace("\\\"", "\"")).toList();
    }

    /** The lines that all services of the stack show of our own meters and of those of Kafka's clients. */
    private static Stream<String> series() throws Exception {
        List<String> lines = new ArrayList<>();
        for (StackMember member : SharedStack.get().members()) {
            if (!member.name().startsWith("broker")) {
                Gateway service = new Gateway(URI.create("http://127.0.0.1:" + member.port()));
                service.get("/actuator/prometheus")
                        .body()
                        .lines()
                        .filter(it -> it.startsWith("tailrace_") || it.startsWith("kafka_"))
                        .forEach(lines::add);
            }
        }
        return lines.stream();
    }

    private static Set<String> described() throws IOException {
        Set<String> described = new TreeSet<>();
        Files.readString(TailraceHome.locate().resolve("docs/operations.md"))
                .lines()
                .filter(it -> it.startsWith("| `tailrace_") || it.startsWith("| `kafka_"))
                .map(it -> it.split("\\|", 3)[1])
                .forEach(cell -> NAME.matcher(cell).results().forEach(it -> described.add(it.group())));
        return described;
    }
}
