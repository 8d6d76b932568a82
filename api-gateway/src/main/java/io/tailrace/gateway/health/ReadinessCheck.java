package io.tailrace.gateway.health;

import java.util.Optional;

/**
 * One thing that has to work for the gateway to be of use. Answers from memory, at once: it is asked by probes. The
 * process's readiness is that of all beans of this type.
 */
public interface ReadinessCheck {
    /** What it is about, in snake_case. */
    String name();

    /** Why it does not work now; empty while it does. */
    Optional<String> fault();

    /** A check of this name that asks elsewhere. */
    static ReadinessCheck of(String name, java.util.function.Supplier<Optional<String>> fault) {
        return new ReadinessCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<String> fault() {
                return fault.get();
            }
        };
    }
}
