package io.tailrace.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunFileTest {

    @Test
    void aListIsAPlan() {
        assertThat(RunFile.parse("f", "- step: build\n  recipe: commands\n  definition: hello\n")
                        .request()
                        .toString())
                .isEqualTo("{\"workspace\":\"local\",\"kind\":\"build\","
                        + "\"plan\":[{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}]}");
    }

    @Test
    void aMappingIsTheRequestAndOptionsReplaceWhatItSays() {
        RunFile file = RunFile.parse("f", "{\"workspace\": \"shop\", \"plan\": [], \"limits\": {\"max_attempts\": 2}}")
                .with("workspace", Optional.of("other"))
                .with("title", Optional.empty());

        assertThat(file.request().toString())
                .isEqualTo("{\"workspace\":\"other\",\"kind\":\"build\",\"plan\":[],\"limits\":{\"max_attempts\":2}}");
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        assertThatThrownBy(() -> RunFile.parse("x.yaml", "a: [1,\nb: }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x.yaml is neither YAML nor JSON")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> RunFile.parse("x.yaml", "hello"))
                .hasMessageContaining("holds neither a request nor a plan");
        assertThatThrownBy(() -> RunFile.parse("x.yaml", "")).hasMessageContaining("neither a request nor a plan");
        assertThatThrownBy(() -> RunFile.read(Path.of("no/such/file")))
                .hasMessageContaining("There is no file no/such/file");
    }
}
