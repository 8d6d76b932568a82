package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Calls of tools that somebody is asked about, for a person. Pure. */
public final class ApprovalLines {
    private ApprovalLines() {}

    /** A run asks: what, and how to answer. */
    static List<String> requested(JsonNode event, boolean colours) {
        JsonNode payload = event.path("payload");
        String what =
                ToolLines.shortened(ToolLines.safe(payload.path("arguments").asText()));
        String answer = ToolLines.safe(event.path("run_id").asText()) + " "
                + ToolLines.safe(payload.path("approval_id").asText());
        return List.of(
                Style.YELLOW.on("? " + tool(payload.path("call")) + (what.isEmpty() ? "" : " " + what), colours),
                Style.DIM.on(
                        "  waits for approval: tailrace approve " + answer + ", or tailrace deny " + answer, colours));
    }

    /** Somebody has answered, or nobody has in time. */
    static String decided(JsonNode payload, boolean colours) {
        return Style.DIM.on("· " + decision(payload), colours);
    }

    /** One of several open questions. */
    public static String open(JsonNode approval) {
        String what =
                ToolLines.shortened(ToolLines.safe(approval.path("arguments").asText()));
        return ToolLines.safe(approval.path("approval_id").asText()) + "  " + tool(approval)
                + (what.isEmpty() ? "" : " " + what);
    }

    /** What became of an answer. */
    public static String answered(JsonNode approval) {
        return tool(approval) + ": " + (approval.has("decision") ? decision(approval) : "the answer is recorded");
    }

    /** A question to whoever sits at the terminal. */
    public static String prompt(JsonNode payload) {
        return "May " + tool(payload.path("call")) + " be called? [y/n] ";
    }

    /** Nobody can be asked any more. */
    public static String notAsked() {
        return "! The terminal cannot be read: answer with tailrace approve or tailrace deny";
    }

    private static String decision(JsonNode node) {
        String by = ToolLines.safe(node.path("by").asText());
        String reason = ToolLines.safe(node.path("reason").asText());
        return ToolLines.safe(node.path("decision").asText())
                + (by.isEmpty() ? "" : " by " + by)
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static String tool(JsonNode node) {
        return ToolLines.shortened(ToolLines.safe(node.path("tool").asText()));
    }
}
