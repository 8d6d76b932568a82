package io.tailrace.gateway.health;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One thing that has to work for the system to be of use. Answers from memory, at once: it is asked by probes. The
 * process's readiness is that of all beans of this type that are decisive.
 */
public interface ReadinessCheck {
    /** What it is about, in snake_case. */
    String name();

    /** What is so while it works, as a sentence for people. */
    String saysWhileWell();

    /** Why it does not work now; empty while it does. */
    Optional<String> fault();

    /** Whether this gateway cannot be used while there is a fault; otherwise the fault is only told. */
    default boolean isDecisive() {
        return true;
    }

    /** A decisive check of this name that asks elsewhere. */
    static ReadinessCheck of(String name, String saysWhileWell, Supplier<Optional<String>> fault) {
        return new Asked(name, () -> saysWhileWell, fault, true);
    }

    /** A check that is only told: with such a fault a gateway still serves what the log has. */
    static ReadinessCheck told(String name, Supplier<String> saysWhileWell, Supplier<Optional<String>> fault) {
        return new Asked(name, saysWhileWell, fault, false);
    }
}
