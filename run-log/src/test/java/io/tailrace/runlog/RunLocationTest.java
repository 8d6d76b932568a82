package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which topics are watched for a run before it writes there. */
class RunLocationTest {
    private static final PromptStep PROMPT = PromptStep.of("a", new ModelChoice("scripted", Optional.empty()));
    private static final BuildStep BUILD = new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of());

    private static RunLocation of(Step step) {
        return RunLocation.of(new RunView(
                new RunId("r-0001"),
                new WorkspaceId("w"),
                "assistant",
                Optional.empty(),
                RunStatus.QUEUED,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Plan(List.of(step)),
                Limits.DEFAULT,
                List.of(),
                "digest",
                0,
                0,
                new RunView.NumberedSpot(0, 1, 0),
                0));
    }

    @Test
    void aPromptWritesWhereTurnsDo() {
        ToolUse fetches = ToolUse.of(List.of(new Tool.HttpGet("get", Optional.empty(), List.of("a.example"), true)));

        assertThat(of(PROMPT).chapters()).containsExactly(Topic.TURN_EVENTS);
        assertThat(of(PROMPT.with(fetches)).chapters()).containsExactly(Topic.TURN_EVENTS);
    }

    @Test
    void aPromptWhoseToolIsABuildWritesWhereBuildsDoToo() {
        ToolUse builds =
                ToolUse.of(List.of(new Tool.Build("make", Optional.empty(), BUILD, List.of(), Optional.empty())));

        assertThat(of(PROMPT.with(builds)).chapters()).containsExactlyInAnyOrder(Topic.TURN_EVENTS, Topic.BUILD_EVENTS);
    }
}
