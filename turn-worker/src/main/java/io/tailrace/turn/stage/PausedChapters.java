package io.tailrace.turn.stage;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact.TurnPaused;
import io.tailrace.events.stage.TurnFact.WaitingCall;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.Continuation.PausedStage;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.position.PositionReader.Found;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chapters that a turn goes on from: of the stages that it was paused in, and of builds that executed its calls.
 * Believes no range: a chapter counts if its stage's end lies where it should, and everything before it is there. Safe from
 * any thread; blocks, bounded.
 */
final class PausedChapters {
    private final PositionReader reader;
    private final EventCodec codec;

    PausedChapters(PositionReader reader, EventCodec codec) {
        this.reader = reader;
        this.codec = codec;
    }

    /** The rounds of the stages before; nothing if the log no longer has all of them, or the attempt is to stop. */
    Optional<RecordedRounds> rounds(TurnRequest request, Continuation continuation, StopSignal stop) {
        RecordedRounds.Gathering rounds = new RecordedRounds.Gathering();
        TurnPaused[] paused = {null};
        for (PausedStage stage : continuation.stages()) {
            LogPosition from = new LogPosition(
                    Topic.TURN_EVENTS,
                    request.chapterFrom().partition(),
                    stage.chapter().firstOffset());
            paused[0] = null;
            boolean whole = isOf(request, stage.stage())
                    && read(
                            stage.stage(),
                            from,
                            stage.chapter().lastOffset(),
                            stop,
                            (found, _) -> decoded(
                                            found, value -> codec.decode(Topic.TURN_EVENTS, TurnEvent.class, value))
                                    .map(TurnEvent::payload)
                                    .ifPresent(fact -> {
                                        rounds.take(fact);
                                        paused[0] = fact instanceof TurnPaused it ? it : paused[0];
                                    }));
            if (!whole || paused[0] == null || !paused[0].turnId().equals(request.turnId())) {
                return Optional.empty();
            }
        }
        RecordedRounds all = rounds.end();
        TurnPaused last = paused[0];
        return last != null && all.areWhole(last.round(), waiting(last)) ? Optional.of(all) : Optional.empty();
    }

    private static Set<Integer> waiting(TurnPaused paused) {
        return paused.calls().stream()
                .map(WaitingCall::call)
                .filter(it -> it.round() == paused.round())
                .map(it -> it.index())
                .collect(Collectors.toSet());
    }

    /**
     * What a build printed last; nothing if the log no longer has all of it, or the attempt is to stop.
     *
     * @param maxBytes of it that are kept, in UTF-8
     */
    Optional<BuildOutput> build(TurnRequest request, BuildAnswer build, int maxBytes, StopSignal stop) {
        BuildOutput output = new BuildOutput(maxBytes);
        boolean whole = build.from().topic() == Topic.BUILD_EVENTS
                && build.lastOffset() >= build.from().offset()
                && isOf(request, build.stage())
                && read(
                        build.stage(),
                        build.from(),
                        build.lastOffset(),
                        stop,
                        (found, verdict) -> decoded(
                                        found, value -> codec.decode(Topic.BUILD_EVENTS, BuildEvent.class, value))
                                .ifPresent(event -> output.take(event, verdict)));
        return whole ? Optional.of(output) : Optional.empty();
    }

    private static boolean isOf(TurnRequest request, StageId stage) {
        return stage.run().equals(request.runId());
    }

    private interface Take {
        void take(Found found, Fence.Verdict verdict);
    }

    /** Reads the records that count, and says whether the stage has ended with the last one. */
    private boolean read(StageId stage, LogPosition from, long lastOffset, StopSignal stop, Take take) {
        // Without its ends a scan would wait for what never comes.
        List<Long> ends = List.of(from.offset(), lastOffset);
        if (!reader.read(from.topic(), from.partition(), ends).keySet().containsAll(ends)) {
            return false;
        }
        Fence[] fence = {Fence.OPEN};
        boolean[] endedAtLast = {false};
        reader.scan(from, lastOffset + 1, found -> {
            Optional<EventHeaders> headers =
                    found.headers().filter(it -> it.stage().equals(Optional.of(stage)));
            if (headers.isPresent()) {
                Fence.Judgment judgment = fence[0].judge(headers.get());
                fence[0] = judgment.next();
                if (judgment.counts()) {
                    take.take(found, judgment.verdict());
                    endedAtLast[0] = judgment.verdict() == Fence.Verdict.ENDS
                            && found.position().offset() == lastOffset;
                }
            }
            return stop.reason().isEmpty();
        });
        return endedAtLast[0];
    }

    private interface Decoding<T> {
        T of(byte[] value) throws UndecodableRecord;
    }

    private static <T> Optional<T> decoded(Found found, Decoding<T> decoding) {
        byte @Nullable [] value = found.value();
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(decoding.of(value));
        } catch (UndecodableRecord e) {
            return Optional.empty();
        }
    }
}
