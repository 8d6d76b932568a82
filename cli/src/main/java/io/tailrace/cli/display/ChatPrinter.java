package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a chat's events into text, as they come. Pure but for what it remembers: the line that is not finished, and what
 * of the answer was printed. Not thread-safe.
 */
public final class ChatPrinter implements EventPrinter {
    private final boolean colours;
    private final List<String> typed = new ArrayList<>();
    /** What the line that is not finished belongs to. */
    private Optional<Part> open = Optional.empty();
    /** The last line is finished already: the text ended so. */
    private boolean atLineStart = true;

    private final AnswerSoFar answer = new AnswerSoFar();

    /** The parts of an answer. */
    private enum Part {
        TEXT,
        REASONING
    }

    public ChatPrinter(boolean colours) {
        this.colours = colours;
    }

    /** What stands at this terminal already, because it was typed there, and is about to be a turn. */
    public void typed(String text) {
        typed.add(text);
    }

    /** It is no turn after all. */
    public void refused(String text) {
        typed.remove(text);
    }

    /** A turn that was there before this terminal was: as it was read back. */
    public String past(JsonNode turn) {
        StringBuilder text = new StringBuilder();
        if (turn.path("status").asText().equals("queued")) {
            // Its question is shown when it is its turn.
            return "";
        }
        answer.begin();
        if (turn.has("user")) {
            text.append(question(turn.path("user").path("text").asText()));
        }
        text.append(delta(Part.TEXT, turn.path("assistant").path("text").asText()));
        switch (turn.path("status").asText()) {
            case "succeeded" -> text.append(closeLine());
            case "failed", "canceled", "rejected" -> text.append(closeLine()).append(failure(turn.path("failure")));
            default -> {
                // It goes on.
            }
        }
        return text.toString();
    }

    @Override
    public String event(JsonNode event) {
        JsonNode payload = event.path("payload");
        return switch (event.path("type").asText()) {
            case "attempt.started" -> attempt(event, payload);
            case "turn.started" -> event.path("attempt").asInt(1) == 1 ? started(payload) : "";
            case "model.delta" -> delta(payload);
            case "turn.checkpointed" -> missing(payload.path("message"));
            case "tool.calls.requested" -> endOfRound(payload.path("message"));
            case "tool.execution.started" -> closeLine() + ToolLines.started(payload, colours) + "\n";
            case "tool.execution.completed" -> closeLine() + ToolLines.completed(payload, colours) + "\n";
            case "turn.completed" -> completed(payload);
            case "turn.failed" ->
                missing(payload.path("content").path("message")) + closeLine() + failure(payload.path("failure"));
            case "stage.aborted" -> closeLine() + warning("ended by force: " + line(payload, "message"));
            case "turn.rejected" -> closeLine() + warning("not answered: " + line(payload, "message"));
            case "context.compacted" ->
                closeLine() + dim("· the history was summed up, to fit into the model's window") + "\n";
            case "run.close.requested" -> closeLine() + dim("· the chat takes no more turns") + "\n";
            case "run.completed" -> closeLine() + dim("■ the chat has ended: " + line(payload, "outcome")) + "\n";
            default -> "";
        };
    }

    private String attempt(JsonNode event, JsonNode payload) {
        answer.begin();
        if (!payload.has("supersedes_from_sequence")) {
            return "";
        }
        return closeLine()
                + warning("attempt " + event.path("attempt").asInt()
                        + ": what was written above counts no more, the answer begins anew");
    }

    private String started(JsonNode payload) {
        return typed.remove(payload.path("text").asText())
                ? ""
                : question(payload.path("text").asText());
    }

    /** What somebody asked, who does not sit at this terminal. */
    private String question(String text) {
        return closeLine() + Style.BOLD.on("> " + safe(text).replace("\n", "\n  "), colours) + "\n";
    }

    private String delta(JsonNode payload) {
        String text = payload.path("text").asText();
        return switch (payload.path("kind").asText()) {
            case "text" -> delta(Part.TEXT, text);
            case "reasoning" -> delta(Part.REASONING, text);
            case "tool_call" -> {
                String name = TerminalText.of(answer.newCall(payload.path("tool_call")), false);
                yield name.isEmpty() ? "" : closeLine() + dim("· calls " + name) + "\n";
            }
            default -> "";
        };
    }

    private String delta(Part part, String raw) {
        if (raw.isEmpty()) {
            return "";
        }
        String before = open.filter(it -> it != part).isPresent() ? closeLine() : "";
        open = Optional.of(part);
        String text = safe(raw);
        if (part == Part.TEXT) {
            answer.add(raw);
        }
        atLineStart = text.isEmpty() ? atLineStart : text.endsWith("\n");
        return before + (part == Part.REASONING ? dim(text) : text);
    }

    /** What is in the whole message and did not come as deltas: of an attempt that goes on from another one's. */
    private String missing(JsonNode message) {
        return delta(Part.TEXT, answer.rest(message));
    }

    /** The model calls tools: what comes after that is another message. */
    private String endOfRound(JsonNode message) {
        String end = missing(message) + closeLine();
        answer.begin();
        return end;
    }

    private String completed(JsonNode payload) {
        JsonNode content = payload.path("content");
        String rest = missing(content.path("message")) + closeLine();
        JsonNode tokens = content.path("usage").path("total_tokens");
        String took =
                Durations.text(Duration.ofMillis(content.path("duration_ms").asLong()));
        return rest + dim("· " + took + (tokens.isMissingNode() ? "" : ", " + tokens.asLong() + " tokens")) + "\n";
    }

    private String failure(JsonNode failure) {
        answer.begin();
        String code = line(failure, "code");
        return code.equals("canceled")
                ? dim("· canceled") + "\n"
                : Style.RED.on("✘ " + line(failure, "message") + " [" + code + "]", colours) + "\n";
    }

    @Override
    public String control(String type, JsonNode data) {
        return switch (type) {
            case "stream.gap" ->
                note("events " + data.path("from").asLong() + " to "
                        + data.path("to").asLong() + " are no longer kept; it goes on after them");
            case "stream.reset" ->
                note("the log is not the one that was read from (" + line(data, "reason") + "); it begins anew");
            case "run.notice" -> notice(line(data, "type"), data.path("payload"));
            default -> "";
        };
    }

    private String notice(String type, JsonNode payload) {
        return switch (type) {
            case "stage.redispatched" -> closeLine() + dim("· its worker was lost; another one takes over") + "\n";
            case "turn.cancel.requested" -> closeLine() + dim("· cancellation is on its way") + "\n";
            case "turn.rejected" -> closeLine() + warning("not answered: " + line(payload, "message"));
            default -> "";
        };
    }

    @Override
    public String note(String text) {
        return closeLine() + warning(text);
    }

    /** Ends the line that is not finished, if there is one. */
    public String closeLine() {
        boolean broken = open.isPresent() && !atLineStart;
        open = Optional.empty();
        atLineStart = true;
        return broken ? "\n" : "";
    }

    private String warning(String text) {
        return Style.YELLOW.on("! " + text, colours) + "\n";
    }

    private String dim(String text) {
        return Style.DIM.on(text, colours);
    }

    private static String line(JsonNode node, String field) {
        return TerminalText.of(node.path(field).asText(""), false);
    }

    /** Text of several lines, without anything that could do something to a terminal. */
    private static String safe(String text) {
        String[] lines = text.replace("\r", "").split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            lines[i] = TerminalText.of(lines[i], false);
        }
        return String.join("\n", lines);
    }
}
