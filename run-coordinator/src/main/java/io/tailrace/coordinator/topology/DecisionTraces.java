package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Decision;
import io.tailrace.coordinator.decide.Input;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.TraceContext;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.RedispatchReason;
import io.tailrace.service.trace.AttemptSpan;
import io.tailrace.service.trace.RunSpan;
import io.tailrace.service.trace.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The spans of one partition's decisions, and of the attempts that are lost. Confined to the partition's stream thread.
 *
 * <p>All decisions on a run hang below one place, that of the command that created it, with a link to what led to each. A
 * decision that is made again after its transaction was aborted has another span; what goes out with it names that one.
 *
 * <p>Of a trace that nobody records the store has the root alone, written once, with the run: what would be told of its
 * attempts could go nowhere.
 */
final class DecisionTraces {
    private static final String NAME = "run.decision";
    private static final String INPUT = "tailrace.input";
    private static final String EVENTS = "tailrace.events";

    private final Traces traces;
    private final RunTable table;
    private final Duration silence;

    /** @param silence after which a worker is lost */
    DecisionTraces(Traces traces, RunTable table, Duration silence) {
        this.traces = traces;
        this.table = table;
        this.silence = silence;
    }

    /**
     * What led to a decision.
     *
     * @param before the run's state, where it was active
     * @param trace what the input came with
     * @param takenAt when the decision began, by this process's clock
     */
    record Cause(Input input, Optional<RunState.Active> before, Optional<TraceContext> trace, Instant takenAt) {}

    /**
     * Takes note of a decision, and begins its span if anything goes out with it and the run has a trace.
     *
     * @return to be ended when it is carried out
     */
    Optional<RunSpan> decided(RunId run, Cause cause, Decision decision) {
        if (decision.changes().isEmpty() && decision.aborts().isEmpty()) {
            return Optional.empty();
        }
        boolean goesOut = !decision.events().isEmpty()
                || !decision.requests().isEmpty()
                || !decision.aborts().isEmpty();
        if (!goesOut && !changesHolder(cause.input())) {
            return Optional.empty();
        }
        if (cause.input() instanceof Input.Create) {
            return begun(run, cause, decision);
        }
        Optional<RunTrace> known = table.trace(run);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        RunTrace trace = known.get();
        if (isLost(cause, decision)) {
            tellLost(trace, cause);
        }
        RunTrace after = held(trace, cause);
        Optional<RunSpan> span =
                goesOut ? Optional.of(span(Optional.of(trace.root()), run, cause, decision)) : Optional.empty();
        remember(run, decision, trace, requested(after, decision, span));
        return span;
    }

    private Optional<RunSpan> begun(RunId run, Cause cause, Decision decision) {
        RunSpan span = span(cause.trace(), run, cause, decision);
        Optional<TraceContext> root = cause.trace().or(span::context);
        root.ifPresent(it -> {
            RunTrace begun = RunTrace.begunAt(it);
            table.save(run, requested(begun, decision, Optional.of(span)));
        });
        return Optional.of(span);
    }

    private RunSpan span(Optional<TraceContext> parent, RunId run, Cause cause, Decision decision) {
        RunSpan span = traces.beginConsumed(NAME, parent, cause.takenAt());
        if (span.isRecorded()) {
            span.with(AttemptSpan.RUN, run.value())
                    .with(INPUT, name(cause.input()))
                    .with(
                            EVENTS,
                            decision.events().stream()
                                    .map(it -> it.payload().type().wireName())
                                    .toList())
                    .linkedTo(cause.trace().filter(it -> !parent.equals(Optional.of(it))));
        }
        return span;
    }

    /** With the decision that sent the last request, if it is recorded: nothing can be told below another. */
    private static RunTrace requested(RunTrace trace, Decision decision, Optional<RunSpan> span) {
        return decision.requests().isEmpty()
                ? trace
                : span.flatMap(RunSpan::context)
                        .filter(TraceContext::isSampled)
                        .map(trace::requestedBy)
                        .orElse(trace);
    }

    private void remember(RunId run, Decision decision, RunTrace before, RunTrace after) {
        if (decision.events().stream().anyMatch(it -> it.payload() instanceof RunFact.RunCompleted)) {
            table.forgetTrace(run);
        } else if (!after.equals(before)) {
            table.save(run, after);
        }
    }

    private static boolean changesHolder(Input input) {
        return input instanceof Input.StageRecord record
                && (record.headers().mark() != Mark.NONE || isRelease(record.headers()));
    }

    private static boolean isRelease(EventHeaders headers) {
        return headers.type().equals(EventType.ATTEMPT_RELEASED.wireName());
    }

    /** Who holds the stage after a record of it that counts; nobody, if its worker announces no span of this trace that is recorded. */
    private static RunTrace held(RunTrace trace, Cause cause) {
        if (!(cause.input() instanceof Input.StageRecord record) || !changesHolder(record)) {
            return trace;
        }
        EventHeaders headers = record.headers();
        return headers.mark() == Mark.CLAIM
                ? cause.trace()
                        .filter(it -> it.isSampled() && it.isOfTraceOf(trace.root()))
                        .map(it -> trace.heldBy(new RunTrace.Held(
                                headers.stage().orElseThrow(),
                                headers.attempt().orElseThrow(),
                                headers.worker().orElseThrow(),
                                it,
                                record.context().at())))
                        .orElseGet(trace::heldByNobody)
                : trace.heldByNobody();
    }

    /** Whether the worker that holds the stage is given up as lost: it is silent, and so cannot tell its span itself. */
    private boolean isLost(Cause cause, Decision decision) {
        if (decision.events().stream().anyMatch(DecisionTraces::isOfSilence)) {
            return true;
        }
        return cause.input() instanceof Input.StageRecord record
                && record.headers().mark() == Mark.ABORT
                && cause.before().orElse(null) instanceof RunState.Open open
                && open.stage()
                                .silence(record.context().snapshot(open.topic()).clock())
                                .compareTo(silence)
                        > 0;
    }

    private static boolean isOfSilence(RunEvent event) {
        return event.payload() instanceof RunFact.StageRedispatched again && again.reason() == RedispatchReason.SILENCE;
    }

    private void tellLost(RunTrace trace, Cause cause) {
        trace.held()
                .ifPresent(it -> traces.tell(
                        AttemptSpan.NAME,
                        it.trace(),
                        trace.request().orElse(trace.root()),
                        it.since(),
                        cause.input().context().at(),
                        span -> {
                            AttemptSpan.describe(span, it.stage(), it.attempt(), it.worker());
                            span.with(AttemptSpan.ENDED_BY, "silence")
                                    .failed(
                                            "worker_lost",
                                            "Nothing was heard of worker " + it.worker()
                                                    + ": the coordinator gave the attempt up.");
                        }));
    }

    private static String name(Input input) {
        return switch (input) {
            case Input.Create _ -> "create";
            case Input.Cancel _ -> "cancel";
            case Input.StageRecord record -> record.headers().type();
            case Input.Submit _ -> "submit_turn";
            case Input.CancelOfTurn _ -> "cancel_turn";
            case Input.Close _ -> "close";
            case Input.Approval _ -> "decide_approval";
            case Input.RecordsLost _ -> "records_lost";
            case Input.Tick _ -> "tick";
        };
    }
}
