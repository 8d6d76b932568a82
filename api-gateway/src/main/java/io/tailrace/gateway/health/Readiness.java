package io.tailrace.gateway.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the gateway can work, from all of its checks. Thread-safe; never blocks. */
final class Readiness {
    private final List<ReadinessCheck> checks;

    Readiness(List<ReadinessCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    /** Each check's name with what is wrong; {@code ok} where nothing is. */
    Map<String, String> states() {
        Map<String, String> states = new LinkedHashMap<>();
        checks.forEach(it -> states.put(it.name(), it.fault().orElse("ok")));
        return states;
    }

    boolean isReady() {
        return checks.stream()
                .filter(ReadinessCheck::isDecisive)
                .allMatch(it -> it.fault().isEmpty());
    }
}
