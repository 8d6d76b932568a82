package io.tailrace.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.configuration.Archives;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Providers through HTTP, on a broker that begins without any. */
class ProvidersApiTest {
    private static final JsonNode COMPANY = JsonMapper.shared().readTree("""
            {"id":"company","family":"openai","api":"chat","base_url":"https://models.example/v1",
             "credential_variables":["COMPANY_KEY"],"missing":["COMPANY_KEY"],"available":false,"default_model":"small",
             "models":[{"id":"small","context_window_tokens":32000,"max_output_tokens":8000,
               "defaults":{"max_output_tokens":1000,"temperature":0.2,"top_p":0.95,"stop":["X"]},
               "capabilities":["streaming","json"]}]}""");
    private static final JsonNode SCRIPTED = JsonMapper.shared().readTree("""
            {"id":"scripted","family":"scripted","credential_variables":[],"missing":[],"available":true,
             "models":[{"id":"scripted-1","context_window_tokens":128000,"max_output_tokens":16000,
               "defaults":{"stop":[]},"capabilities":["tools"]}]}""");

    @Test
    void whatTurnWorkersRecordIsShownAtOnceByEveryGateway(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                TestGateway gateway = TestGateway.startOn(broker.bootstrapServers())) {
            gateway.awaitReady();
            beforeAnyTurnWorkerHasStartedThereAreNone(gateway);
            theCatalogueIsShownAsItWasRecorded(broker, gateway);
            configurationsAreBesideItAndNotPartOfIt(gateway);
            theNextOneReplacesItWhole(broker, gateway);
            try (TestGateway later = TestGateway.startOn(broker.bootstrapServers())) {
                later.awaitReady();
                assertThat(later.get("/v1/providers").json())
                        .isEqualTo(gateway.get("/v1/providers").json());
            }
        }
    }

    private static void beforeAnyTurnWorkerHasStartedThereAreNone(TestGateway gateway) {
        Answer none = gateway.get("/v1/providers");
        assertThat(none.status()).isEqualTo(200);
        assertThat(none.body()).isEqualTo("{\"providers\":[]}");
        Answer unknown = gateway.get("/v1/providers/scripted");
        Refusal.check(unknown, 404, "unknown_provider", "");
        assertThat(unknown.text("detail")).contains("No turn-worker");
    }

    private static void theCatalogueIsShownAsItWasRecorded(EmbeddedBroker broker, TestGateway gateway) {
        ScriptedProviders.record(
                broker.bootstrapServers(),
                "turn-worker-1:a",
                ScriptedProviders.scripted(),
                ScriptedProviders.company("COMPANY_KEY"));
        Answer all = gateway.get("/v1/providers");
        assertThat(all.header("cache-control")).contains("no-store");
        assertThat(all.text("recorded_at")).isEqualTo("2026-11-21T10:00:00.000Z");
        assertThat(all.text("recorded_by")).isEqualTo("turn-worker-1:a");
        assertThat(all.json().get("providers")).containsExactly(SCRIPTED, COMPANY);
        assertThat(gateway.get("/v1/providers/company").json()).isEqualTo(COMPANY);
        Answer unknown = gateway.get("/v1/providers/nobody");
        Refusal.check(unknown, 404, "unknown_provider", "");
        assertThat(unknown.text("detail")).contains("scripted, company");
    }

    private static void configurationsAreBesideItAndNotPartOfIt(TestGateway gateway) {
        byte[] archive = Archives.zip(Map.of("setup.py", new byte[] {2}));
        assertThat(gateway.put("/workspaces/w/configurations/providers", archive)
                        .status())
                .isEqualTo(201);
        assertThat(gateway.get("/workspaces/w/configurations").json().get("configurations"))
                .hasSize(1);
        assertThat(gateway.get("/v1/providers").json().get("providers")).hasSize(2);
        assertThat(gateway.get("/actuator/prometheus").body())
                .contains("tailrace_gateway_configurations 1.0")
                .contains("tailrace_gateway_definitions_skipped_total 0.0");
    }

    private static void theNextOneReplacesItWhole(EmbeddedBroker broker, TestGateway gateway) {
        ScriptedProviders.record(broker.bootstrapServers(), "turn-worker-2:b", ScriptedProviders.company());
        Answer all = gateway.get("/v1/providers");
        assertThat(all.text("recorded_by")).isEqualTo("turn-worker-2:b");
        assertThat(all.json().get("providers")).hasSize(1);
        assertThat(all.json().at("/providers/0/available").asBoolean()).isTrue();
        assertThat(gateway.get("/v1/providers/scripted").status()).isEqualTo(404);
    }
}
