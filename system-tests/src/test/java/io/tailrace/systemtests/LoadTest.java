package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Many at once, fast beside slow, loud beside quiet. Nothing here is timed; figures come from the benchmarks. */
@Tag("alone")
@Timeout(240)
class LoadTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void twoHundredRunsAtOnceAllEndAndAreSpreadOverBothWorkers() throws Exception {
        List<String> runs = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> creations = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                creations.add(() ->
                        SharedStack.gateway(1 + number % 2).create(Plans.build(Plans.sh("a", "echo run " + number))));
            }
            for (Future<String> created : clients.invokeAll(creations)) {
                runs.add(created.get());
            }
        }
        int[] byWorker = new int[2];
        for (int i = 0; i < runs.size(); i++) {
            gateway.awaitStatus(runs.get(i), "succeeded", Duration.ofMinutes(2));
            List<JsonNode> events = gateway.events(runs.get(i));
            KillTest.assertGapFree(events);
            assertThat(BuildRunTest.console(events, "stdout")).isEqualTo("run " + i + "\n");
            String worker = events.stream()
                    .filter(it -> it.get("type").asString().equals("attempt.started"))
                    .findFirst()
                    .orElseThrow()
                    .get("worker_id")
                    .asString();
            byWorker[worker.startsWith("build-worker-1") ? 0 : 1]++;
        }
        assertThat(byWorker[0]).isGreaterThan(40);
        assertThat(byWorker[1]).isGreaterThan(40);
    }

    @Test
    void aSlowReaderHoldsNobodyUpAndGetsEverything() throws Exception {
        // Longer than any ring, so that the slow reader falls out of it and reads from the log.
        String run = gateway.create(
                Plans.build(
                        Plans.sh(
                                "flood",
                                "i=0; while [ $i -lt 120 ]; do i=$((i+1)); head -c 262144 /dev/zero | tr '\\0' x | fold -w 1024; done")));
        URI uri = gateway.uri("/v1/runs/" + run + "/stream");
        try (Socket slow = new Socket(uri.getHost(), uri.getPort());
                EventStream fast = gateway.stream(run);
                EventStream alsoFast = gateway.stream(run)) {
            slow.getOutputStream()
                    .write(("GET " + uri.getPath() + " HTTP/1.0\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            fast.awaitEnd(Duration.ofSeconds(90));
            alsoFast.awaitEnd(SOON);
            assertThat(fast.numbered()).hasSize(alsoFast.numbered().size());
            KillTest.assertGapFree(fast.events());
            // Only now does the slow one read at all.
            long last = lastSequence(slow.getInputStream());
            assertThat(last).isEqualTo(fast.numbered().getLast().sequence());
        }
    }

    private static long lastSequence(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        long sequence = 0;
        byte[] buffer = new byte[65536];
        int read;
        while ((read = in.read(buffer)) > 0) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] != '\n') {
                    line.append((char) (buffer[i] & 0xff));
                    continue;
                }
                String text = line.toString();
                line.setLength(0);
                if (text.startsWith("data:") && text.contains("\"sequence\":")) {
                    String rest = text.substring(text.indexOf("\"sequence\":") + 11);
                    long next = Long.parseLong(rest.substring(0, rest.indexOf(',')));
                    if (text.contains("\"event_id\"")) {
                        assertThat(next).isEqualTo(sequence + 1);
                        sequence = next;
                    }
                }
            }
        }
        return sequence;
    }

    @Test
    void aWhisperIsHeardBesideAFlood() throws Exception {
        String flood = gateway.create(Plans.build(Plans.sh("flood", "yes 'a line that is printed without end'")));
        try (EventStream loud = gateway.stream(flood)) {
            loud.await("console.line", SOON);
        }
        String whisper = gateway.create(
                Plans.build(Plans.sh("whisper", "for i in 1 2 3 4 5 6 7 8 9 10; do echo word $i; sleep 0.2; done")));
        try (EventStream quiet = gateway.stream(whisper)) {
            quiet.awaitEnd(SOON);
            assertThat(quiet.numbered().stream().map(Frame::event).filter("console.line"::equals))
                    .hasSize(10);
            assertThat(gateway.status(flood))
                    .as("the flood went on all the while")
                    .isEqualTo("running");
        }
        gateway.cancel(flood);
        gateway.awaitStatus(flood, "canceled", Duration.ofSeconds(60));
    }
}
