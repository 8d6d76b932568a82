package io.tailrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CachedProgramTest {

    private static final List<String> JVM = List.of("-XX:+UseSerialGC");

    @TempDir
    Path folder;

    /** The program that the tests start: says what it was given, and uses its library. */
    public static final class Greeter {
        private Greeter() {}

        public static void main(String[] args) {
            System.out.println(Library.greeting() + " " + List.of(args));
        }
    }

    /** What it uses. */
    public static final class Library {
        private Library() {}

        public static String greeting() {
            return "hello";
        }
    }

    @Test
    void releasedJarsComeFirstAndTheRestKeepsItsOrder() {
        CachedProgram program = CachedProgram.of(
                "Main",
                List.of(
                        Path.of("/z-1.0.jar"),
                        Path.of("/classes"),
                        Path.of("/a-1.0-SNAPSHOT.jar"),
                        Path.of("/b-2.jar")),
                folder);

        assertThat(program.libraries()).containsExactly(Path.of("/b-2.jar"), Path.of("/z-1.0.jar"));
        assertThat(program.own()).containsExactly(Path.of("/classes"), Path.of("/a-1.0-SNAPSHOT.jar"));
    }

    @Test
    void aCacheMadeOfARecordingIsUsedAndOutlivesARebuildOfOurs() throws Exception {
        Path library = jar("library-1.0.jar", Library.class);
        Path own = jar("own-1.0-SNAPSHOT.jar", Greeter.class);
        CachedProgram program = new CachedProgram(Greeter.class.getName(), List.of(library), List.of(own), folder);
        assertThat(String.join(" ", program.command(JVM, false, List.of()))).doesNotContain("AOTCache");
        assertThat(output(program.command(JVM, false, List.of("a b")))).isEqualTo("hello [a b]\n");

        Path recording = folder.resolve("recording");
        assertThat(output(program.recordingCommand(JVM, recording, List.of("x"))))
                .contains("hello [x]\n");
        output(program.cacheCommand(JVM, recording, program.cache()));

        Path rebuilt = jar("own-1.1-SNAPSHOT.jar", Greeter.class, CachedProgramTest.class);
        CachedProgram after = new CachedProgram(Greeter.class.getName(), List.of(library), List.of(rebuilt), folder);
        List<String> strict = List.of("-XX:+UseSerialGC", "-XX:AOTMode=on");
        assertThat(String.join(" ", after.command(strict, false, List.of())))
                .contains("-XX:AOTCache=" + program.cache());
        assertThat(output(after.command(strict, false, List.of("1")))).isEqualTo("hello [1]\n");
    }

    @Test
    void otherLibrariesHaveAnotherCache() throws Exception {
        Path one = jar("library-1.0.jar", Library.class);
        Path two = jar("library-1.1.jar", Library.class);
        assertThat(new CachedProgram("Main", List.of(one), List.of(), folder).cache())
                .isNotEqualTo(new CachedProgram("Main", List.of(two), List.of(), folder).cache());
    }

    private Path jar(String name, Class<?>... classes) throws IOException {
        Path file = folder.resolve(name);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (Class<?> type : classes) {
                String entry = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream code = type.getResourceAsStream("/" + entry)) {
                    Objects.requireNonNull(code).transferTo(jar);
                }
                jar.closeEntry();
            }
        }
        return file;
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
