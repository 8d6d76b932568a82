package io.tailrace.gateway.api;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.decision.WaitingFor;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.problem.RunProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run as JSON: its view with wire names, without what is the log's own business, and with where to go from it. */
public final class RunJson {
    private static final List<String> INTERNAL =
            List.of("request_digest", "partition", "first_offset", "numbered", "last_offset");
    private static final List<String> LARGE = List.of("plan", "limits");

    private final LogConnection connection;
    private final Cursors cursors;

    RunJson(LogConnection connection, Cursors cursors) {
        this.connection = connection;
        this.cursors = cursors;
    }

    /** The path of a run. */
    public static String location(RunId run) {
        return "/v1/runs/" + run;
    }

    /** Everything about a run, with the cursor that its state corresponds to. */
    public Map<String, @Nullable Object> full(RunView run) {
        Map<String, @Nullable Object> tree = tree(run);
        if (run.plan().chat().isPresent()) {
            tree.put("chat", ChatJson.full(run.plan().chat().get(), run.chat()));
            tree.remove("plan");
            if (tree.get("limits") instanceof Map<?, ?> limits) {
                limits.remove("wall_clock_ms");
            }
        } else if (tree.get("plan") instanceof Map<?, ?> plan) {
            // As it is in the request: the list of its steps.
            tree.put("plan", plan.get("steps"));
            asRequested(plan.get("steps"));
        }
        return tree;
    }

    /** A step with a definition has no phases in the request, and what an environment is of stands in the step itself. */
    private static void asRequested(@Nullable Object steps) {
        if (steps instanceof List<?> list) {
            for (Object step : list) {
                if (step instanceof Map<?, ?> members) {
                    members.values().removeIf(it -> it instanceof List<?> empty && empty.isEmpty());
                    @SuppressWarnings("unchecked")
                    Map<String, @Nullable Object> fields = (Map<String, @Nullable Object>) members;
                    if (fields.get("model") instanceof Map<?, ?> model) {
                        fields.remove("model");
                        model.forEach((name, value) -> fields.put(String.valueOf(name), value));
                    }
                    if (fields.remove("environment") instanceof Map<?, ?> environment) {
                        environment.forEach((name, value) -> fields.put(String.valueOf(name), value));
                    }
                }
            }
        }
    }

    /** A run in a list: without plan and limits, which can be large. */
    Map<String, @Nullable Object> brief(RunView run) {
        Map<String, @Nullable Object> tree = tree(run);
        LARGE.forEach(tree::remove);
        if (tree.get("approvals") instanceof List<?> approvals) {
            approvals.forEach(it -> ((Map<?, ?>) Objects.requireNonNull(it)).remove("arguments"));
        }
        run.plan().chat().ifPresent(it -> tree.put("chat", ChatJson.brief(it, run.chat())));
        return tree;
    }

    /** What is known of a run that was asked for and not decided yet. */
    public Map<String, @Nullable Object> pending(RunId run, Optional<String> cursor, WaitingFor waitingFor) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("run_id", run.value());
        tree.put("decided", false);
        tree.put("waiting_for", waitingFor.tree());
        cursor.ifPresent(it -> tree.put("cursor", it));
        links(tree, run, cursor);
        return tree;
    }

    /** The cursor from which a run that is not there yet is read from its first event. */
    String primingCursor(RunId run, int partition) {
        return cursors.token(run, RunCursor.beforeFirst(epoch(), partition, run));
    }

    private Map<String, @Nullable Object> tree(RunView run) {
        Map<String, @Nullable Object> tree = WireTree.of(run);
        INTERNAL.forEach(tree::remove);
        if (!run.openApprovals().isEmpty()) {
            tree.put(
                    "approvals",
                    run.openApprovals().stream().map(RunJson::approval).toList());
        }
        if (!run.plan().steps().isEmpty()) {
            tree.put("steps", StepJson.of(run));
        }
        run.plan().assistant().ifPresent(it -> tree.put("assistant", StepJson.assistant(run, it)));
        tree.put("cursor", cursor(run));
        links(tree, run.runId(), Optional.empty());
        return tree;
    }

    /** A question, named as in its answer: the length is that of the arguments, which are cut off where they are long. */
    private static Map<String, @Nullable Object> approval(RunView.ApprovalView approval) {
        Map<String, @Nullable Object> tree = WireTree.of(approval);
        tree.put("arguments_length", tree.remove("length"));
        return tree;
    }

    private static void links(Map<String, @Nullable Object> tree, RunId run, Optional<String> cursor) {
        String query = cursor.map(it -> "?cursor=" + it).orElse("");
        tree.put("url", location(run) + query);
        tree.put("stream_url", location(run) + "/stream" + query);
        tree.put("events_url", location(run) + "/events");
    }

    /** The cursor that a run's state corresponds to: the stream from there has what comes after it. */
    public String cursor(RunView run) {
        RunView.NumberedSpot spot = run.numbered();
        RunCursor cursor = new RunCursor(
                epoch(),
                run.partition(),
                run.runId().check(),
                spot.offset(),
                Optional.empty(),
                spot.eventIdPrefix(),
                spot.sequence(),
                1);
        return cursors.token(run.runId(), cursor);
    }

    private long epoch() {
        return connection.epoch().orElseThrow(RunProblem::catalogueBehind);
    }
}
