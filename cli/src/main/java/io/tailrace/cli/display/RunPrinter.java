package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns a run's events into text, as they come. Pure but for what it remembers: the line that is not finished, and how
 * the run ended. Not thread-safe.
 */
public final class RunPrinter implements EventPrinter {

    private static final String GUTTER = "  │ ";
    private static final String ANSWER = "answer";

    private final boolean colours;
    /** The stream (stdout, stderr, or of an answer) whose line goes on with that stream's next text. */
    private Optional<String> openLine = Optional.empty();

    private final AnswerSoFar answer = new AnswerSoFar();
    private Optional<String> outcome = Optional.empty();

    public RunPrinter(boolean colours) {
        this.colours = colours;
    }

    /** {@code succeeded}, {@code failed} or {@code canceled}, once the run has ended. */
    public Optional<String> outcome() {
        return outcome;
    }

    @Override
    public String event(JsonNode event) {
        String type = event.path("type").asText();
        JsonNode payload = event.path("payload");
        switch (type) {
            case "console.line" -> {
                return consoleLine(payload);
            }
            case "model.delta" -> {
                return delta(payload);
            }
            case "turn.checkpointed" -> {
                return rest(payload.path("message"));
            }
            case "tool.calls.requested" -> {
                return endOfRound(payload.path("message"));
            }
            case "turn.completed", "turn.failed" -> {
                return rest(payload.path("content").path("message")) + closeLine() + answered(payload) + "\n";
            }
            default -> {
                // Lines of their own.
            }
        }
        List<String> lines = lines(type, event, payload);
        return lines.isEmpty() ? "" : closeLine() + String.join("\n", lines) + "\n";
    }

    private List<String> lines(String type, JsonNode event, JsonNode payload) {
        return switch (type) {
            case "run.created" -> List.of(Style.BOLD.on("run " + text(event, "run_id"), colours) + title(payload));
            case "stage.requested" -> List.of(dim(requested(payload)));
            case "tool.approval.requested" -> ApprovalLines.requested(event, colours);
            case "tool.approval.decided" -> List.of(ApprovalLines.decided(payload, colours));
            case "turn.paused" -> List.of(dim("· paused, until its calls are answered"));
            case "turn.continued" -> List.of(dim("· goes on, after " + number(payload, "rounds") + " rounds"));
            case "attempt.started" -> attempt(event);
            case "attempt.released" -> List.of(warning("the worker gave it back: " + text(payload, "reason")));
            case "stage.redispatched" -> redispatched(payload);
            case "stage.aborted" -> List.of(warning("ended by force: " + text(payload, "message")));
            case "build.phase.started" -> phaseStarted(payload);
            case "build.phase.completed" -> phaseCompleted(payload);
            case "run.cancel.requested" -> List.of(warning("cancellation was requested"));
            case "run.completed" -> completed(payload);
            case "turn.started" -> promptStarted(payload);
            case "variables.substituted" -> variables(payload);
            case "knowledge.retrieved" -> List.of(dim("· " + found(payload)));
            case "answer.reused" -> List.of(ToolLines.reused(payload, colours));
            case "tool.execution.started" -> List.of(ToolLines.started(payload, colours));
            case "tool.execution.completed" -> List.of(ToolLines.completed(payload, colours));
            case "context.compacted" -> List.of(dim("the history was summed up, to fit into the model's window"));
            case "run.started",
                    "knowledge.retrieval.started",
                    "build.created",
                    "build.started",
                    "build.completed",
                    "context.built",
                    "turn.usage",
                    "stage.finished" -> List.of();
            default -> List.of(dim("· " + TerminalText.of(type, false)));
        };
    }

    private static String requested(JsonNode payload) {
        String step = "step " + number(payload, "step") + " of " + number(payload, "steps");
        return payload.has("call")
                ? step + ", a build for " + text(payload.path("call"), "tool") + ", waits for a worker"
                : step + " waits for a worker";
    }

    private static String title(JsonNode payload) {
        String title = text(payload, "title");
        return title.isEmpty() ? "" : "  " + title;
    }

    private List<String> attempt(JsonNode event) {
        int attempt = event.path("attempt").asInt(1);
        String worker = text(event, "worker_id");
        answer.begin();
        return List.of(
                attempt == 1
                        ? dim("taken by " + worker)
                        : warning("attempt " + attempt + ", on " + worker
                                + ": what was printed before counts no more, it begins anew"));
    }

    private List<String> redispatched(JsonNode payload) {
        String why = text(payload, "reason").equals("silence") ? "its worker fell silent" : "its worker gave it back";
        return List.of(warning("given to another worker, because " + why));
    }

    private List<String> phaseStarted(JsonNode payload) {
        String place = number(payload, "index") + "/" + number(payload, "phases");
        return List.of(Style.CYAN.on("▶ " + text(payload, "title"), colours) + dim("  " + place));
    }

    private List<String> phaseCompleted(JsonNode payload) {
        String status = text(payload, "status");
        String took = "  " + duration(payload);
        if (status.equals("succeeded")) {
            return List.of(Style.GREEN.on("✔ " + text(payload, "phase"), colours) + dim(took));
        }
        String exit = payload.hasNonNull("exit_code") ? ", exit code " + number(payload, "exit_code") : "";
        List<String> lines = new ArrayList<>();
        lines.add(Style.RED.on("✘ " + text(payload, "phase") + " " + status.replace('_', ' ') + exit, colours)
                + dim(took));
        failure(payload).ifPresent(lines::add);
        return lines;
    }

