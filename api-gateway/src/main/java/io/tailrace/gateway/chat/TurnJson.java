package io.tailrace.gateway.chat;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunView.TurnView;
import io.tailrace.gateway.api.RunJson;
import io.tailrace.gateway.decision.WaitingFor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A turn as JSON, with where to go from it. Pure. */
final class TurnJson {
    private TurnJson() {}

    /** The path of a turn. */
    static String location(RunId run, TurnId turn) {
        return RunJson.location(run) + "/turns/" + turn;
    }

    /** @param cursor from which the run's stream has all of the turn, where one is known */
    static Map<String, @Nullable Object> of(RunId run, TurnView turn, Optional<String> cursor) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("turn_id", turn.turnId().value());
        tree.put("run_id", run.value());
        tree.putAll(WireTree.of(turn));
        turn.step().ifPresent(it -> tree.put("stage_id", StageId.of(run, it).value()));
        links(tree, run, turn.turnId(), cursor);
        return tree;
    }

    /** What is known of a turn that was not decided yet. */
    static Map<String, @Nullable Object> pending(RunId run, TurnId turn, String cursor, WaitingFor waitingFor) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("turn_id", turn.value());
        tree.put("run_id", run.value());
        tree.put("decided", false);
        tree.put("waiting_for", waitingFor.tree());
        links(tree, run, turn, Optional.of(cursor));
        return tree;
    }

    private static void links(Map<String, @Nullable Object> tree, RunId run, TurnId turn, Optional<String> cursor) {
        String place = RunJson.location(run);
        tree.put("url", location(run, turn));
        tree.put("run_url", place);
        tree.put(
                "stream_url",
                place + "/stream" + cursor.map(it -> "?cursor=" + it).orElse(""));
        tree.put("messages_url", place + "/messages");
    }
}
