package io.tailrace.systemtests;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The one stack that most system tests share: a broker, two gateways, a coordinator, two build-workers, two turn-workers, three
 * partitions. Started by the first test that asks; its processes end with this JVM. A test that ends a process starts
 * it again.
 */
final class SharedStack {
    /** The credential of the provider {@code keyed}, and the variable that has it. */
    static final String KEY = "sk-no-process-may-show-this";

    static final String KEY_VARIABLE = "SYSTEM_TESTS_KEY";

    private static final ModelServer MODELS = startModels();
    private static final TraceCollector TRACES = startTraces();
    private static final ToolServer TOOLS = startTools();
    private static final Path DATA = makeData();
    private static final NotesServer NOTES = makeNotes();
    private static final LocalStack STACK = start();

    private SharedStack() {}

    static LocalStack get() {
        return STACK;
    }

    /** The server of the provider {@code local}. */
    static ModelServer models() {
        return MODELS;
    }

    /** The one place that tools of turns may fetch from. */
    static ToolServer tools() {
        return TOOLS;
    }

    /** The server of tools that its turn-workers run. */
    static NotesServer notes() {
        return NOTES;
    }

    /** Where all its services export what a client says is recorded. */
    static TraceCollector traces() {
        return TRACES;
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

    private static ModelServer startModels() {
        try {
            return ModelServer.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TraceCollector startTraces() {
        try {
            return TraceCollector.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ToolServer startTools() {
        try {
            return ToolServer.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path makeData() {
        try {
            return Files.createTempDirectory("tailrace-system-tests");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NotesServer makeNotes() {
        try {
            return NotesServer.in(DATA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LocalStack start() {
        try {
            StackOptions.Builder options = StackOptions.forTests(DATA);
            for (String kind : List.of("gateway", "coordinator", "build-worker", "turn-worker")) {
                options.environment(kind, "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT", TRACES.endpoint())
                        .environment(kind, "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_SCHEDULEDELAY", "200ms")
                        .environment(kind, "MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "0");
            }
            return LocalStack.start(options.gateways(2)
                    .coordinators(1)
                    .buildWorkers(2)
                    .turnWorkers(2)
                    .partitions(3)
                    .environment("turn-worker", KEY_VARIABLE, KEY)
                    .environment("build-worker", "TAILRACE_WORKER_SLOTS", "4")
                    .providersFile(MODELS.providersFile(DATA))
                    .environment("turn-worker", ModelServer.KEY_VARIABLE, ModelServer.KEY)
                    .environment("turn-worker", "TAILRACE_WORKER_FIRST_BYTE_TIMEOUT", "6s")
                    .environment("turn-worker", "TAILRACE_WORKER_TOOLS_HTTP_HOSTS", TOOLS.host())
                    .environment(
                            "turn-worker",
                            "TAILRACE_WORKER_TOOLS_MCP_FILE",
                            NOTES.file().toString())
                    .environment("turn-worker", "TAILRACE_WORKER_TOOLS_HTTP_PRIVATE_HOSTS", TOOLS.host())
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
