package io.tailrace.gateway.configuration;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.Step;
import io.tailrace.gateway.problem.RunProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives each step of a plan the version of its configuration that is current now, so that the run keeps to it. Thread-safe. */
public final class PlanConfigurations {
    private final Configurations configurations;

    PlanConfigurations(Configurations configurations) {
        this.configurations = configurations;
    }

    /**
     * The command with the versions in its plan.
     *
     * @throws RunProblem {@code unknown_configuration} if a step names one that does not exist
     */
    public CreateRun resolve(CreateRun command) throws InterruptedException {
        return new CreateRun(
                command.workspace(),
                command.kind(),
                command.title(),
                resolve(command.workspace(), command.plan()),
                command.limits(),
                command.retryOf(),
                command.requestDigest());
    }

    private Plan resolve(WorkspaceId workspace, Plan plan) throws InterruptedException {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            steps.add(
                    step instanceof BuildStep build
                            ? resolve("plan[" + i + "].configuration", workspace, build)
                            : step);
        }
        return plan.withSteps(steps);
    }

    private BuildStep resolve(String field, WorkspaceId workspace, BuildStep build) throws InterruptedException {
        if (build.environment().isEmpty()) {
            return build;
        }
        EnvironmentStep environment = build.environment().get();
        Configuration found = configurations
                .find(workspace, environment.configuration())
                .orElseThrow(() -> RunProblem.unknownConfigurationIn(field, environment.configuration()));
        return build.with(new EnvironmentStep(
                environment.configuration(), Optional.of(found.current().archive()), environment.force()));
    }
}
