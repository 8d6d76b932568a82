package io.tailrace.gateway.fuzz;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.Outcome;
import io.tailrace.gateway.configuration.Archives;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenExecution;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What there really is at the gateway that is asked, so that many requests get past the first check.
 *
 * @param archive one character for each byte
 * @param cursors tokens of {@code run}, with and without what the environment view adds
 */
record KnownThings(
        String run,
        String chat,
        String turn,
        String execution,
        String build,
        String digest,
        List<String> cursors,
        String archive) {
    static final String CONFIGURATION = "fuzzed";
    private static final String PLACE = "/workspaces/demo/configurations/" + CONFIGURATION;

    static KnownThings makeAt(TestGateway gateway) {
        byte[] archive = Archives.zip(Map.of("setup.py", new byte[] {1, 2, 3}));
        gateway.put(PLACE, archive);
        String build = gateway.post(PLACE + "/builds", "{}").text("id");
        String run = gateway.get(PLACE + "/builds/" + build).text("run_id");
        String cursor = gateway.get("/v1/runs/" + run).text("cursor");
        String chat = gateway.post("/v1/runs", """
                {"workspace":"demo","kind":"chat","chat":{"provider":"scripted"}}""").text("run_id");
        String turn = gateway.post("/v1/runs/" + chat + "/turns", "{\"text\":\"Hello?\"}")
                .text("turn_id");
        return new KnownThings(
                run,
                chat,
                turn,
                ended(),
                build,
                gateway.get(PLACE).text("digest"),
                List.of(cursor, cursor + "~" + run, cursor + "~undefined", cursor + "~"),
                new String(archive, StandardCharsets.ISO_8859_1));
    }

    /** One that has ended. */
    private static String ended() {
        try (KafkaLogUnderTest log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers())) {
            return new WrittenExecution(RunId.of(UUID.randomUUID()), log)
                    .create()
                    .prompt()
                    .prompt()
                    .prompt()
                    .complete(Outcome.SUCCEEDED)
                    .publish()
                    .id()
                    .value();
        }
    }
}
