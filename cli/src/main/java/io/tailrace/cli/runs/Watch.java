package io.tailrace.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.sse.FrameReader;
import io.tailrace.cli.sse.ResumingStream;
import io.tailrace.cli.sse.SseFrame;
import io.tailrace.cli.sse.StreamRefused;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows a run and prints it. For one thread. */
public final class Watch implements FrameReader {

    static final int EXIT_SUCCEEDED = 0;
    static final int EXIT_NOT_SUCCEEDED = 1;

    private final GatewayClient client;
    private final RunPrinter printer;
    private final PrintStream out;
    private final PrintStream err;
    private final Outage outage;
    private final Consumer<JsonNode> events;

    /** @param err where it is said that there is nothing to show yet */
    public Watch(GatewayClient client, RunPrinter printer, PrintStream out, PrintStream err) {
        this(client, printer, out, err, _ -> {});
    }

    /** @param events gets each event of the run after it was printed */
    public Watch(
            GatewayClient client, RunPrinter printer, PrintStream out, PrintStream err, Consumer<JsonNode> events) {
        this.events = events;
        this.client = client;
        this.printer = printer;
        this.out = out;
        this.err = err;
        this.outage = new Outage(client.address(), Clock.system(ZoneId.systemDefault()));
    }

    /**
     * Returns the exit code when the run has ended: 0 if it succeeded, or else 1. Blocks.
     *
     * @param cursor where to begin; without one at the run's first event
     */
    public int follow(String run, Optional<String> cursor) throws InterruptedException {
        ResumingStream stream = client.stream(run, cursor);
        try {
            stream.follow(this);
        } catch (StreamRefused refused) {
            throw GatewayFailure.of(refused);
        } catch (IOException given) {
            throw new GatewayFailure(
                    "The gateway cannot be reached any more (" + given.getMessage() + "). The run goes on; see it with"
                            + " 'tailrace watch " + run + "'",
                    given);
        }
        String outcome =
                printer.outcome().orElseGet(() -> client.run(run).path("status").asText());
        return outcome.equals("succeeded") ? EXIT_SUCCEEDED : EXIT_NOT_SUCCEEDED;
    }

    @Override
    public Next frame(SseFrame frame) {
        RunFrame read = client.read(frame);
        out.print(read.text(printer));
        out.flush();
        if (read.isEvent()) {
            events.accept(read.data());
        }
        return Next.GO_ON;
    }

    @Override
    public void disconnected(String reason, Duration patience) {
        boolean shownBefore = outage.hasBeenConnected();
        outage.lost(reason, patience).ifPresent(text -> say(text, shownBefore));
    }

    @Override
    public void connected() {
        boolean shownBefore = outage.hasBeenConnected();
        outage.back().ifPresent(text -> say(text, shownBefore));
    }

    private void say(String text, boolean amongTheEvents) {
        if (amongTheEvents) {
            out.print(printer.note(text));
            out.flush();
        } else {
            err.println("tailrace: " + text);
        }
    }
}
