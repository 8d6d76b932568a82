package io.tailrace.cli.demo;

import io.tailrace.cli.demo.WorkerKill.Killed;
import io.tailrace.cli.display.Durations;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the log says of the attempt that went on for a worker that was killed. Pure.
 *
 * @param logged the run's events
 */
record Takeover(Killed killed, List<WatchedEvent> logged) {
    Takeover {
        logged = List.copyOf(logged);
    }

    /** The {@code attempt.started} of the attempt that came after the kill. */
    Optional<WatchedEvent> secondAttempt() {
        return logged.stream()
                .filter(event -> event.type().equals("attempt.started")
                        && event.stage().equals(killed.begun().stage())
                        && event.attempt() > killed.begun().attempt())
                .findFirst();
    }

    /** What is not as it should be, for a person. */
    Optional<String> flaw() {
        Optional<WatchedEvent> second = secondAttempt();
        if (second.isEmpty()) {
            return Optional.of("There was NO second attempt after the kill");
        }
        if (second.get().worker().equals(killed.begun().worker())) {
            return Optional.of("The worker that was killed has NOT stopped writing");
        }
        long from = second.get().payload().path("supersedes_from_sequence").asLong();
        return from == killed.begun().sequence()
                ? Optional.empty()
                : Optional.of("The second attempt supersedes what comes from event " + from + " on, and NOT from "
                        + killed.begun().sequence() + " on");
    }

    /** What happened, for a person. */
    void explain(PrintStream out) {
        out.printf(
                "  %s (pid %d) was killed when %d words of the second answer had been seen.%n",
                killed.process(), killed.pid(), killed.pieces());
        secondAttempt()
                .ifPresent(second -> out.printf(
                        "  %s%s wrote it anew; its attempt.started says that what comes from event %d on is"
                                + " superseded.%n",
                        silence(),
                        DemoWorkers.shown(second.worker()),
                        second.payload().path("supersedes_from_sequence").asLong()));
    }

    /** How long nothing was heard, as a sentence's beginning; empty if the log does not say. */
    private String silence() {
        return logged.stream()
                .filter(event -> event.type().equals("stage.redispatched")
                        && event.stage().equals(killed.begun().stage()))
                .findFirst()
                .map(event -> Durations.text(Duration.ofMillis(
                                event.payload().path("silence_ms").asLong()))
                        + " of silence later ")
                .orElse("");
    }
}
