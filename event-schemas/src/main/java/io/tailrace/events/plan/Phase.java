package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One phase of a build: a command that is run as a subprocess, never through a shell.
 *
 * @param name unique in its build; lower-case letters, digits and {@code _-}, at most 64
 * @param title what a person reads, at most 200 characters
 * @param argv the program and its arguments, 1 to {@link PlanReader#MAX_ARGUMENTS}
 * @param timeout after which the phase's process tree is ended
 * @param environment variables given to the phase beside the allow-listed ones
 * @param continueOnFailure whether the next phase runs although this one failed
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record Phase(
        String name,
        String title,
        List<String> argv,
        Duration timeout,
        Map<String, String> environment,
        boolean continueOnFailure) {
    public Phase {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }
}
