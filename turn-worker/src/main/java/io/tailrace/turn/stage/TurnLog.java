package io.tailrace.turn.stage;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.context.PastTurn;
import io.tailrace.worker.attempt.StopSignal;
import java.util.List;
import java.util.Optional;

/** What a turn needs of the log. Safe from any thread; blocks, bounded. */
interface TurnLog {

    /**
     * The turns before one.
     *
     * @param turns those that are there, the oldest first
     * @param unreadable how many the log no longer has
     */
    record History(List<PastTurn> turns, int unreadable) {
        public History {
            turns = List.copyOf(turns);
        }
    }

    /** What the turn's command asks; nothing if the log no longer has it. */
    Optional<TurnInput> input(TurnRequest request);

    /** The turns before this one. */
    History history(TurnRequest request);

    /** The answer that is to be used again; nothing if the record there is not the end of that stage by an answer. */
    Optional<TurnFact.TurnCompleted> answer(ReusedAnswer reused);

    /** Where a stage stands. For one thread. */
    interface Standing {
        /**
         * Whether the attempt that wrote a record had the stage there. An attempt that claims it afterwards finds the record.
         *
         * @param record later in the log than that of the question before
         * @throws org.apache.kafka.common.KafkaException if the log cannot be read
         */
        boolean counts(LogPosition record);
    }

    /** Where the stage of a request stands, from its beginning on. Reads nothing yet. */
    Standing standing(TurnRequest request);

    /** What the attempts before this one left, in their order; only those that held the stage count. */
    List<EarlierAttempt> earlier(TurnRequest request);

    /**
     * The rounds that the stages before this one recorded, for a turn that was paused.
     *
     * @return nothing if the log no longer has all of them, or the attempt is to stop
     */
    Optional<RecordedRounds> paused(TurnRequest request, Continuation continuation, StopSignal stop);

    /**
     * What a build printed last that executed a call.
     *
     * @param maxBytes of it that are kept, in UTF-8
     * @return nothing if the log no longer has all of it, or the attempt is to stop
     */
    Optional<BuildOutput> build(TurnRequest request, BuildAnswer build, int maxBytes, StopSignal stop);
}
