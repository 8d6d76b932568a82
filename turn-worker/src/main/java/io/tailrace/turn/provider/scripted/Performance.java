package io.tailrace.turn.provider.scripted;

import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.call.AdapterCall;
import io.tailrace.turn.provider.call.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Plays one step of a script. */
final class Performance implements AdapterCall {

    private final ModelRequest request;
    private final CountDownLatch closed = new CountDownLatch(1);

    Performance(ModelRequest request) {
        this.request = request;
    }

    @Override
    public void perform(Exchange exchange) throws Exception {
        Step step = Script.stepFor(request);
        exchange.closeWith(closed::countDown);
        TokenEstimate estimate = new TokenEstimate(request);
        List<ModelDelta> deltas = step.deltas();
        Optional<Integer> cut = step.interruption().map(Step.Interruption::afterDeltas);
        int count = Math.min(cut.orElse(deltas.size()), deltas.size());
        boolean counted = step.usage().filter(Usage::isUnknown).isEmpty();
        for (int i = 0; i < count; i++) {
            if (closedWithin(i == 0 ? step.firstDelay() : step.pace())) {
                return;
            }
            exchange.emit(deltas.get(i));
            estimate.add(deltas.get(i));
            if (counted) {
                exchange.usage(estimate.soFar());
            }
        }
        if (count == 0 && closedWithin(step.firstDelay())) {
            return;
        }
        if (step.interruption().isPresent()) {
            switch (step.interruption().get()) {
                case Step.Interruption.Failure failure -> throw new ScriptedFailure(failure.failure());
                case Step.Interruption.Disconnect _ -> {
                    return;
                }
            }
        }
        exchange.usage(step.usage().orElseGet(estimate::soFar));
        exchange.finished(step.finishReason());
    }

    private boolean closedWithin(Duration wait) throws InterruptedException {
        return !wait.isZero() && closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public ProviderFailure explain(Exception error) {
        return switch (error) {
            case ScriptedFailure scripted -> scripted.failure();
            default ->
                ProviderFailure.of(
                        FailureCode.PROVIDER_ERROR, "The scripted provider failed: " + error.getMessage(), false);
        };
    }
}
