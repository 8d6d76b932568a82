package io.tailrace.benchmarks;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the coordinator's commit interval costs: submit to {@code attempt.started}, each interval on a stack of its own. */
public final class CommitIntervalBenchmark {
    private static final int PARTITIONS = 3;
    private static final String[] INTERVALS = {"10ms", "20ms", "50ms", "100ms"};

    private CommitIntervalBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        for (String interval : INTERVALS) {
            Path data = Files.createTempDirectory("tailrace-benchmark");
            try (LocalStack stack = LocalStack.start(StackOptions.forBenchmarks(data)
                    .partitions(PARTITIONS)
                    .buildWorkers(2)
                    .environment("build-worker", "TAILRACE_WORKER_SLOTS", "4")
                    .environment("run-coordinator", "TAILRACE_COORDINATOR_COMMIT_INTERVAL", interval)
                    .build())) {
                ClaimTimes claims = new ClaimTimes(stack, new Client(stack.gateway(1)), PARTITIONS);
                claims.measure(50);
                System.out.println("commit interval " + interval + ", one after the other: " + claims.measure(150));
            }
        }
    }
}
