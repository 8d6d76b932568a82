package io.tailrace.gateway.api;

import io.tailrace.events.plan.AssistantRun;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.StagePart;
import io.tailrace.events.run.RunView.StageView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps of a plan in short: what each is, what it is called, how far it is. Pure. */
final class StepJson {
    private StepJson() {}

    static List<Map<String, @Nullable Object>> of(RunView run) {
        List<Map<String, @Nullable Object>> steps = new ArrayList<>();
        for (int i = 1; i <= run.plan().steps().size(); i++) {
            steps.add(of(run, i, run.plan().steps().get(i - 1)));
        }
        return steps;
    }

    private static Map<String, @Nullable Object> of(RunView run, int number, Step step) {
        Optional<StageView> stage = stage(run, number);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("step", number);
        tree.put("kind", step.tag());
        step.name().ifPresent(it -> tree.put("name", it));
        if (step instanceof PromptStep prompt) {
            prompt.assistant().ifPresent(it -> tree.put("prompt_id", it.id()));
            prompt.toolUse()
                    .ifPresent(it -> tree.put(
                            "tools", it.tools().stream().map(Tool::name).toList()));
        }
        tree.put("status", stage.map(it -> status(run, it)).orElse(run.status().isFinal() ? "skipped" : "waiting"));
        stage.ifPresent(it -> tree.put("stage_id", it.stageId().value()));
        return tree;
    }

    /** The last stage of a step that executes it, and not only a call of a tool for it. */
    private static Optional<StageView> stage(RunView run, int number) {
        return run.stages().stream()
                .filter(it -> it.step() == number && !it.part().equals(Optional.of(StagePart.TOOL_CALL)))
                .reduce((_, later) -> later);
    }

    /** The assistant that the steps are prompts of, and where its outputs come from. */
    static Map<String, @Nullable Object> assistant(RunView run, AssistantRun assistant) {
        Map<String, @Nullable Object> outputs = new LinkedHashMap<>();
        for (AssistantRun.Output output : assistant.outputs()) {
            Map<String, @Nullable Object> source = new LinkedHashMap<>();
            source.put("prompt", output.prompt());
            for (int i = 0; i < run.plan().steps().size(); i++) {
                if (run.plan().steps().get(i).name().equals(Optional.of(output.prompt()))) {
                    stage(run, i + 1)
                            .ifPresent(it -> source.put("stage_id", it.stageId().value()));
                }
            }
            outputs.put(output.name(), source);
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", assistant.name());
        tree.put("version", assistant.version());
        tree.put("outputs", outputs);
        return tree;
    }

    private static String status(RunView run, StageView stage) {
        if (stage.part().equals(Optional.of(StagePart.PAUSED))) {
            return switch (run.status()) {
                case CANCELED -> "canceled";
                case FAILED -> "failed";
                case QUEUED, RUNNING, WAITING, IDLE, CANCELING, SUCCEEDED -> "paused";
            };
        }
        return stage.outcome()
                .map(it -> it.name().toLowerCase(Locale.ROOT))
                .orElse(stage.startedAt().isPresent() ? "running" : "queued");
    }
}
