package io.tailrace.gateway.health;

import io.tailrace.gateway.decision.DecisionReport;
import io.tailrace.gateway.decision.DecisionWatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How the system does, for people: in numbers, and a sentence for each part. Answers from memory, always with 200. */
@RestController
final class StatusController {
    private final List<ReadinessCheck> checks;
    private final DecisionWatch decisions;
    private final InstantSource clock;

    StatusController(List<ReadinessCheck> checks, DecisionWatch decisions, InstantSource clock) {
        this.checks = List.copyOf(checks);
        this.decisions = decisions;
        this.clock = clock;
    }

    @GetMapping(path = "/v1/status", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, @Nullable Object>> status() {
        boolean isWell = true;
        List<Map<String, Object>> components = new ArrayList<>();
        for (ReadinessCheck check : checks) {
            Optional<String> fault = check.fault();
            isWell &= fault.isEmpty();
            Map<String, Object> component = new LinkedHashMap<>();
            component.put("name", check.name());
            component.put("state", fault.isEmpty() ? "ok" : "impaired");
            component.put("says", fault.orElseGet(check::saysWhileWell));
            components.add(component);
        }
        DecisionReport report = decisions.latest();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("status", isWell ? "ok" : "impaired");
        tree.put("undecided_commands", report.isUnknown() ? null : report.undecided());
        tree.put("oldest_undecided_at", report.oldest().map(Instant::toString).orElse(null));
        tree.put(
                "oldest_undecided_ms",
                report.oldestAge(clock.instant()).map(Duration::toMillis).orElse(null));
        tree.put("components", components);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(tree);
    }
}
