package io.tailrace.gateway.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.events.command.RunCommand;
import java.time.Duration;

/** Counts commands by what became of them, and times the wait for their decisions. Thread-safe. */
final class CommandMeters {
    private static final String COMMANDS = "tailrace.gateway.commands";

    private final MeterRegistry meters;
    private final Timer decided;
    private final Timer undecided;

    CommandMeters(MeterRegistry meters) {
        this.meters = meters;
        this.decided = timer(meters, "decided");
        this.undecided = timer(meters, "pending");
    }

    private static Timer timer(MeterRegistry meters, String outcome) {
        return Timer.builder("tailrace.gateway.decision.wait")
                .description("From the log's confirmation of a command to the sight of its decision")
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(meters);
    }

    void recorded(RunCommand.Command command) {
        count(command, "recorded");
    }

    void failed(RunCommand.Command command, boolean surelyNot) {
        count(command, surelyNot ? "not_sent" : "unconfirmed");
    }

    void replayed() {
        meters.counter(COMMANDS, "command", "create", "outcome", "replayed").increment();
    }

    void waited(Duration time, boolean sawDecision) {
        (sawDecision ? decided : undecided).record(time);
    }

    private void count(RunCommand.Command command, String outcome) {
        String name = switch (command) {
            case RunCommand.CreateRun _ -> "create";
            case RunCommand.CancelRun _ -> "cancel";
        };
        meters.counter(COMMANDS, "command", name, "outcome", outcome).increment();
    }
}
