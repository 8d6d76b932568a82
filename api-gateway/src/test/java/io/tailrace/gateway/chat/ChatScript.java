package io.tailrace.gateway.chat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.Rejection;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.DeltaKind;
import io.tailrace.events.stage.TurnFact.TurnContent;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.gateway.json.DecodedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The events of a chat in the run's order, made up step by step, and by another way what they come to. */
final class ChatScript {
    static final RunId RUN = new RunId("r-chat");

    private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    /** An event with the headers that its record would have. */
    record Told(EventHeaders headers, TranscriptEvent event) {}

    /** What a turn must come to. */
    static final class Wanted {
        TurnStatus status = TurnStatus.QUEUED;
        String text = "";
        long outputTokens;
        int attempts;
    }

    private final List<Told> events = new ArrayList<>();
    private final Map<TurnId, Wanted> wanted = new LinkedHashMap<>();
    private final Deque<TurnId> waiting = new ArrayDeque<>();
    private long sequence;
    private int submitted;
    private int stage;
    private int attempt;
    private long attemptSequence;
    private Optional<TurnId> active = Optional.empty();
    private boolean over;

    List<Told> events() {
        return List.copyOf(events);
    }

    /** The turns that were accepted, in order. */
    List<TurnId> accepted() {
        return List.copyOf(wanted.keySet());
    }

    Wanted wanted(TurnId turn) {
        return Objects.requireNonNull(wanted.get(turn));
    }

    static TurnId turn(int number) {
        return new TurnId("turn-" + number);
    }

    /** Does the step with this number, if it is possible now. */
    ChatScript step(int number) {
        boolean answering = active.isPresent() && attempt > 0 && !over;
        int variant = number / 12;
        switch (number % 12) {
            case 0 -> submit();
            case 1 -> rejectNew();
            case 2 -> {
                if (!waiting.isEmpty() && active.isEmpty()) {
                    rejectWaiting();
                }
            }
            case 3 -> dispatchIfPossible();
            case 4 -> {
                if (active.isPresent() && !over && attempt < 5) {
                    claim();
                }
            }
            case 5, 6 -> {
                if (answering) {
                    deltas("x" + number, "y");
                }
            }
            case 7 -> {
                if (answering) {
                    checkpoint(want().text);
                }
            }
            case 8 -> {
                if (answering) {
                    usage(variant % 3 == 0 ? Billing.LOST_ATTEMPT : Billing.BILLED);
                }
            }
            case 9 -> {
                if (answering && variant % 2 == 0) {
                    complete(want().text);
                } else if (answering) {
                    fail(variant % 3 == 0 ? TurnFailure.CANCELED : "timeout");
                }
            }
            case 10 -> {
                if (active.isPresent() && !over && variant % 4 == 0) {
                    abort();
                }
            }
            default -> {
                if (over) {
                    finish();
                }
            }
        }
        return this;
    }

    private void dispatchIfPossible() {
        if (!waiting.isEmpty() && active.isEmpty()) {
            dispatch();
        }
    }

    private Wanted want() {
        return wanted(active.orElseThrow());
    }

    ChatScript submit() {
        TurnId turn = turn(++submitted);
        spine(Optional.empty(), new RunFact.TurnSubmitted(turn, TurnInput.of("question " + submitted)));
        wanted.put(turn, new Wanted());
        waiting.add(turn);
        return this;
    }

    ChatScript rejectNew() {
        return spine(
                Optional.empty(),
                new RunFact.TurnRejected(turn(1000 + events.size()), Rejection.TURN_ACTIVE, "not now"));
    }

    ChatScript rejectWaiting() {
        TurnId turn = waiting.removeLast();
        wanted(turn).status = TurnStatus.REJECTED;
        return spine(Optional.empty(), new RunFact.TurnRejected(turn, Rejection.INTERRUPTED, "another one came"));
    }

    ChatScript dispatch() {
        TurnId turn = waiting.removeFirst();
        stage++;
        attempt = 0;
        over = false;
        active = Optional.of(turn);
        wanted(turn).status = TurnStatus.RUNNING;
        LogPosition from = new LogPosition(Topic.TURN_EVENTS, 0, 0);
        return spine(
                Optional.of(stage()),
                new RunFact.StageRequested(stage, stage, RunFact.TURN, Attempt.FIRST, from, active));
    }