    private List<String> promptStarted(JsonNode payload) {
        return List.of(Style.CYAN.on("▶ Prompt", colours)
                + dim("  " + text(payload, "provider") + ", " + text(payload, "model")));
    }

    private List<String> variables(JsonNode payload) {
        List<String> names = new ArrayList<>();
        payload.path("variables").forEach(it -> names.add(text(it, "name")));
        return List.of(dim("· with " + String.join(", ", names)));
    }

    private static String found(JsonNode payload) {
        int chunks = payload.path("chunks").size();
        return chunks == 0
                ? "nothing was found in the knowledge repositories"
                : "passages told: " + chunks + ", documents: " + number(payload, "documents") + ", relevance "
                        + String.format(
                                Locale.ROOT,
                                "%.2f",
                                payload.path("relevance_score").asDouble());
    }

    /** Each line of an answer stands behind the same gutter as a line of output. */
    private String delta(JsonNode payload) {
        return switch (payload.path("kind").asText()) {
            case "text" -> answer(payload.path("text").asText());
            case "tool_call" -> {
                String name = TerminalText.of(answer.newCall(payload.path("tool_call")), false);
                yield name.isEmpty() ? "" : closeLine() + dim("· calls " + name) + "\n";
            }
            default -> "";
        };
    }

    private String rest(JsonNode message) {
        return answer(answer.rest(message));
    }

    /** The model calls tools: what comes after that is another message. */
    private String endOfRound(JsonNode message) {
        String end = rest(message) + closeLine();
        answer.begin();
        return end;
    }

    private String answer(String raw) {
        answer.add(raw);
        StringBuilder shown = new StringBuilder();
        String[] lines = raw.replace("\r", "").split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean ends = i < lines.length - 1;
            if (ends || !lines[i].isEmpty()) {
                shown.append(piece(ANSWER, TerminalText.of(lines[i], false), ends));
            }
        }
        return shown.toString();
    }

    private String answered(JsonNode payload) {
        JsonNode content = payload.path("content");
        if (payload.has("failure")) {
            JsonNode failure = payload.path("failure");
            return Style.RED.on("✘ " + text(failure, "message") + " [" + text(failure, "code") + "]", colours);
        }
        JsonNode tokens = content.path("usage").path("total_tokens");
        return Style.GREEN.on("✔ answered", colours)
                + dim("  " + duration(content) + (tokens.isNumber() ? ", " + tokens.asLong() + " tokens" : ""));
    }

    private List<String> completed(JsonNode payload) {
        String how = text(payload, "outcome");
        outcome = Optional.of(how);
        String sum = "  " + duration(payload) + ", " + number(payload, "events") + " events, "
                + number(payload, "lines") + " lines of output";
        Style style = switch (how) {
            case "succeeded" -> Style.GREEN;
            case "canceled" -> Style.YELLOW;
            default -> Style.RED;
        };
        List<String> lines = new ArrayList<>();
        lines.add(style.on("■ " + how, colours) + dim(sum));
        failure(payload).ifPresent(lines::add);
        return lines;
    }

    private Optional<String> failure(JsonNode payload) {
        String message = text(payload.path("failure"), "message");
        return message.isEmpty() ? Optional.empty() : Optional.of("  " + Style.RED.on(message, colours));
    }

    private String consoleLine(JsonNode payload) {
        String stream = payload.path("stream").asText("stdout");
        String text = TerminalText.of(payload.path("text").asText(), colours);
        boolean finished = switch (payload.path("end").asText("newline")) {
            case "partial", "split" -> false;
            default -> true;
        };
        return piece(stream, text, finished);
    }

    private String piece(String stream, String text, boolean finished) {
        boolean goesOn = openLine.filter(stream::equals).isPresent();
        String start = goesOn ? "" : closeLine() + dim(GUTTER);
        openLine = finished ? Optional.empty() : Optional.of(stream);
        return start + text + (finished ? "\n" : "");
    }

    private String closeLine() {
        String end = openLine.isPresent() ? "\n" : "";
        openLine = Optional.empty();
        return end;
    }

    @Override
    public String control(String type, JsonNode data) {
        return switch (type) {
            case "stream.gap" ->
                note("events " + number(data, "from") + " to " + number(data, "to")
                        + " are no longer kept; it goes on after them");
            case "stream.reset" ->
                note("the log is not the one that was read from (" + text(data, "reason") + "); it begins anew");
            case "run.notice" -> notice(text(data, "type"));
            default -> "";
        };
    }

    /** What has happened, and gets its place in the order when the stage that is being shown has ended. */
    private String notice(String type) {
        return switch (type) {
            case "run.cancel.requested" -> closeLine() + dim("· cancellation is on its way") + "\n";
            case "stage.redispatched" -> closeLine() + dim("· its worker was lost; another one takes over") + "\n";
            default -> "";
        };
    }

    @Override
    public String note(String text) {
        return closeLine() + warning(text) + "\n";
    }

    private String warning(String text) {
        return Style.YELLOW.on("! " + text, colours);
    }

    private String dim(String text) {
        return Style.DIM.on(text, colours);
    }

    private static String text(JsonNode node, String field) {
        return TerminalText.of(node.path(field).asText(""), false);
    }

    private static long number(JsonNode node, String field) {
        return node.path(field).asLong();
    }

    private static String duration(JsonNode payload) {
        return Durations.text(Duration.ofMillis(payload.path("duration_ms").asLong()));
    }
}
