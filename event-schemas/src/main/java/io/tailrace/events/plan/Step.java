package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.StageKind;
import java.util.Optional;
import java.util.Set;

/** One step of a plan. */
@AvroName(namespace = "io.tailrace.events.plan")
@AvroUnion({BuildStep.class, PromptStep.class})
public sealed interface Step extends Tagged permits BuildStep, PromptStep {
    /** By which later steps and people refer to it; unique in its plan. */
    Optional<String> name();

    /** The kind of the stage that executes it. */
    StageKind kind();

    /** The recipe in its {@code stage.requested}. */
    String recipe();

    /** The turn that its stage answers; nothing if the stage is no turn. */
    Optional<TurnId> turn(StageId stage);

    /** The names of the earlier steps whose results it uses, each once, in the order of their first use. */
    Set<String> uses();

    /** Whether later steps can use what it results in. */
    boolean hasResult();

    /** The limits of its stage, in a run with these. */
    Limits limits(Limits ofRun);

    @Override
    default String tagName() {
        return "step";
    }
}
