package io.tailrace.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class HitLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void eachPassageSaysWhereItIsFrom() throws Exception {
        String answer = """
                {"hits":[
                  {"document_id":"kettle.md","title":"Kettle","headings":["Kettle","Use"],"score":0.667,"text":"# Use\\n\\nFill it.\\u001b[2J"},
                  {"document_id":"pot","title":"pot","headings":[],"score":0.5,"text":"Pots."}]}""";
        assertThat(HitLines.of(JSON.readTree(answer)))
                .containsExactly(
                        "0.67  Kettle > Use  (kettle.md)",
                        "      # Use",
                        "      ",
                        "      Fill it.",
                        "",
                        "0.50  pot  (pot)",
                        "      Pots.");
        assertThat(HitLines.of(JSON.readTree("{\"hits\":[]}"))).containsExactly("Nothing was found.");
    }
}
