package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Calls of tools that somebody is asked about, for a person. Pure. */
public final class ApprovalLines {
    private ApprovalLines() {}

    /** A run asks: what, and how to answer. */
    public static List<String> requested(JsonNode event, boolean colours) {
        JsonNode payload = event.path("payload");
        String answer = ToolLines.safe(event.path("run_id").asText()) + " "
                + ToolLines.safe(payload.path("approval_id").asText());
        return List.of(
                Style.YELLOW.on("? " + called(payload), colours),
                Style.DIM.on(
                        "  waits for approval: tailrace approve " + answer + ", or tailrace deny " + answer, colours));
    }

    /** Somebody has answered, or nobody has in time. */
    static String decided(JsonNode payload, boolean colours) {
        return Style.DIM.on("· " + decision(payload), colours);
    }

    /** One of several open questions. */
    public static String open(JsonNode approval) {
        return ToolLines.safe(approval.path("approval_id").asText()) + "  " + tool(approval)
                + arguments(approval, "arguments_length");
    }

    /** What became of an answer. */
    public static String answered(JsonNode approval) {
        return tool(approval) + ": " + (approval.has("decision") ? decision(approval) : "the answer is recorded");
    }

    /** A question to whoever sits at the terminal. */
    public static String prompt(JsonNode payload) {
        return "May " + called(payload) + " be called? [y/n] ";
    }

    /** Nobody can be asked any more. */
    public static String notAsked() {
        return "! The terminal cannot be read: answer with tailrace approve or tailrace deny";
    }

    private static String called(JsonNode payload) {
        return tool(payload.path("call")) + arguments(payload, "length");
    }

    /** All that there is of them: nobody allows what they have not seen. */
    private static String arguments(JsonNode node, String lengthField) {
        String arguments = node.path("arguments").asText();
        int length = node.path(lengthField).asInt();
        String shown = ToolLines.safe(arguments);
        return (shown.isEmpty() ? "" : " " + shown)
                + (length > arguments.length() ? "… (" + length + " characters in all)" : "");
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
