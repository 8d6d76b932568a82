package io.tailrace.benchmarks;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What watchers wait for who come at the same moment, as after the loss of a gateway: on a stack of its own, with chats
 * that wait for their first turn, three partitions and one gateway. Each watcher opens a stream; measured is the time to
 * the answer's first frame with a cursor, or to its headers where there is nothing to send.
 */
public final class HerdBenchmark {
    private static final int RUNS = 200;
    private static final int WATCHERS = 1000;

    private final URI gateway;
    private final Client client;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HerdBenchmark(URI gateway) {
        this.gateway = gateway;
        this.client = new Client(gateway);
    }

    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("tailrace-benchmark");
        try (LocalStack stack = LocalStack.start(StackOptions.forBenchmarks(data.resolve("stack"))
                .partitions(3)
                .buildWorkers(0)
                .turnWorkers(0)
                .build())) {
            new HerdBenchmark(stack.gateway(1)).run();
        }
    }

    private void run() throws Exception {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            runs.add(client.chat("scripted"));
        }
        List<String> warm = runs.subList(0, 20);
        List<String> _ = herd("warm-up", warm, Collections.nCopies(warm.size(), ""));
        List<String> cursors = herd("a watcher for each of " + RUNS + " runs, from the beginning", runs, none(RUNS));
        List<String> _ = herd("the same, with their cursors", runs, cursors);
        List<String> one = Collections.nCopies(WATCHERS, runs.getFirst());
        List<String> _ = herd(WATCHERS + " watchers of one run, from the beginning", one, none(WATCHERS));
        List<String> _ = herd("the same, with their cursors", one, Collections.nCopies(WATCHERS, cursors.getFirst()));
        List<String> many = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            many.add(runs.get(i % RUNS));
            theirs.add(cursors.get(i % RUNS));
        }
        List<String> _ = herd(WATCHERS + " watchers of " + RUNS + " runs, with their cursors", many, theirs);
    }

    private static List<String> none(int count) {
        return Collections.nCopies(count, "");
    }

    /** Opens all at once, keeps them open until the last is answered, and returns the cursor that each has then. */
    private List<String> herd(String what, List<String> runs, List<String> cursors) throws Exception {
        List<Double> times = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(runs.size());
        List<Future<String>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < runs.size(); i++) {
                String run = runs.get(i);
                String cursor = cursors.get(i);
                all.add(threads.submit(() -> {
                    long began = System.nanoTime();
                    try (Answer answer = open(run, cursor)) {
                        if (answer.status() == 200) {
                            times.add((answer.answeredNanos() - began) / 1e6);
                        } else {
                            refused.incrementAndGet();
                        }
                        answered.countDown();
                        answered.await();
                        return answer.cursor();
                    }
                }));
            }
            List<String> found = new ArrayList<>();
            for (Future<String> each : all) {
                found.add(each.get());
            }
            System.out.println(
                    String.format(Locale.ROOT, "%-55s %s, refused %d", what, Samples.of(times), refused.get()));
            return found;
        }
    }

    private record Answer(int status, String cursor, long answeredNanos, InputStream body) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private Answer open(String run, String cursor) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("/v1/runs/" + run + "/stream"));
        if (!cursor.isEmpty()) {
            request.header("Last-Event-ID", cursor);
        }
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        String seen = cursor;
        if (response.statusCode() == 200 && cursor.isEmpty()) {
            seen = firstCursors(response.body());
        }
        return new Answer(response.statusCode(), seen, System.nanoTime(), response.body());
    }

    /** Reads up to the run's second event, after which nothing comes; returns its cursor. */
    private static String firstCursors(InputStream body) throws IOException {
        StringBuilder line = new StringBuilder();
        String cursor = "";
        @Nullable String event = null;
        while (true) {
            int next = body.read();
            if (next < 0) {
                throw new IOException("the stream was over before the run had started");
            }
            if (next != '\n') {
                line.append((char) next);
                continue;
            }
            String text = line.toString();
            line.setLength(0);
            if (text.startsWith("event:")) {
                event = text.substring(6).strip();
            } else if (text.startsWith("id:")) {
                cursor = text.substring(3).strip();
            } else if (text.isEmpty() && "run.started".equals(event)) {
                return cursor;
            }
        }
    }
}
