package io.tailrace.cli.runs;

import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.sse.FrameReader;
import io.tailrace.cli.sse.ResumingStream;
import io.tailrace.cli.sse.SseFrame;
import io.tailrace.cli.sse.StreamRefused;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/** Follows a run and prints it. */
final class Watch implements FrameReader {

    static final int EXIT_SUCCEEDED = 0;
    static final int EXIT_NOT_SUCCEEDED = 1;

    private final GatewayClient client;
    private final RunPrinter printer;
    private final PrintStream out;
    private boolean lost;

    Watch(GatewayClient client, RunPrinter printer, PrintStream out) {
        this.client = client;
        this.printer = printer;
        this.out = out;
    }

    /** Returns the exit code when the run has ended. */
    int follow(String run, Optional<String> cursor) throws InterruptedException {
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
        out.print(client.read(frame).text(printer));
        out.flush();
        return Next.GO_ON;
    }

    @Override
    public void disconnected(String reason) {
        if (!lost) {
            out.print(printer.note("lost the gateway (" + reason + "); trying again, nothing will be missing"));
            out.flush();
        }
        lost = true;
    }

    @Override
    public void connected() {
        if (lost) {
            out.print(printer.note("connected again"));
        }
        lost = false;
    }
}
