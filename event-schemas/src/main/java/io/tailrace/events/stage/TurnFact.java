package io.tailrace.events.stage;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.run.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happened inside a turn: the payload of a record of turn-events. */
@AvroName(namespace = "io.tailrace.events.turn")
@AvroUnion({
    TurnFact.AttemptStarted.class,
    StageFact.AttemptReleased.class,
    StageFact.StageAborted.class,
    StageFact.Heartbeat.class,
    StageFact.Tick.class,
    TurnFact.TurnStarted.class,
    TurnFact.ContextBuilt.class,
    TurnFact.ContextCompacted.class,
    TurnFact.ModelDelta.class,
    TurnFact.TurnCheckpointed.class,
    TurnFact.TurnUsage.class,
    TurnFact.TurnCompleted.class,
    TurnFact.TurnFailed.class,
    TurnFact.VariablesSubstituted.class,
    TurnFact.KnowledgeRetrievalStarted.class,
    TurnFact.KnowledgeRetrieved.class,
    TurnFact.AnswerReused.class,
    TurnFact.ToolCallsRequested.class,
    TurnFact.ToolExecutionStarted.class,
    TurnFact.ToolExecutionCompleted.class,
    TurnFact.TurnContinued.class,
    TurnFact.TurnPaused.class
})
public sealed interface TurnFact extends StageFact
        permits TurnFact.AttemptStarted,
                TurnFact.Progress,
                TurnFact.TurnPaused,
                TurnFact.TurnCompleted,
                TurnFact.TurnFailed,
                StageFact.OfEveryKind {

    /** The turn goes on. */
    sealed interface Progress extends TurnFact
            permits TurnStarted,
                    TurnContinued,
                    VariablesSubstituted,
                    KnowledgeRetrievalStarted,
                    KnowledgeRetrieved,
                    AnswerReused,
                    ContextBuilt,
                    ContextCompacted,
                    ModelDelta,
                    ToolCallsRequested,
                    ToolExecutionStarted,
                    ToolExecutionCompleted,
                    TurnCheckpointed,
                    TurnUsage {}

    /** A worker claims the stage as the attempt of its envelope; it holds it if nobody was first. */
    record AttemptStarted(TurnId turnId) implements TurnFact, StageFact.Claim {
        @Override
        public EventType type() {
            return EventType.ATTEMPT_STARTED;
        }
    }

    /**
     * The turn is being answered. What an earlier attempt wrote of it is superseded.
     *
     * @param model as it was asked for, or the provider's default
     */
    record TurnStarted(TurnId turnId, String text, String provider, String model, Optional<TurnId> retryOf)
            implements Progress {
        @Override
        public EventType type() {
            return EventType.TURN_STARTED;
        }
    }

    /**
     * A turn that was paused goes on. What its stages before this one wrote stands up to the end of a round; what an earlier
     * attempt of this stage wrote is superseded.
     *
     * @param rounds how many rounds stand
     */
    record TurnContinued(TurnId turnId, int rounds, String provider, String model) implements Progress {
        @Override
        public EventType type() {
            return EventType.TURN_CONTINUED;
        }
    }

    /**
     * What was put in the place of a variable.
     *
     * @param value up to {@value #MAX_VALUE} characters; a longer one is named by what follows
     * @param sha256 of the value in UTF-8, in hexadecimal
     * @param length in UTF-16 units
     * @param answerOf the step whose answer it is; empty for an input
     * @param position where that answer lies
     */
    record Substitution(
            String name,
            Optional<String> value,
            String sha256,
            int length,
            Optional<String> answerOf,
            Optional<LogPosition> position) {
        /** The longest value that an event shows, in UTF-16 units. */
        public static final int MAX_VALUE = 2048;
    }

    /** The variables of an assistant's prompt have their values. */
    record VariablesSubstituted(List<Substitution> variables) implements Progress {
        public VariablesSubstituted {
            variables = List.copyOf(variables);
        }

        @Override
        public EventType type() {
            return EventType.VARIABLES_SUBSTITUTED;
        }
    }

    /** A repository that is asked, at a version of it. */
    record AskedRepository(int id, String repository, long version) {}

    /** Repositories are being searched for what the model is to know. */
    record KnowledgeRetrievalStarted(List<AskedRepository> repositories, Retrieval.SearchType searchType)
            implements Progress {
        public KnowledgeRetrievalStarted {
            repositories = List.copyOf(repositories);
        }

        @Override
        public EventType type() {
            return EventType.KNOWLEDGE_RETRIEVAL_STARTED;
        }
    }

    /**
     * A piece of a document that the model is told.
     *
     * @param repository the number of its repository
     * @param document the id of its document there
     * @param version the position of the document's text in the repository's log
     * @param chunk which piece of the document it is, from 0
     * @param start in the document's text, in UTF-16 units
     * @param end behind the last
     * @param score 0 to 1, from the question and the piece alone
     */
    record RetrievedChunk(int repository, String document, long version, int chunk, int start, int end, double score) {}

    /**
     * What was found.
     *
     * @param chunks in the order in which the model sees them
     * @param documents how many different ones they are of
     * @param relevanceScore the mean of the scores; 0 if nothing was found
     * @param tokens estimated, of all chunks
     */
    record KnowledgeRetrieved(List<RetrievedChunk> chunks, int documents, double relevanceScore, long tokens)
            implements Progress {
        public KnowledgeRetrieved {
            chunks = List.copyOf(chunks);
        }

        @Override
        public EventType type() {
            return EventType.KNOWLEDGE_RETRIEVED;
        }
    }

    /** The turn takes an answer that was given before: no model is asked, and its usage is nothing. */
    record AnswerReused(ReusedAnswer answer) implements Progress {
        @Override
        public EventType type() {
            return EventType.ANSWER_REUSED;
        }
    }

    /** The parts of a context, in their fixed order. */
    enum ContextPart {
        SYSTEM,
        MEMORY,
        SKILLS,
        TEAM,
        KNOWLEDGE,
        HISTORY,
        USER_MESSAGE
    }

    /**
     * How much of a part went into the context.
     *
     * @param tokens estimated
     * @param trimmedMessages how many of its messages, the oldest, were left out because the model's window is too small
     */
    record ContextShare(ContextPart part, int messages, long tokens, int trimmedMessages) {}

    /**
     * What is sent to the model was put together.
     *
     * @param parts all of them in order, empty ones included
     * @param tokens estimated, over all parts
     * @param contextWindow how many tokens the model takes, its answer included
     */
    record ContextBuilt(List<ContextShare> parts, long tokens, long contextWindow) implements Progress {
        public ContextBuilt {
            parts = List.copyOf(parts);
        }

        @Override
        public EventType type() {
            return EventType.CONTEXT_BUILT;
        }
    }

    /** Who summed up a history. */
    enum CompactedBy {
        MODEL,
        /** The model could not: the beginnings of the messages, by rule. */
        RULE
    }

    /**
     * The history had outgrown its share of the window: from now on the summary stands for it.
     *
     * @param turns how many of the turns before, the oldest, it stands for; an earlier summary among them is taken up in it
     */
    record Compaction(String summary, CompactedBy by, int turns) {}

    /** The history was compacted. */
    record ContextCompacted(Compaction compaction, long tokensBefore, long tokensAfter) implements Progress {
        @Override
        public EventType type() {
            return EventType.CONTEXT_COMPACTED;
        }
    }

    /** What a delta adds to. */
    enum DeltaKind {
        TEXT,
        REASONING,
        /** The arguments of a tool call; the first delta of a call has its id and name. */
        TOOL_CALL
    }

    /** A call that a delta belongs to: which of the answer's it is, from 0. */
    record ToolCallPart(int index, Optional<String> id, Optional<String> name) {}

    /** What a model added to its answer. */
    record Delta(DeltaKind kind, String text, Optional<ToolCallPart> toolCall) {}

    /** A window of an answer; each delta is an event of its own in the order. */
    record ModelDelta(List<Delta> deltas) implements Progress, StageFact.Packed {
        /** @throws IllegalArgumentException if there are none */
        public ModelDelta {
            deltas = List.copyOf(deltas);
            if (deltas.isEmpty()) {
                throw new IllegalArgumentException("a window of an answer has at least one delta");
            }
        }

        @Override
        public EventType type() {
            return EventType.MODEL_DELTA;
        }

        @Override
        public int count() {
            return deltas.size();
        }
    }

    /**
     * The model wants to know more before it answers: its message of this round, whole. The deltas before it belong to it,
     * those after it to the next. It stands in the log before any of its calls is executed.
     *
     * @param round from 1
     * @param message with the calls
     * @param repeated whether an earlier attempt had it, so that nobody was asked
     */
    record ToolCallsRequested(int round, AssistantMessage message, boolean repeated) implements Progress {
        @Override
        public EventType type() {
            return EventType.TOOL_CALLS_REQUESTED;
        }
    }

    /**
     * Which call it is: the n-th of a round. An attempt after this one has the same.
     *
     * @param round from 1
     * @param index among the calls of the round, from 0
     * @param id as the model, or its provider, calls it
     * @param tool the name under which it was called, whether there is such a tool or not
     */
    record ToolCallRef(int round, int index, String id, String tool) {}

    /**
     * A call is executed now. It stands in the log before that begins.
     *
     * @param arguments JSON, as the model wrote it; not checked
     * @param idempotencyKey what the tool is told, so that it can tell a repetition from another call
     */
    record ToolExecutionStarted(ToolCallRef call, String arguments, String idempotencyKey) implements Progress {
        @Override
        public EventType type() {
            return EventType.TOOL_EXECUTION_STARTED;
        }
    }

    /** How a call of a tool ended. */
    enum ToolOutcome {
        SUCCEEDED,
        FAILED,
        /** It had begun in an attempt that was lost, and must not be executed twice. */
        UNKNOWN,
        /** It was not executed: there is no such tool, or no room for another call. */
        REFUSED
    }

    /**
     * A call has ended.
     *
     * @param result what the model is told, cut off where it is too long
     * @param resultBytes how long the whole was in UTF-8
     * @param code why it has no result: {@code timeout}, {@code unknown_tool} and so on; present unless it succeeded
     * @param warning what the model is told besides, because its calls go in a circle
     * @param repeated whether an earlier attempt had it, so that nothing was executed
     */
    record ToolExecutionCompleted(
            ToolCallRef call,
            ToolOutcome outcome,
            String result,
            long resultBytes,
            Optional<String> code,
            Optional<String> warning,
            Duration duration,
            boolean repeated)
            implements Progress {
        @Override
        public EventType type() {
            return EventType.TOOL_EXECUTION_COMPLETED;
        }
    }

    /**
     * What there is of the turn so far: what another attempt and a person who looks for a cause begin from.
     *
     * @param call the number of the provider call it was made after, from 1; 0 before the first
     * @param finishReason why the model stopped; present if the answer is complete, so that nobody needs to ask again
     */
    record TurnCheckpointed(
            TurnId turnId, int call, AssistantMessage message, Optional<FinishReason> finishReason, Usage usage)
            implements Progress {
        @Override
        public EventType type() {
            return EventType.TURN_CHECKPOINTED;
        }
    }

    /** Whether a provider call is part of what the turn cost its user. */
    enum Billing {
        BILLED,
        /** Of an attempt that was lost: the provider may charge for it, the turn's usage does not have it. */
        LOST_ATTEMPT
    }

    /**
     * What a provider call took.
     *
     * @param attempt the attempt that made the call
     * @param estimated whether the provider did not say, and the numbers were estimated from the texts
     */
    record TurnUsage(
            String provider, String model, int call, Attempt attempt, Billing billing, boolean estimated, Usage usage)
            implements Progress {
        @Override
        public EventType type() {
            return EventType.TURN_USAGE;
        }
    }

    /** Why a model stopped. */
    enum FinishReason {
        STOP,
        LENGTH,
        TOOL_CALLS,
        CONTENT_FILTER,
        OTHER
    }

    /**
     * The turn's content, whole: what later turns and readers of the conversation need of it.
     *
     * @param message the answer, or what there was of it
     * @param usage of the calls of the attempt that ended it; the stages before it in which the turn was paused have their own
     * @param firstDelta from the start of the attempt to its first delta
     * @param compaction present if the history before this turn was compacted in it
     */
    record TurnContent(
            TurnId turnId,
            String text,
            AssistantMessage message,
            String provider,
            String model,
            Usage usage,
            Duration duration,
            Optional<Duration> firstDelta,
            Optional<Compaction> compaction) {}

    /**
     * A call that waits for what does not happen in the stage.
     *
     * @param arguments JSON, as the model wrote it, whole
     */
    record WaitingCall(ToolCallRef call, String arguments) {}

    /**
     * The turn waits for a person's word or for builds, and holds no worker meanwhile: its stage's terminal record. All other
     * calls of the round have ended. A later stage goes on with it.
     *
     * @param round whose calls wait, from 1
     * @param calls those that wait, at least one
     * @param usage of the provider calls of this stage
     */
    record TurnPaused(TurnId turnId, int round, List<WaitingCall> calls, Usage usage, Duration duration)
            implements TurnFact {
        public TurnPaused {
            calls = List.copyOf(calls);
        }

        @Override
        public EventType type() {
            return EventType.TURN_PAUSED;
        }
    }

    /** The turn is answered: its stage's terminal record. */
    record TurnCompleted(TurnContent content, FinishReason finishReason) implements TurnFact {
        @Override
        public EventType type() {
            return EventType.TURN_COMPLETED;
        }
    }

    /** The turn failed or was canceled: its stage's terminal record. */
    record TurnFailed(TurnContent content, TurnFailure failure) implements TurnFact {
        @Override
        public EventType type() {
            return EventType.TURN_FAILED;
        }
    }
}
