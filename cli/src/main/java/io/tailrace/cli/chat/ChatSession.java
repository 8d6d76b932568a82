package io.tailrace.cli.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tailrace.cli.display.ChatPrinter;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.GatewayFailure;
import io.tailrace.cli.runs.Outage;
import io.tailrace.cli.runs.RunFrame;
import io.tailrace.cli.sse.FrameReader;
import io.tailrace.cli.sse.SseFrame;
import io.tailrace.cli.sse.StreamRefused;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One terminal's part in a chat: lines go to the gateway as turns, what the stream brings is printed as it comes. The
 * stream is followed on a thread of its own; whatever prints holds the printer.
 */
final class ChatSession implements FrameReader {
    private static final String PROMPT = "> ";
    private static final int EXIT_ANSWERED = 0;
    private static final int EXIT_NOT_ALL_ANSWERED = 1;

    private final GatewayClient client;
    private final String run;
    private final ChatPrinter printer;
    private final PrintStream out;
    private final boolean terminal;
    private final boolean waits;
    private final TurnBoard turns = new TurnBoard();
    private final Outage outage;
    /** The prompt is the last thing that was printed, and the person has not pressed Enter. */
    private boolean atPrompt;
    /** Something was printed over the prompt; it is due again. */
    private boolean displaced;

    private boolean atLineStart = true;
    private boolean canceling;
    private boolean anyRefused;
    private volatile boolean leaving;

    /**
     * @param terminal whether a person types at it, who sees what was typed
     * @param waits whether a line is sent only when the turn before has ended
     */
    ChatSession(
            GatewayClient client, String run, ChatPrinter printer, PrintStream out, boolean terminal, boolean waits) {
        this.client = client;
        this.run = run;
        this.outage = new Outage(client.address(), Clock.system(ZoneId.systemDefault()));
        this.printer = printer;
        this.out = out;
        this.terminal = terminal;
        this.waits = waits;
    }

    /** Prints what was said before; gives the cursor from which the stream goes on. */
    Optional<String> history() {
        Optional<String> after = Optional.empty();
        while (true) {
            JsonNode page = client.messages(run, after);
            page.path("turns").forEach(turn -> print(printer.past(turn)));
            if (page.path("next_after").isTextual()) {
                after = Optional.of(page.path("next_after").asText());
            } else {
                return Optional.ofNullable(page.path("cursor").textValue());
            }
        }
    }

    /**
     * Sends lines until there are no more, and waits for the answers.
     *
     * @param cursor where the stream is followed from; empty for the run's beginning
     * @return the exit code
     */
    int talk(BufferedReader lines, Optional<String> cursor) throws IOException, InterruptedException {
        Thread follower = Thread.ofVirtual().name("chat-stream").start(() -> follow(cursor));
        try {
            prompt();
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                entered();
                if (turns.isOver()) {
                    break;
                }
                if (!line.isBlank()) {
                    submit(line);
                    if (waits) {
                        turns.awaitAll();
                    }
                }
                prompt();
            }
            leavePrompt();
            turns.awaitAll();
        } finally {
            // What the stream's end looks like from now on is nobody's business.
            leaving = true;
            follower.interrupt();
        }
        return turns.allAnswered() && !anyRefused ? EXIT_ANSWERED : EXIT_NOT_ALL_ANSWERED;
    }

    private void prompt() {
        synchronized (printer) {
            if (terminal && !turns.isOver()) {
                print(printer.closeLine() + PROMPT);
                atPrompt = true;
            }
        }
    }

    /** Enter was pressed, and echoed. */
    private void entered() {
        synchronized (printer) {
            atPrompt = false;
            displaced = false;
            atLineStart = true;
        }
    }

    /** Nothing more will be typed: what comes now, if only the shell's own prompt, gets a line of its own. */
    private void leavePrompt() {
        synchronized (printer) {
            if (atPrompt) {
                out.println();
                out.flush();
            }
            entered();
        }
    }

    /** After what was printed over the prompt, when there is no answer to wait for. */
    private void promptAgain() {
        synchronized (printer) {
            if (displaced && atLineStart && turns.waiting().isEmpty()) {
                displaced = false;
                prompt();
            }
        }
    }

    private void submit(String line) {
        if (terminal) {
            synchronized (printer) {
                printer.typed(line);
            }
        }
        try {
            JsonNode turn = client.submitTurn(
                    run,
                    JsonNodeFactory.instance.objectNode().put("text", line),
                    UUID.randomUUID().toString());
            synchronized (printer) {
                canceling = false;
                turns.submitted(turn.path("turn_id").asText());
            }
        } catch (GatewayFailure refused) {
            synchronized (printer) {
                printer.refused(line);
                anyRefused = true;
                print(printer.note(String.valueOf(refused.getMessage())));
            }
        }
    }

    /** The person wants to stop: the answer, or if there is none to stop, the session. Returns whether it is the latter. */
    boolean interrupt() {
        Set<String> waiting = turns.waiting();
        synchronized (printer) {
            if (waiting.isEmpty() || canceling) {
                print(printer.note("the chat stays open; go on with 'tailrace chat --run " + run + "'"));
                return true;
            }
            canceling = true;
        }
        for (String turn : waiting) {
            try {
                JsonNode _ = client.cancelTurn(run, turn);
            } catch (GatewayFailure failed) {
                print(printer.note(String.valueOf(failed.getMessage())));
            }
        }
        return false;
    }

    private void follow(Optional<String> cursor) {
        try {
            client.stream(run, cursor).follow(this);
        } catch (StreamRefused refused) {
            print(printer.note(String.valueOf(GatewayFailure.of(refused).getMessage())));
        } catch (IOException given) {
            remark(printer.note("the gateway cannot be reached any more (" + given.getMessage()
                    + "); the chat goes on, see it with 'tailrace chat --run " + run + "'"));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            turns.over();
        }
    }

    @Override
    public Next frame(SseFrame frame) {
        RunFrame read = client.read(frame);
        synchronized (printer) {
            print(read.text(printer));
        }
        turns.frame(read);
        promptAgain();
        return Next.GO_ON;
    }

    @Override
    public void disconnected(String reason, Duration patience) {
        outage.lost(reason, patience).ifPresent(text -> remark(printer.note(text)));
        promptAgain();
    }

    @Override
    public void connected() {
        outage.back().ifPresent(text -> print(printer.note(text)));
        promptAgain();
    }

    private void remark(String text) {
        if (!leaving) {
            print(text);
        }
    }

    private void print(String text) {
        synchronized (printer) {
            if (text.isEmpty()) {
                return;
            }
            if (atPrompt) {
                out.println();
                atPrompt = false;
                displaced = true;
            }
            out.print(text);
            out.flush();
            atLineStart = text.endsWith("\n");
        }
    }
}
