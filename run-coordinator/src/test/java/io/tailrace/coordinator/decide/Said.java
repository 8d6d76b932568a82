package io.tailrace.coordinator.decide;

import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.util.Locale;

/** What was decided, in words that a test's journal has. */
final class Said {
    private Said() {}

    static String of(RunEvent event) {
        String number = event.runSequence().map(it -> " #" + it).orElse("");
        String detail = switch (event.payload()) {
            case RunFact.RunCreated _,
                    RunFact.RunStarted _,
                    RunFact.RunCancelRequested _,
                    RunFact.RunCloseRequested _ -> "";
            case RunFact.TurnSubmitted it -> " " + it.turnId();
            case RunFact.TurnRejected it -> " " + it.turnId() + " " + lower(it.reason());
            case RunFact.TurnCancelRequested it -> " " + it.turnId();
            case RunFact.StageRequested it ->
                " " + it.step() + it.call().map(call -> " for " + call.tool()).orElse("");
            case RunFact.StageRedispatched it -> " " + it.attempt().value() + " " + lower(it.reason());
            case RunFact.RunProgress it -> " " + it.step() + "/" + it.attempt().value();
            case RunFact.StageFinished it ->
                " " + it.step() + " " + lower(it.outcome())
                        + it.failure()
                                .map(failure -> " (" + failure.code() + ")")
                                .orElse("")
                        + it.pause().map(pause -> " paused in " + pause.round()).orElse("");
            case RunFact.ToolApprovalRequested it ->
                " " + it.approvalId() + " " + it.call().tool();
            case RunFact.ToolApprovalDecided it -> " " + it.approvalId() + " " + lower(it.decision());
            case RunFact.RunCompleted it ->
                " " + lower(it.outcome())
                        + it.failure()
                                .map(failure -> " (" + failure.code() + ")")
                                .orElse("");
        };
        return event.payload().type().wireName() + detail + number;
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
