package io.tailrace.systemtests;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The one stack that most system tests share: a broker, two gateways, a coordinator, two build-workers, two turn-workers, three
 * partitions. Started by the first test that asks; its processes end with this JVM. A test that ends a process starts
 * it again.
 */
final class SharedStack {
    /** The credential of the provider {@code keyed}, and the variable that has it. */
    static final String KEY = "sk-no-process-may-show-this";

    static final String KEY_VARIABLE = "SYSTEM_TESTS_KEY";
    /** The variable of the provider {@code keyless}, which nobody sets. */
    static final String ABSENT_VARIABLE = "SYSTEM_TESTS_ABSENT_KEY";

    /** Nobody listens there: no test calls these. */
    private static final String PROVIDERS = """
            providers:
              - id: keyed
                family: openai
                base_url: http://127.0.0.1:9/v1
                credential_env: %s
                models:
                  - {id: m, context_window_tokens: 32000, max_output_tokens: 8000,
                     defaults: {temperature: 0.2}, capabilities: [tools, streaming]}
              - id: keyless
                family: anthropic
                credential_env: %s
                models:
                  - {id: m, context_window_tokens: 8000, max_output_tokens: 1000}
            """.formatted(KEY_VARIABLE, ABSENT_VARIABLE);

    private static final LocalStack STACK = start();

    private SharedStack() {}

    static LocalStack get() {
        return STACK;
    }

    static Gateway gateway(int number) {
        return new Gateway(STACK.gateway(number));
    }

    static StackMember member(String name) {
        return STACK.member(name);
    }

    /** Whatever a test before has left stopped is started again. */
    static void heal() throws IOException {
        for (StackMember member : STACK.members()) {
            if (!member.isAlive()) {
                member.start();
            }
            member.awaitReady();
        }
    }

    private static LocalStack start() {
        try {
            Path data = Files.createTempDirectory("tailrace-system-tests");
            Path providers = Files.writeString(data.resolve("providers.yaml"), PROVIDERS);
            return LocalStack.start(StackOptions.forTests(data)
                    .gateways(2)
                    .coordinators(1)
                    .buildWorkers(2)
                    .turnWorkers(2)
                    .partitions(3)
                    .providersFile(providers)
                    .environment("turn-worker", KEY_VARIABLE, KEY)
                    .environment("build-worker", "TAILRACE_WORKER_SLOTS", "4")
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
