package io.tailrace.gateway.environment;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.StageView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The build resource: the first stage of a run whose plan begins with an environment. Pure. */
record EnvironmentBuild(RunView run, EnvironmentStep environment) {
    /** The build of a run; empty if its plan begins with something else. */
    static Optional<EnvironmentBuild> of(RunView run) {
        Optional<Step> first = run.plan().steps().stream().findFirst();
        return first.filter(BuildStep.class::isInstance)
                .map(BuildStep.class::cast)
                .flatMap(BuildStep::environment)
                .map(it -> new EnvironmentBuild(run, it));
    }

    /** The build's id: that of its stage. */
    static String id(RunId run) {
        return StageId.of(run, 1).value();
    }

    /** The run that a build's id names; empty if it cannot be such an id. */
    static Optional<RunId> runOf(String buildId) {
        int dot = buildId.lastIndexOf('.');
        return dot > 0 && buildId.substring(dot).equals(".1") && RunId.isLegal(buildId.substring(0, dot))
                ? Optional.of(new RunId(buildId.substring(0, dot)))
                : Optional.empty();
    }

    /** The path of the build. */
    String path() {
        return "/workspaces/" + run.workspace() + "/configurations/" + environment.configuration() + "/builds/"
                + id(run.runId());
    }

    /** As its clients know it; what is absent is null. */
    Map<String, @Nullable Object> tree() {
        Optional<StageView> stage = run.stages().stream().findFirst();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", id(run.runId()));
        tree.put("run_id", run.runId().value());
        tree.put("workspace_id", run.workspace().value());
        tree.put("configuration_id", environment.configuration());
        tree.put("status", status(stage));
        tree.put("created_at", WireTree.text(run.createdAt()));
        tree.put("started_at", text(stage.flatMap(StageView::startedAt)));
        tree.put("completed_at", text(stage.flatMap(StageView::finishedAt)));
        tree.put("stream_url", path() + "/stream");
        tree.put(
                "error",
                stage.flatMap(StageView::failure).map(it -> it.message()).orElse(null));
        return tree;
    }

    private static @Nullable String text(Optional<Instant> moment) {
        return moment.map(WireTree::text).orElse(null);
    }

    private String status(Optional<StageView> stage) {
        if (stage.isPresent() && stage.get().outcome().isPresent()) {
            return status(stage.get().outcome().get());
        }
        if (stage.isPresent() && stage.get().startedAt().isPresent()) {
            return "building";
        }
        return run.status() == RunStatus.CANCELED ? "canceled" : "queued";
    }

    /** An outcome as the clients of environments call it. */
    static String status(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> "active";
            case FAILED -> "failed";
            case CANCELED -> "canceled";
        };
    }
}
