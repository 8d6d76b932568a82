package io.tailrace.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.display.ApprovalLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks the person at the terminal whether tools may be called, one question after the other, while the run's events go on
 * being shown. What somebody else has answered meanwhile is not asked any more, what was typed before a question does not
 * answer it, and one whose answer did not arrive is asked again. Thread-safe.
 */
public final class ApprovalPrompt {
    private static final long PAUSE_MILLIS = 1000;

    private final GatewayClient client;
    private final String run;
    private final BufferedReader in;
    private final PrintStream out;
    private final Map<String, JsonNode> open = new ConcurrentHashMap<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    /** @param in what the person types */
    public ApprovalPrompt(GatewayClient client, String run, BufferedReader in, PrintStream out) {
        this.client = client;
        this.run = run;
        this.in = in;
        this.out = out;
    }

    /** Asks from now on, in a thread of its own that ends with the process. */
    public void start() {
        Thread.ofPlatform().name("approval-prompt").daemon().start(this::ask);
    }

    /** Takes the next event of the run. */
    public void event(JsonNode event) {
        JsonNode payload = event.path("payload");
        String id = payload.path("approval_id").asText();
        switch (event.path("type").asText()) {
            case "tool.approval.requested" -> {
                open.put(id, payload);
                asked.add(id);
            }
            case "tool.approval.decided" -> open.remove(id);
            case "run.completed" -> open.clear();
            default -> {
                // It asks nothing.
            }
        }
    }

    private void ask() {
        try {
            while (ask(asked.take())) {
                // The next one.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            out.println(ApprovalLines.notAsked());
        }
    }

    /** Returns whether there can be more answers. */
    private boolean ask(String id) throws IOException, InterruptedException {
        while (true) {
            JsonNode question = open.get(id);
            if (question == null) {
                return true;
            }
            while (in.ready()) {
                String _ = in.readLine();
            }
            out.print(ApprovalLines.prompt(question));
            out.flush();
            String line = in.readLine();
            if (line == null) {
                return false;
            }
            Optional<Boolean> approved = switch (line.strip().toLowerCase(Locale.ROOT)) {
                case "y", "yes" -> Optional.of(true);
                case "n", "no" -> Optional.of(false);
                default -> Optional.empty();
            };
            if (approved.isPresent() && open.containsKey(id)) {
                if (answer(id, approved.get())) {
                    return true;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** Returns whether the gateway took it. */
    private boolean answer(String id, boolean approved) {
        try {
            client.decide(run, id, approved, Optional.empty());
            return true;
        } catch (GatewayFailure e) {
            out.println("! " + e.getMessage());
            return false;
        }
    }
}
