package io.tailrace.cli.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.cli.sse.ScriptedServer;
import io.tailrace.cli.sse.ScriptedServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class KnowledgeCommandTest {
    @TempDir
    private Path folder;

    private static int run(ScriptedServer server, String command, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--gateway";
        all[2] = server.address().toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return new CommandLine(new KnowledgeCommand()).execute(all);
    }

    @Test
    void filesAreStoredOneByOneWithTheirKinds() throws Exception {
        Path one = Files.writeString(folder.resolve("kettle.md"), "# Kettle");
        Path two = Files.writeString(folder.resolve("pot.txt"), "Pot");
        String stored = "{\"status\":\"created\",\"chunks\":1}";
        try (ScriptedServer server = new ScriptedServer(Answer.of(201, stored), Answer.of(200, stored))) {
            assertThat(run(server, "add", "handbook", one.toString(), two.toString()))
                    .isZero();
            assertThat(server.asked())
                    .containsExactly(
                            "PUT /v1/repositories/handbook/documents/" + KnowledgeFile.documentId(one)
                                    + "?workspace=local",
                            "PUT /v1/repositories/handbook/documents/" + KnowledgeFile.documentId(two)
                                    + "?workspace=local");
            assertThat(server.bodies()).containsExactly("# Kettle", "Pot");
        }
    }

    @Test
    void aQuestionIsAskedAsItIs() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(200, "{\"hits\":[]}"))) {
            assertThat(run(server, "search", "--mode", "keyword", "handbook", "how", "hot & why?"))
                    .isZero();
            assertThat(server.asked())
                    .containsExactly("GET /v1/repositories/handbook/search?workspace=local&limit=5"
                            + "&q=how+hot+%26+why%3F&mode=keyword");
        }
    }

    @Test
    void aFileThatIsNotThereStoresNone() throws Exception {
        Path one = Files.writeString(folder.resolve("a.md"), "a");
        try (ScriptedServer server = new ScriptedServer()) {
            assertThat(run(
                            server,
                            "add",
                            "handbook",
                            one.toString(),
                            folder.resolve("b.md").toString()))
                    .isNotZero();
            assertThat(server.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "docs/api.md, docs/api.md, text/markdown",
        "./../docs/./my file.HTML, docs/my-file.HTML, text/html",
        "/etc/.hidden/x, etc/hidden/x, text/plain",
        "m\u00e4rz.pdf, m-rz.pdf, application/pdf"
    })
    void anIdIsAPathThatEveryGatewayTakes(Path path, String id, String mediaType) {
        assertThat(KnowledgeFile.documentId(path))
                .isEqualTo(id)
                .matches("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
        assertThat(KnowledgeFile.mediaType(path)).isEqualTo(mediaType);
    }
}
