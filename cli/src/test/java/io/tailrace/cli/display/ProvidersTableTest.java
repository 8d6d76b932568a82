package io.tailrace.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProvidersTableTest {

    private static List<String> table(String json) throws Exception {
        return ProvidersTable.of(new ObjectMapper().readTree(json));
    }

    @Test
    void showsModelsAndWhichVariableIsMissing() throws Exception {
        assertThat(table("""
                {"recorded_at":"2026-11-21T10:00:00.000Z","recorded_by":"turn-worker-1-ab","providers":[
                  {"id":"scripted","available":true,"missing":[],"default_model":"scripted-1","models":[{"id":"scripted-1"}]},
                  {"id":"aws","available":false,"missing":["AWS_ACCESS_KEY_ID","AWS_SECRET_ACCESS_KEY"],
                   "models":[{"id":"nova"},{"id":"pro"}]}]}"""))
                .containsExactly(
                        "PROVIDER  MODELS       AVAILABLE",
                        "scripted  scripted-1*  yes",
                        "aws       nova, pro    no: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY are not set",
                        "* answers turns that name no model. Recorded 2026-11-21T10:00:00.000Z by turn-worker-1-ab.");
    }

    @Test
    void saysWhatToDoWhereThereAreNone() throws Exception {
        assertThat(table("{\"providers\":[]}"))
                .singleElement()
                .asString()
                .contains("No turn-worker", "tailrace status");
    }

    @Test
    void namesCannotSpeakToTheTerminal() throws Exception {
        String all = String.join("\n", table("""
                {"providers":[{"id":"a\\u001b[2Jb\\u0007","available":true,"missing":[],"models":[{"id":"m\\u009b1"}]}]}"""));
        assertThat(all).contains("ab").doesNotContain("\u001b", "\u0007");
    }
}
