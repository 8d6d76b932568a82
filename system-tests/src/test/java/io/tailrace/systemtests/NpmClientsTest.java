package io.tailrace.systemtests;

import io.tailrace.local.testing.NodePackages;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Clients of npm, in the versions of {@code src/test/clients/package.json}, lose their connections and go on. */
@Tag("real-clients")
@Timeout(300)
class NpmClientsTest {
    private static final long SEED = 1;
    private static final List<String> CLIENTS = List.of(
            "eventsource",
            "undici",
            "eventsource-client",
            "extended-eventsource",
            "launchdarkly-eventsource",
            "@microsoft/fetch-event-source");

    @TestFactory
    Stream<DynamicTest> receiveEveryEventOnceWhateverIsCut() throws Exception {
        if (!NodePackages.canBeInstalled()) {
            String notRun = "NOT RUN: the trial of npm's clients needs Node 20.15 or newer and npm on the PATH.";
            System.err.println(notRun);
            Assumptions.abort(notRun);
        }
        Path folder = NodePackages.install(Path.of("src", "test", "clients"), Path.of("target", "clients"));
        String script = folder.resolve("follow.mjs").toString();
        String types = String.join(",", EventTypes.OF_CHATS);
        Map<String, StreamClient> clients = new LinkedHashMap<>();
        CLIENTS.forEach(it -> clients.put(it, StreamClient.process("node", script, it, ClientProcess.URL, types)));
        return ClientTrial.of(SEED, clients);
    }
}
