package io.tailrace.gateway.health;

import java.util.Optional;
import java.util.function.Supplier;

/** A check that asks elsewhere. */
record Asked(String name, Supplier<String> words, Supplier<Optional<String>> faults, boolean isDecisive)
        implements ReadinessCheck {
    @Override
    public String saysWhileWell() {
        return words.get();
    }

    @Override
    public Optional<String> fault() {
        return faults.get();
    }
}
