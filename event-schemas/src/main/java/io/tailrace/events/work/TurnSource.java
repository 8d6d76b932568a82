package io.tailrace.events.work;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.PromptStep;
import java.util.List;
import java.util.Optional;

/** Where a turn's question comes from. */
@AvroName(namespace = "io.tailrace.events.work")
@AvroUnion({TurnSource.ChatMessage.class, TurnSource.PlanPrompt.class})
public sealed interface TurnSource {

    /**
     * A message of a chat. Its text is read where it lies.
     *
     * @param message the command that submitted the turn
     * @param history the terminal records of the turns before it, in order: offsets in the chapter's partition. The last
     *     summary among them stands for what came before them all
     */
    record ChatMessage(ChatPlan chat, LogPosition message, List<Long> history) implements TurnSource {
        public ChatMessage {
            history = List.copyOf(history);
        }
    }

    /**
     * A prompt of a plan.
     *
     * @param step the prompt, as the plan has it
     * @param results of the earlier steps that the prompt refers to, each once
     * @param continuation present if the turn was paused and goes on
     */
    record PlanPrompt(PromptStep step, List<StepResult> results, Optional<Continuation> continuation)
            implements TurnSource {
        public PlanPrompt {
            results = List.copyOf(results);
        }

        /** Of a turn that begins. */
        public PlanPrompt(PromptStep step, List<StepResult> results) {
            this(step, results, Optional.empty());
        }
    }
}
