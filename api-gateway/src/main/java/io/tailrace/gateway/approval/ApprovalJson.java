package io.tailrace.gateway.approval;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView.ApprovalView;
import io.tailrace.gateway.api.RunJson;
import io.tailrace.gateway.decision.WaitingFor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A question whether a tool may be called, as JSON: with the fields that a run's view has, and the answer. Pure. */
final class ApprovalJson {
    private ApprovalJson() {}

    static Map<String, @Nullable Object> of(RunId run, Approval approval) {
        ApprovalView asked = approval.asked();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("approval_id", asked.approvalId().value());
        tree.put("run_id", run.value());
        tree.put("stage_id", asked.stageId().value());
        tree.put("tool", asked.tool());
        tree.put("arguments", asked.arguments());
        tree.put("arguments_length", asked.length());
        tree.put("requested_at", WireTree.text(asked.requestedAt()));
        tree.put("timeout_ms", asked.timeout().toMillis());
        tree.put("decided", approval.decided().isPresent());
        approval.decided().ifPresent(it -> {
            tree.put("decision", it.decision().name().toLowerCase(Locale.ROOT));
            it.by().ifPresent(by -> tree.put("by", by));
            it.reason().ifPresent(reason -> tree.put("reason", reason));
        });
        approval.decidedAt().ifPresent(it -> tree.put("decided_at", WireTree.text(it)));
        tree.put("run_url", RunJson.location(run));
        return tree;
    }

    /** One whose answer was recorded and is not decided yet. */
    static Map<String, @Nullable Object> pending(RunId run, Approval approval, WaitingFor waitingFor) {
        Map<String, @Nullable Object> tree = of(run, approval);
        tree.put("waiting_for", waitingFor.tree());
        return tree;
    }
}
