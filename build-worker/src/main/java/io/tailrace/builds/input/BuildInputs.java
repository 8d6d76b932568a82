package io.tailrace.builds.input;

import io.tailrace.builds.phase.PhaseEnvironment;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.StepInput;
import io.tailrace.events.plan.StepInput.FileInput;
import io.tailrace.events.plan.StepInput.VariableInput;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.worker.result.CallArguments;
import io.tailrace.worker.result.StepResults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of earlier steps, or the arguments of the call that it executes, that the phases of one build get, read and
 * within their bounds. They are a model's words: nothing is looked for in them, and none becomes an argument of a command.
 * Immutable.
 */
public final class BuildInputs {
    /** Of a build that gets none. */
    public static final BuildInputs NONE = new BuildInputs(Map.of(), List.of());

    private final Map<String, String> variables;
    private final List<InputFile> files;

    private BuildInputs(Map<String, String> variables, List<InputFile> files) {
        this.variables = Map.copyOf(variables);
        this.files = List.copyOf(files);
    }

    /**
     * Reads what the build's step names: of a call its arguments, otherwise results. An argument that the model left out is
     * an empty text. Blocks while the log is read.
     *
     * @param phases that are to get them
     * @throws UnusableInput when one is not there, is too large, or cannot be given as the step says
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     */
    public static BuildInputs read(
            BuildRequest request, List<Phase> phases, StepResults results, CallArguments arguments)
            throws UnusableInput {
        InputSource source = InputSource.of(request, results, arguments);
        Map<String, String> texts = new HashMap<>();
        Map<String, String> variables = new HashMap<>();
        List<InputFile> files = new ArrayList<>();
        for (StepInput input : request.step().inputList()) {
            String text = texts.get(input.from());
            if (text == null) {
                text = source.text(input);
                texts.put(input.from(), text);
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            switch (input) {
                case VariableInput variable -> {
                    check(source, variable, bytes.length, text, phases);
                    variables.put(variable.variable(), text);
                }
                case FileInput file -> {
                    if (bytes.length > StepInput.MAX_FILE_BYTES) {
                        throw UnusableInput.tooLarge(
                                source.name(file), "a file", bytes.length, StepInput.MAX_FILE_BYTES);
                    }
                    files.add(InputFile.of(file.file(), bytes));
                }
            }
        }
        return new BuildInputs(variables, files);
    }

    private static void check(InputSource source, VariableInput input, int bytes, String text, List<Phase> phases)
            throws UnusableInput {
        if (!VariableInput.isUsable(input.variable()) || PhaseEnvironment.isWorkers(input.variable())) {
            throw UnusableInput.reserved(input);
        }
        for (Phase phase : phases) {
            if (phase.environment().containsKey(input.variable())) {
                throw UnusableInput.taken(input.variable(), phase.name());
            }
        }
        if (bytes > StepInput.MAX_VARIABLE_BYTES) {
            throw UnusableInput.tooLarge(source.name(input), "a variable", bytes, StepInput.MAX_VARIABLE_BYTES);
        }
        if (text.indexOf('\0') >= 0) {
            throw UnusableInput.nul(source.name(input), input);
        }
    }

    /** The variables of every phase. */
    public Map<String, String> variables() {
        return variables;
    }

    /**
     * Makes the files, before anything of the build runs.
     *
     * @param folder the build's
     * @throws UnusableInput when a file cannot be made because of its name
     * @throws IOException when the disk takes no more
     */
    public void writeFiles(Path folder) throws UnusableInput, IOException {
        for (InputFile file : files) {
            file.write(folder);
        }
    }
}
