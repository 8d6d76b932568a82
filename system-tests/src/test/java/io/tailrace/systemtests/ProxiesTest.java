package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.TailraceHome;
import io.tailrace.local.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Streams behind real proxies, each with its file in docs/proxies. All at the same time, because most of it is waiting. */
@Tag("real-proxies")
@Timeout(300)
class ProxiesTest {

    @TestFactory
    Stream<DynamicTest> streamsArePassedOnAtOnceAndWhole() throws Exception {
        SharedStack.heal();
        List<DynamicTest> tests = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Proxy proxy : Proxy.values()) {
                Future<?> trial = threads.submit(() -> {
                    tried(proxy);
                    return null;
                });
                tests.add(DynamicTest.dynamicTest(proxy.name().toLowerCase(Locale.ROOT), () -> result(trial)));
            }
        }
        return tests.stream();
    }

    private static void tried(Proxy proxy) throws Exception {
        require(proxy);
        Gateway gateway = SharedStack.gateway(1);
        try (RunningProxy running = RunningProxy.start(proxy, gateway.uri("/"))) {
            new ProxyTrial(running, gateway).run();
        }
    }

    private static void require(Proxy proxy) {
        if (Programs.find(proxy.program()).isEmpty()) {
            String notRun = "NOT RUN: streams behind " + proxy.program()
                    + ", which is not on the PATH (a package of Debian; .ci/run installs it)";
            System.err.println(notRun);
            Assumptions.abort(notRun);
        }
    }

    private static void result(Future<?> trial) throws Exception {
        try {
            trial.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case Error error -> throw error;
                case Exception exception -> throw exception;
                case null, default -> throw failed;
            }
        }
    }

    @Test
    void everyProxyIsInTheTableWithItsFile() throws IOException {
        Path docs = TailraceHome.locate().resolve("docs");
        String page = Files.readString(docs.resolve("operations.md"));
        for (Proxy proxy : Proxy.values()) {
            for (String file : proxy.files()) {
                assertThat(page).contains("](proxies/" + file + ")");
            }
        }
    }
}
