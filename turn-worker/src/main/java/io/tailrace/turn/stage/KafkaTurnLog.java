package io.tailrace.turn.stage;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.context.PastTurn;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.position.PositionReader.Found;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads it where the request says that it lies. */
final class KafkaTurnLog implements TurnLog {
    /** Terminal records, of at most a megabyte each, that are in memory at the same time. */
    private static final int AT_ONCE = 20;

    private final PositionReader reader;
    private final EventCodec codec;
    private final PausedChapters chapters;

    KafkaTurnLog(PositionReader reader, EventCodec codec) {
        this.reader = reader;
        this.codec = codec;
        this.chapters = new PausedChapters(reader, codec);
    }

    @Override
    public Optional<TurnInput> input(TurnRequest request) {
        byte @Nullable [] value =
                request.message().flatMap(reader::read).map(Found::value).orElse(null);
        if (value == null) {
            return Optional.empty();
        }
        try {
            RunCommand command = codec.decode(Topic.RUN_COMMANDS, RunCommand.class, value);
            return command.payload() instanceof RunCommand.SubmitTurn submit
                            && command.runId().equals(request.runId())
                            && submit.turnId().equals(request.turnId())
                    ? Optional.of(submit.input())
                    : Optional.empty();
        } catch (UndecodableRecord e) {
            return Optional.empty();
        }
    }

    /** A log that was cut off and has grown again has other records there: only those of the chat's other turns count, each once. */
    @Override
    public History history(TurnRequest request) {
        Set<TurnId> seen = new HashSet<>(Set.of(request.turnId()));
        List<PastTurn> turns = new ArrayList<>();
        int unreadable = 0;
        List<Long> offsets = request.history();
        for (int from = 0; from < offsets.size(); from += AT_ONCE) {
            List<Long> some = offsets.subList(from, Math.min(from + AT_ONCE, offsets.size()));
            Map<Long, Found> found =
                    reader.read(Topic.TURN_EVENTS, request.chapterFrom().partition(), some);
            for (Long offset : some) {
                Optional<PastTurn> turn = Optional.ofNullable(found.get(offset))
                        .flatMap(this::event)
                        .filter(it -> it.runId().filter(request.runId()::equals).isPresent())
                        .flatMap(it -> past(it.payload(), seen));
                if (turn.isPresent()) {
                    turns.add(turn.get());
                } else {
                    unreadable++;
                }
            }
        }
        return new History(turns, unreadable);
    }

    private static Optional<PastTurn> past(TurnFact fact, Set<TurnId> seen) {
        return switch (fact) {
            case TurnFact.TurnCompleted completed ->
                seen.add(completed.content().turnId())
                        ? Optional.of(past(completed.content(), true))
                        : Optional.empty();
            case TurnFact.TurnFailed failed ->
                seen.add(failed.content().turnId())
                        ? Optional.of(past(failed.content(), failed.failure().isCancel()))
                        : Optional.empty();
            case StageFact.Frame _, TurnFact.Progress _, TurnFact.TurnPaused _ -> Optional.empty();
        };
    }

    /** Without the texts of a turn that no context has: a chat may have many that failed, and each of them much to say. */
    private static PastTurn past(TurnFact.TurnContent content, boolean answered) {
        return new PastTurn(
                answered ? content.text() : "",
                answered ? content.message() : AssistantMessage.EMPTY,
                answered,
                content.compaction().map(TurnFact.Compaction::summary));
    }

    @Override
    public Optional<TurnFact.TurnCompleted> answer(ReusedAnswer reused) {
        if (reused.position().topic() != Topic.TURN_EVENTS) {
            return Optional.empty();
        }
        return reader.read(reused.position())
                .flatMap(this::event)
                .filter(it -> it.stageId().equals(Optional.of(reused.stage())))
                .map(TurnEvent::payload)
                .filter(TurnFact.TurnCompleted.class::isInstance)
                .map(TurnFact.TurnCompleted.class::cast);
    }

    @Override
    public Standing standing(TurnRequest request) {
        return new StageStanding(reader, request.stageId(), request.chapterFrom());
    }

    @Override
    public List<EarlierAttempt> earlier(TurnRequest request) {
        if (request.attempt().equals(Attempt.FIRST)) {
            return List.of();
        }
        Map<Attempt, List<TurnFact>> facts = new LinkedHashMap<>();
        Fence[] fence = {Fence.OPEN};
        reader.scan(request.chapterFrom(), Long.MAX_VALUE, found -> {
            Optional<EventHeaders> headers =
                    found.headers().filter(it -> it.stage().equals(Optional.of(request.stageId())));
            if (headers.isEmpty()) {
                return true;
            }
            Fence.Judgment judgment = fence[0].judge(headers.get());
            fence[0] = judgment.next();
            Optional<Attempt> attempt = headers.get().attempt();
            if (attempt.isEmpty() || attempt.get().compareTo(request.attempt()) >= 0) {
                // Its own claim: what came before is all there is.
                return attempt.isEmpty();
            }
            if (judgment.counts()) {
                fact(found)
                        .ifPresent(it -> facts.computeIfAbsent(attempt.get(), _ -> new ArrayList<>())
                                .add(it));
            }
            return true;
        });
        return facts.entrySet().stream()
                .map(it -> new EarlierAttempt(it.getKey(), it.getValue()))
                .toList();
    }

    @Override
    public Optional<RecordedRounds> paused(TurnRequest request, Continuation continuation, StopSignal stop) {
        return chapters.rounds(request, continuation, stop);
    }

    @Override
    public Optional<BuildOutput> build(TurnRequest request, BuildAnswer build, int maxBytes, StopSignal stop) {
        return chapters.build(request, build, maxBytes, stop);
    }

    private Optional<TurnFact> fact(Found found) {
        return event(found).map(TurnEvent::payload);
    }

    private Optional<TurnEvent> event(Found found) {
        byte @Nullable [] value = found.value();
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(codec.decode(Topic.TURN_EVENTS, TurnEvent.class, value));
        } catch (UndecodableRecord e) {
            return Optional.empty();
        }
    }
}