    /** The turn is paused after a round, and another stage goes on with it. */
    ChatScript pauseAndGoOn() {
        chapter(new TurnFact.TurnPaused(active.orElseThrow(), 1, List.of(), usage(4), Duration.ZERO));
        finished(Outcome.SUCCEEDED, Optional.of(usage(4)), Optional.of(new Pause(1, List.of())));
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, 0, 0);
        stage++;
        spine(
                Optional.of(stage()),
                new RunFact.StageRequested(
                        stage,
                        stage,
                        "commands",
                        Attempt.FIRST,
                        from,
                        active,
                        Optional.of(new RunFact.ToolCallSpot(stage(), 1, 0, "make"))));
        finished(Outcome.FAILED, Optional.empty(), Optional.empty());
        stage++;
        attempt = 1;
        attemptSequence = 0;
        spine(
                Optional.of(stage()),
                new RunFact.StageRequested(
                        stage, stage, RunFact.TURN, Attempt.FIRST, new LogPosition(Topic.TURN_EVENTS, 0, 0), active));
        chapter(new TurnFact.AttemptStarted(active.orElseThrow()));
        return chapter(new TurnFact.TurnContinued(active.orElseThrow(), 1, "other", "other-1"));
    }

    private ChatScript finished(Outcome outcome, Optional<Usage> usage, Optional<Pause> pause) {
        return spine(
                Optional.of(stage()),
                new RunFact.StageFinished(
                        stage,
                        new Attempt(Math.max(1, attempt)),
                        outcome,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(0, 0),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0,
                        usage,
                        pause));
    }

    ChatScript claim() {
        attempt++;
        attemptSequence = 0;
        Wanted want = want();
        want.text = "";
        want.outputTokens = 0;
        want.attempts = attempt;
        chapter(new TurnFact.AttemptStarted(active.orElseThrow()));
        return chapter(
                new TurnFact.TurnStarted(active.orElseThrow(), "question", "scripted", "script-1", Optional.empty()));
    }

    ChatScript deltas(String... texts) {
        want().text += String.join("", texts);
        return chapter(new TurnFact.ModelDelta(Arrays.stream(texts)
                .map(it -> new Delta(DeltaKind.TEXT, it, Optional.empty()))
                .toList()));
    }

    ChatScript checkpoint(String text) {
        want().text = text;
        return chapter(
                new TurnFact.TurnCheckpointed(active.orElseThrow(), 1, message(text), Optional.empty(), usage(3)));
    }

    ChatScript usage(Billing billing) {
        if (billing == Billing.BILLED) {
            want().outputTokens += 7;
        }
        return chapter(
                new TurnFact.TurnUsage("scripted", "script-1", 1, new Attempt(attempt), billing, false, usage(7)));
    }

    ChatScript complete(String text) {
        end(TurnStatus.SUCCEEDED, text);
        return chapter(new TurnFact.TurnCompleted(content(text), TurnFact.FinishReason.STOP));
    }

    ChatScript fail(String code) {
        end(code.equals(TurnFailure.CANCELED) ? TurnStatus.CANCELED : TurnStatus.FAILED, want().text);
        return chapter(new TurnFact.TurnFailed(
                content(want().text), new TurnFailure(code, "it did not work", true, Map.of("k", "v"))));
    }

    private void end(TurnStatus status, String text) {
        over = true;
        want().status = status;
        want().text = text;
        want().outputTokens = 9;
    }

    ChatScript abort() {
        over = true;
        want().status = TurnStatus.FAILED;
        StageFact.StageAborted fact =
                new StageFact.StageAborted(AbortReason.STAGE_DEADLINE, Outcome.FAILED, "it took too long");
        return told(
                TurnEvent.aborted(nextId(), stage(), AT, fact).headers(), new DecodedEvent.OfStage(nextMoment(), fact));
    }

    ChatScript finish() {
        Outcome outcome = switch (want().status) {
            case SUCCEEDED -> Outcome.SUCCEEDED;
            case CANCELED -> Outcome.CANCELED;
            case FAILED, QUEUED, RUNNING, REJECTED -> Outcome.FAILED;
        };
        want().attempts = Math.max(1, attempt);
        spine(
                Optional.of(stage()),
                new RunFact.StageFinished(
                        stage,
                        new Attempt(Math.max(1, attempt)),
                        outcome,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(0, 0),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0));
        active = Optional.empty();
        over = false;
        return this;
    }

    private TurnContent content(String text) {
        return new TurnContent(
                active.orElseThrow(),
                "question",
                message(text),
                "scripted",
                "script-1",
                usage(9),
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
    }

    static AssistantMessage message(String text) {
        return new AssistantMessage(text, Optional.empty(), List.of());
    }

    private static Usage usage(long output) {
        return new Usage(Optional.empty(), Optional.empty(), Optional.of(output), Optional.empty(), Optional.empty());
    }

    private StageId stage() {
        return StageId.of(RUN, stage);
    }

    private static EventId nextId() {
        return EventId.of(new UUID(1, 2));
    }

    ChatScript chapter(TurnFact fact) {
        attemptSequence++;
        TurnEvent event = TurnEvent.ofAttempt(
                nextId(), stage(), new Attempt(attempt), attemptSequence, new WorkerId("w"), AT, fact);
        return told(event.headers(), new DecodedEvent.OfStage(nextMoment(), fact));
    }

    private ChatScript spine(Optional<StageId> about, RunFact fact) {
        return told(
                new RunEvent(RUN, nextId(), about, Optional.of(sequence + 1), AT, fact).headers(),
                new DecodedEvent.OfRun(nextMoment(), fact));
    }

    private Instant nextMoment() {
        return AT.plusSeconds(events.size());
    }

    private ChatScript told(EventHeaders headers, DecodedEvent event) {
        events.add(new Told(headers, TranscriptEvent.of(sequence + 1, headers, event)));
        sequence += headers.count();
        return this;
    }
}
