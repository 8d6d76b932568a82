package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.util.List;

/**
 * Which assistant a plan was made of. The plan's steps are its prompts, in its order, with all that they need: what becomes
 * of the definition later changes nothing.
 *
 * @param version of its definition
 * @param outputs what it results in
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record AssistantRun(String name, int version, List<Output> outputs) {
    public AssistantRun {
        outputs = List.copyOf(outputs);
    }

    /**
     * A result under a name of its own.
     *
     * @param prompt the step whose answer it is
     */
    public record Output(String name, String prompt) {}
}
