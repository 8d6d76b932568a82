package io.tailrace.builds.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipesTest {

    private static final String HELLO = """
            phases:
              - name: hello
                title: Say hello
                argv: [echo, hello]
                timeout_ms: 5000
                environment: {GREETING: hello}
                continue_on_failure: true
              - name: bye
                argv: [echo, bye]
            """;

    @TempDir
    private Path data;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(data.resolve("recipes"));
    }

    @Test
    void readsTheOperatorsPhases() throws Exception {
        Files.writeString(folder.resolve("hello.yaml"), HELLO);

        List<Phase> phases = recipes(false).phasesOf(named("hello"));

        assertThat(phases).hasSize(2);
        assertThat(phases.getFirst())
                .isEqualTo(new Phase(
                        "hello",
                        "Say hello",
                        List.of("echo", "hello"),
                        Duration.ofSeconds(5),
                        Map.of("GREETING", "hello"),
                        true));
        assertThat(phases.getLast().title()).isEqualTo("bye");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"missing", "../outside", "/etc/passwd", "..", ".hidden", "a/b", "UPPER", "nul\0", "new\nline", ""
            })
    void whatNamesNoDefinitionInTheFolderIsUnknown(String name) throws Exception {
        Files.writeString(data.resolve("outside.yaml"), HELLO);
        Files.writeString(folder.resolve(".hidden.yaml"), HELLO);

        assertThatExceptionOfType(InvalidRecipe.class)
                .isThrownBy(() -> recipes(false).phasesOf(named(name)))
                .satisfies(problem -> assertThat(problem.toFailure().code()).isEqualTo("unknown_definition"));
    }

    @Test
    void aLinkOutOfTheFolderIsRefused() throws Exception {
        Path outside = Files.writeString(data.resolve("outside.yaml"), HELLO);
        Files.createSymbolicLink(folder.resolve("link.yaml"), outside);

        assertUnusable("link", "leads out of the folder");
    }

    @Test
    void aLinkWithinTheFolderIsRead() throws Exception {
        Files.writeString(folder.resolve("hello.yaml"), HELLO);
        Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("hello.yaml"));

        assertThat(recipes(false).phasesOf(named("link"))).hasSize(2);
    }

    @Test
    void eachFaultOfAFileIsNamedWithItsPlace() throws Exception {
        write("phases:\n  - name: a\n    argv: echo\n");
        assertUnusable("bad", "phases[0].argv");
        write("phases:\n  - name: a\n    argv: [echo]\n    shell: true\n");
        assertUnusable("bad", "phases[0].shell");
        write("steps: []\n");
        assertUnusable("bad", "one key \"phases\"");
        write("");
        assertUnusable("bad", "one key \"phases\"");
        write("phases: [\n");
        assertUnusable("bad", "not YAML");
        write("phases: !!javax.script.ScriptEngineManager []\n");
        assertUnusable("bad", "not YAML");
        write("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n" + "d: [" + "*c, ".repeat(30) + "*c]\n");
        assertUnusable("bad", "not YAML");
        write("#".repeat(300_000));
        assertUnusable("bad", "larger than");
        Files.write(folder.resolve("bad.yaml"), new byte[] {(byte) 0xff, 'a'});
        assertUnusable("bad", "not UTF-8");
    }

    @Test
    void phasesOfTheRequestRunOnlyWhereTheOperatorAllowsIt() throws Exception {
        Phase phase = new Phase("a", "A", List.of("true"), Duration.ofSeconds(1), Map.of(), false);
        BuildStep step = new BuildStep(BuildStep.COMMANDS, Optional.empty(), List.of(phase));

        assertThat(recipes(true).phasesOf(step)).containsExactly(phase);
        assertThatExceptionOfType(InvalidRecipe.class)
                .isThrownBy(() -> recipes(false).phasesOf(step))
                .withMessageContaining("tailrace.worker.adhoc-phases");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("bad.yaml"), text);
    }

    private void assertUnusable(String name, String problem) {
        assertThatExceptionOfType(InvalidRecipe.class)
                .isThrownBy(() -> recipes(false).phasesOf(named(name)))
                .withMessageContaining(problem)
                .satisfies(invalid -> assertThat(invalid.toFailure().code()).isEqualTo("invalid_definition"));
    }

    private Recipes recipes(boolean adhoc) {
        return new Recipes(Optional.of(new RecipeFolder(folder)), adhoc);
    }

    private static BuildStep named(String definition) {
        return new BuildStep(BuildStep.COMMANDS, Optional.of(definition), List.of());
    }
}
