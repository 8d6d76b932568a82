package io.tailrace.gateway.toolserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.ScriptedToolServers;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of tools through HTTP, and what assistants may take from them, on a broker that begins without any. */
class ToolServersTest {
    @Test
    void assistantsUseWhatTurnWorkersHaveRecorded(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                TestGateway gateway = TestGateway.startOn(broker.bootstrapServers())) {
            gateway.awaitReady();
            String brokers = broker.bootstrapServers();
            ScriptedProviders.record(brokers, "worker", ScriptedProviders.scripted());
            assertThat(gateway.get("/v1/tool-servers").body()).isEqualTo("{\"servers\":[]}");
            Answer none = put(gateway, served("files", "read_file", ""));
            assertThat(none.status()).as(none.body()).isEqualTo(201);
            assertThat(findings(none, "warnings")).containsExactly("prompts[0].tools[0].server servers_unknown");

            ScriptedToolServers.record(
                    brokers, "turn-worker-1", ScriptedToolServers.files(), ScriptedToolServers.gone());
            theCatalogueIsShownAsItWasRecorded(gateway);
            whatIsThereIsTakenAndNothingElse(gateway);
            Answer stored = gateway.send("PUT", "/v1/assistants/reader", document(served("files", "read_file", "")));
            assertThat(stored.status()).isEqualTo(415);
            assertThat(put(gateway, served("files", "read_file", "")).status()).isEqualTo(200);
            assertThat(run(gateway).status()).isIn(201, 202);

            // What has gone is found when a run is made.
            ScriptedToolServers.record(brokers, "turn-worker-1", ScriptedToolServers.gone());
            Answer gone = run(gateway);
            Refusal.check(gone, 422, "invalid_assistant", "prompts[0].tools[0].server");
            assertThat(gone.body()).contains("Known are: gone");
        }
    }

    private static void theCatalogueIsShownAsItWasRecorded(TestGateway gateway) {
        Answer all = gateway.get("/v1/tool-servers");
        assertThat(all.header("cache-control")).contains("no-store");
        assertThat(all.body()).isEqualTo("""
                {"recorded_at":"2026-11-30T10:00:00.000Z","recorded_by":"turn-worker-1","servers":[{"id":"files",\
                "tools":[{"name":"read_file","description":"Reads a file."},{"name":"fs.list"}]},\
                {"id":"gone","failure":"It ended.","tools":[]}]}""");
        assertThat(gateway.get("/v1/providers").json().get("providers")).hasSize(1);
    }

    private static void whatIsThereIsTakenAndNothingElse(TestGateway gateway) {
        Answer unknown = put(gateway, served("file", "read_file", "") + "," + served("files", "write_file", ""));
        assertThat(findings(unknown, "errors"))
                .containsExactly(
                        "prompts[0].tools[0].server unknown_server", "prompts[0].tools[1].tool unknown_server_tool");
        assertThat(unknown.body()).contains("Known are: files, gone", "The server's tools are: read_file, fs.list");
        Answer unnamed = put(gateway, served("files", "fs.list", ""));
        assertThat(findings(unnamed, "errors")).containsExactly("prompts[0].tools[0].name missing_field");
        assertThat(put(gateway, served("files", "fs.list", ",\"name\":\"list\""))
                        .status())
                .isEqualTo(200);
        Answer perhaps = put(gateway, served("gone", "any", ""));
        assertThat(perhaps.status()).isEqualTo(200);
        assertThat(findings(perhaps, "warnings")).containsExactly("prompts[0].tools[0].server server_unavailable");
        assertThat(perhaps.body()).contains("It ended.");
    }

    private static String served(String server, String tool, String more) {
        return "{\"type\":\"mcp\",\"server\":\"" + server + "\",\"tool\":\"" + tool + "\"" + more + "}";
    }

    private static String document(String tools) {
        return "{\"prompts\":[{\"id\":1,\"name\":\"a\",\"text\":\"Hello?\",\"provider\":\"scripted\","
                + "\"model\":\"scripted-1\",\"tools\":[" + tools + "]}]}";
    }

    private static Answer put(TestGateway gateway, String tools) {
        return gateway.send("PUT", "/v1/assistants/reader", document(tools), "Content-Type", "application/json");
    }

    private static Answer run(TestGateway gateway) {
        return gateway.post("/v1/runs", "{\"workspace\":\"local\",\"kind\":\"assistant\",\"assistant\":\"reader\"}");
    }

    private static List<String> findings(Answer answer, String member) {
        List<String> found = new ArrayList<>();
        answer.json()
                .get(member)
                .forEach(it -> found.add(
                        it.get("path").asString() + " " + it.get("code").asString()));
        return found;
    }
}
