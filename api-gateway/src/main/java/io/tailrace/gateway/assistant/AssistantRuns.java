package io.tailrace.gateway.assistant;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.command.CommandOutcome;
import io.tailrace.gateway.command.RunCommands;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.problem.RunProblem;
import java.util.Optional;

/** Runs of assistants: made, and repeated. Blocks its callers, bounded; for virtual threads. Thread-safe. */
public final class AssistantRuns {
    /** The kind of these runs. */
    public static final String KIND = "assistant";

    private final AssistantPlans plans;
    private final AssistantRetry retry;
    private final Definitions definitions;
    private final RunCommands commands;

    AssistantRuns(AssistantPlans plans, AssistantRetry retry, Definitions definitions, RunCommands commands) {
        this.plans = plans;
        this.retry = retry;
        this.definitions = definitions;
        this.commands = commands;
    }

    /**
     * Makes a run, or finds the one that the same request made before, whatever has become of the assistant since.
     *
     * @param command without a plan
     * @throws InvalidInput if the inputs are no object
     * @throws RunProblem if there is no such assistant, or something is wrong with it or the inputs
     */
    public CommandOutcome create(CreateRun command, AssistantCall call, Optional<String> key)
            throws InterruptedException, InvalidInput {
        return commands.create(
                command.workspace(),
                key,
                command.requestDigest(),
                () -> with(command, plans.plan(command.workspace(), call)));
    }

    /**
     * The plan that repeats a run of an assistant: with the answers of the prompts that had succeeded, or from the start.
     *
     * @throws RunProblem {@code invalid_assistant} if a repository, a definition or a tool has gone
     */
    public Plan again(RunView run, boolean fromStart) throws InterruptedException {
        definitions.catchUp();
        return retry.plan(run, fromStart);
    }

    private static CreateRun with(CreateRun command, Plan plan) {
        return new CreateRun(
                command.workspace(),
                command.kind(),
                command.title(),
                plan,
                command.limits(),
                command.retryOf(),
                command.requestDigest());
    }
}
