package io.tailrace.benchmarks;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the spine costs, on a stack of its own with three partitions: from a submitted command to the claim of its
 * stage, from a printed line to a watcher's socket, a gigabyte of console output, and what a flood does to its
 * neighbours. Idle and flooded figures come from one run of this program, so that their ratios can be compared.
 */
public final class SpineBenchmark {
    private static final int PARTITIONS = 3;
    private static final long GIGABYTE = 1_000_000_000L;

    private final LocalStack stack;
    private final Client client;
    private final ClaimTimes claims;

    private SpineBenchmark(LocalStack stack) {
        this.stack = stack;
        this.client = new Client(stack.gateway(1));
        this.claims = new ClaimTimes(stack, client, PARTITIONS);
    }

    /** With the argument {@code gigabyte} only that part is measured. */
    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("tailrace-benchmark");
        try (LocalStack stack = LocalStack.start(StackOptions.forBenchmarks(data)
                .partitions(PARTITIONS)
                .buildWorkers(2)
                .environment("build-worker", "TAILRACE_WORKER_SLOTS", "4")
                .build())) {
            SpineBenchmark benchmark = new SpineBenchmark(stack);
            if (List.of(arguments).equals(List.of("gigabyte"))) {
                benchmark.gigabyte();
            } else {
                benchmark.run();
            }
        }
    }

    private void run() throws Exception {
        claims.measure(30);
        Samples idleClaims = claims.measure(200);
        say("submit -> attempt.started, idle", idleClaims);
        Samples idleLines = lines(100);
        say("printed line -> watcher, idle", idleLines);

        String flood = client.build("yes 'a line that is printed without end, about as long as console lines are'");
        awaitFirstLine(flood);
        Samples floodedClaims = claims.measure(100);
        say("submit -> attempt.started, beside a flood", floodedClaims);
        Samples floodedLines = lines(60);
        say("printed line -> watcher, beside a flood", floodedLines);
        client.cancel(flood);
        awaitEnd(flood);
        print(
                "ratio flooded/idle at the median: submit %.1f, line %.1f",
                floodedClaims.percentile(0.5) / idleClaims.percentile(0.5),
                floodedLines.percentile(0.5) / idleLines.percentile(0.5));
        gigabyte();
    }

    /** A process prints the clock every 100 ms; the difference at the watcher is the way of a lone line. */
    private Samples lines(int count) throws Exception {
        String run = client.build("for i in $(seq " + count + "); do date +%s%N; sleep 0.1; done");
        List<Double> milliseconds = new ArrayList<>();
        client.watch(run, (event, data, arrived) -> {
            if (event.equals("console.line")) {
                Instant now = Instant.now();
                long printed = Long.parseLong(
                        Client.json(data).at("/payload/text").asString().strip());
                long arrivedEpoch = now.getEpochSecond() * 1_000_000_000L + now.getNano();
                milliseconds.add((arrivedEpoch - printed) / 1e6);
            }
            return true;
        });
        return Samples.of(milliseconds.subList(Math.min(5, milliseconds.size() - 1), milliseconds.size()));
    }

    private void gigabyte() throws Exception {
        String line = "x".repeat(99);
        long began = System.nanoTime();
        String run = client.build("yes " + line + " | head -c " + GIGABYTE);
        long[] seen = new long[3];
        client.watch(run, (event, data, _) -> {
            if (event.equals("console.line")) {
                seen[0]++;
                int at = data.indexOf("\"text\":\"");
                seen[1] += data.indexOf('"', at + 8) - (at + 8);
                // A line that was flushed half-written comes in two events, and ends once.
                seen[1] += data.contains("\"end\":\"newline\"") ? 1 : 0;
                seen[2] += data.length();
            }
            return true;
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        print(
                "1 GB of console output to one watcher: %.1f s, %.1f MB/s; %d line events, %d bytes printed (%s), %.1f GB of frames",
                seconds,
                seen[1] / 1e6 / seconds,
                seen[0],
                seen[1],
                seen[1] == GIGABYTE ? "complete" : "NOT COMPLETE",
                seen[2] / 1e9);
        for (StackMember member : stack.members()) {
            print("  peak resident memory of %s: %s", member.name(), peakMemory(member.pid()));
        }
    }

    private static String peakMemory(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(it -> it.startsWith("VmHWM"))
                .map(it -> it.substring(6).strip())
                .findFirst()
                .orElse("unknown");
    }

    private void awaitFirstLine(String run) throws Exception {
        client.watch(run, (event, _, _) -> !event.equals("console.line"));
    }

    private void awaitEnd(String run) throws Exception {
        client.watch(run, (event, _, _) -> !event.equals("run.completed"));
    }

    private static void say(String what, Samples samples) {
        print("%-45s %s", what, samples);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
