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
    private final Timer append;

    CommandMeters(MeterRegistry meters) {
        this.meters = meters;
        this.decided = timer(meters, "decided");
        this.undecided = timer(meters, "pending");
        this.append = bounded(Timer.builder("tailrace.gateway.command.append")
                        .description("Until the log has confirmed a command"))
                .register(meters);
    }

    private static Timer timer(MeterRegistry meters, String outcome) {
        return bounded(Timer.builder("tailrace.gateway.decision.wait")
                        .description("From the log's confirmation of a command to the sight of its decision")
                        .tag("outcome", outcome))
                .register(meters);
    }

    private static Timer.Builder bounded(Timer.Builder timer) {
        return timer.publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10));
    }

    void recorded(RunCommand.Command command, Duration time) {
        append.record(time);
        count(command, "recorded");
    }

    void failed(RunCommand.Command command, boolean surelyNot) {
        count(command, surelyNot ? "not_sent" : "unconfirmed");
    }

    /** The same command had been given before: nothing was recorded. */
    void replayed(String command) {
        meters.counter(COMMANDS, "command", command, "outcome", "replayed").increment();
    }

    void waited(Duration time, boolean sawDecision) {
        (sawDecision ? decided : undecided).record(time);
    }

    private void count(RunCommand.Command command, String outcome) {
        String name = switch (command) {
            case RunCommand.CreateRun _ -> "create";
            case RunCommand.CancelRun _ -> "cancel";
            case RunCommand.SubmitTurn _ -> "submit_turn";
            case RunCommand.CancelTurn _ -> "cancel_turn";
            case RunCommand.CloseRun _ -> "close";
        };
        meters.counter(COMMANDS, "command", name, "outcome", outcome).increment();
    }
}
