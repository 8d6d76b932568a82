package io.tailrace.gateway.command;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.events.command.RunCommand;
import java.time.Duration;

/** Counts commands by what became of them, and times the wait for their decisions. Thread-safe. */
final class CommandMeters {
    private static final String COMMANDS = "tailrace.gateway.commands";

    private static final String NOT_SENT = "not_sent";
    private static final String UNCONFIRMED = "unconfirmed";

    /** A command as its meters call it. */
    enum Kind {
        CREATE("create"),
        CANCEL("cancel"),
        SUBMIT_TURN("submit_turn"),
        CANCEL_TURN("cancel_turn"),
        CLOSE("close"),
        DECIDE_APPROVAL("decide_approval");

        private final String tag;

        Kind(String tag) {
            this.tag = tag;
        }
    }

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
        // A series that begins with 1 shows no increase: the first command that is not taken is to be one.
        for (Kind kind : Kind.values()) {
            Counter _ = commands(kind, NOT_SENT);
            Counter _ = commands(kind, UNCONFIRMED);
        }
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
        count(command, surelyNot ? NOT_SENT : UNCONFIRMED);
    }

    /** The same command had been given before: nothing was recorded. */
    void replayed(Kind command) {
        commands(command, "replayed").increment();
    }

    void waited(Duration time, boolean sawDecision) {
        (sawDecision ? decided : undecided).record(time);
    }

    private void count(RunCommand.Command command, String outcome) {
        Kind kind = switch (command) {
            case RunCommand.CreateRun _ -> Kind.CREATE;
            case RunCommand.CancelRun _ -> Kind.CANCEL;
            case RunCommand.SubmitTurn _ -> Kind.SUBMIT_TURN;
            case RunCommand.CancelTurn _ -> Kind.CANCEL_TURN;
            case RunCommand.CloseRun _ -> Kind.CLOSE;
            case RunCommand.DecideApproval _ -> Kind.DECIDE_APPROVAL;
        };
        commands(kind, outcome).increment();
    }

    private Counter commands(Kind kind, String outcome) {
        return meters.counter(COMMANDS, "command", kind.tag, "outcome", outcome);
    }
}
