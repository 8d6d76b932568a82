package io.tailrace.gateway.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.FixedCursors;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.testing.WrittenCalls;
import io.tailrace.gateway.testing.WrittenExecution;
import io.tailrace.runlog.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The stream of a whole execution, byte by byte, is kept in {@code frames/execution.assistant.sse}: three prompts, the
 * first two of which a worker was lost with, the second one in the middle of a call of a tool. What the code writes now is left in {@code target/transcripts} for a comparison.
 */
class ExecutionTranscriptTest {
    private static final String STORED = "/io/tailrace/gateway/frames/execution.assistant.sse";

    @Test
    void everyByteIsTheSame() throws Exception {
        String written = written();
        Path folder = Files.createDirectories(Path.of("target", "transcripts"));
        Files.writeString(folder.resolve("execution.assistant.sse"), written);

        assertThat(written).isEqualTo(stored());
    }

    private static String written() {
        Cursors cursors = FixedCursors.create();
        ExecutionView view = new ExecutionView(
                new ExecutionEvents(new EventDecoder(new EventCodec(), (_, _, _) -> {})), cursors::token);
        WrittenExecution execution = new WrittenExecution(new RunId("r-frozen-execution"))
                .create()
                .request()
                .claim()
                .prepare()
                .deltas("So")
                .claim()
                .prepare()
                .deltas("Some", " text.")
                .answer(WrittenExecution.USAGE)
                .finish(Outcome.SUCCEEDED)
                .request()
                .claim()
                .prepare()
                .deltas("Let me look.")
                .say(WrittenCalls.requested(1, 2))
                .say(WrittenCalls.started(1, 0), WrittenCalls.started(1, 1), WrittenCalls.succeeded(1, 1, "Aare"))
                .claim()
                .prepare()
                .say(WrittenCalls.requestedBefore(1, 2), WrittenCalls.succeededBefore(1, 1, "Aare"))
                .say(WrittenCalls.ended(1, 0, ToolOutcome.UNKNOWN, "Nobody knows."))
                .deltas("Some", " text.")
                .answer(WrittenExecution.USAGE)
                .finish(Outcome.SUCCEEDED)
                .prompt()
                .complete(Outcome.SUCCEEDED);
        RunId run = execution.id();
        JsonBytes out = new JsonBytes(4096);
        Execution state = view.before(run);
        out.raw(view.open(state, run, Duration.ofSeconds(1), cursors.token(run, execution.start())));
        for (ReadItem.Numbered item : execution.items()) {
            state = view.events(state, execution.start(), item, 0, item.count(), out);
        }
        Delivery.End end = new Delivery.End(execution.items().getLast().cursor());
        view.control(state, run, end, cursors.token(run, end.cursor()), out);
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    private static String stored() throws IOException {
        try (InputStream in = ExecutionTranscriptTest.class.getResourceAsStream(STORED)) {
            return in == null ? "nothing" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
