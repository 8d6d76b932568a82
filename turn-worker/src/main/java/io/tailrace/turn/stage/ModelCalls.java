package io.tailrace.turn.stage;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;

/** The provider calls of one attempt: runs them, counts them, and records their usage. Confined to the stage's thread. */
final class ModelCalls {
    private final ModelProvider provider;
    private final Attempt attempt;
    private final TurnReport report;
    private final StopSignal stop;
    private final TurnMetrics metrics;
    private int made;

    ModelCalls(ModelProvider provider, Attempt attempt, TurnReport report, StopSignal stop, TurnMetrics metrics) {
        this.provider = provider;
        this.attempt = attempt;
        this.report = report;
        this.stop = stop;
        this.metrics = metrics;
    }

    /** Takes the deltas of a call. */
    interface DeltaReceiver {
        void take(ModelDelta delta) throws AttemptLost;
    }

    /** Carries a loss of the attempt through the provider's code. */
    private static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final AttemptLost cause;

        Lost(AttemptLost cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** How many calls were begun. */
    int made() {
        return made;
    }

    /** Runs a call to its end; a stop of the attempt cancels it. */
    CallEnd run(ProviderCall call, DeltaReceiver receiver) throws AttemptLost {
        made++;
        stop.whenStopped(call::cancel);
        try {
            CallEnd end = call.run(delta -> {
                try {
                    receiver.take(delta);
                } catch (AttemptLost e) {
                    throw new Lost(e);
                }
            });
            metrics.called(provider.id());
            return end;
        } catch (Lost e) {
            throw e.cause;
        }
    }

    /** Records the usage of the last call, as the provider told it. */
    void used(Usage usage) throws AttemptLost {
        record(usage, false);
    }

    /** Records the usage of the last call, estimated from the texts. */
    void usedAbout(Usage usage) throws AttemptLost {
        record(usage, true);
    }

    private void record(Usage usage, boolean estimated) throws AttemptLost {
        report.used(new TurnFact.TurnUsage(
                report.provider(), report.model(), made, attempt, Billing.BILLED, estimated, usage));
    }
}
