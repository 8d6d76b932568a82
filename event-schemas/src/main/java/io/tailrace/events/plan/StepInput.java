package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;

/** A result of an earlier step that the phases of a build get. Its text never becomes part of an {@code argv}. */
@AvroName(namespace = "io.tailrace.events.plan")
@AvroUnion({StepInput.FileInput.class, StepInput.VariableInput.class})
public sealed interface StepInput {
    /** The most bytes, in UTF-8, of a result that becomes a variable. */
    int MAX_VARIABLE_BYTES = 32 * 1024;

    /** The most bytes, in UTF-8, of a result that becomes a file. */
    int MAX_FILE_BYTES = 1024 * 1024;

    /** The name of the step that it is the result of. */
    String from();

    /**
     * The result as a file, at most {@value #MAX_FILE_BYTES} bytes of it.
     *
     * @param file relative to the folder that phases work in, in normal form: parts that are names, with '/' between them
     */
    record FileInput(String from, String file) implements StepInput {}

    /**
     * The result as an environment variable, at most {@value #MAX_VARIABLE_BYTES} bytes of it.
     *
     * @param variable the variable's name
     */
    record VariableInput(String from, String variable) implements StepInput {

        /** Whether this is a variable's name, and not one that the worker sets or that chooses which programs run. */
        public static boolean isUsable(String name) {
            return PlanReader.VARIABLE.matcher(name).matches() && !ReservedVariables.contain(name);
        }
    }
}
