package io.tailrace.sandbox.isolation;

import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.Confinement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits and nothing else: commands see what the worker sees. The kernel's count of processes would be that of all of the user's, so the
 * build's are watched only.
 */
final class TrustedOnly implements Confinement {

    private final Optional<String> prlimit;
    private final ResourceLimits limits;

    /** @param prlimit the program; without it only what is watched is limited */
    TrustedOnly(Optional<String> prlimit, ResourceLimits limits) {
        this.prlimit = prlimit;
        this.limits = limits;
    }

    @Override
    public Optional<List<String>> holder(BuildScope scope) {
        return Optional.empty();
    }

    @Override
    public List<String> wrap(List<String> command, BuildScope scope, OptionalLong holder) {
        List<String> words = new ArrayList<>();
        prlimit.ifPresent(program -> words.addAll(limits.command(program, false)));
        words.addAll(command);
        return words;
    }

    @Override
    public boolean sees(Path file, BuildScope scope) {
        return true;
    }
}
