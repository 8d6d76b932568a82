package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script is run in a copy of the checkout's outline, with JDKs and a Maven that are scripts themselves. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LauncherScriptTest {

    private static final List<String> MODULES = List.of(
            "cli",
            "local-stack",
            "api-gateway",
            "run-coordinator",
            "build-worker",
            "turn-worker",
            "event-schemas",
            "worker-kit",
            "run-log",
            "sandbox");

    @TempDir
    Path temp;

    private Path home;
    private Path bin;

    @BeforeEach
    void outline() throws IOException {
        home = Files.createDirectories(temp.resolve("a checkout with spaces"));
        bin = Files.createDirectories(temp.resolve("bin"));
        Files.copy(Path.of("..", "tailrace"), home.resolve("tailrace"));
        home.resolve("tailrace").toFile().setExecutable(true);
        old(Files.writeString(home.resolve("pom.xml"), "<project/>"));
        for (String module : MODULES) {
            Files.createDirectories(home.resolve(module).resolve("target"));
            Files.createDirectories(home.resolve(module).resolve("src"));
            old(Files.writeString(home.resolve(module).resolve("src").resolve("A.java"), "class A {}"));
            old(Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>"));
            Files.writeString(jar(module), "jar");
        }
        Files.createDirectories(home.resolve("target"));
        Files.writeString(home.resolve("target/built-all"), "");
        Files.writeString(home.resolve("target/built-cli"), "");
        script(bin.resolve("mvn"), "echo \"mvn $* with $JAVA_HOME\"; ${MVN_DOES:-true}");
    }

    @Test
    void takesTheJdkOfJavaHomeAndPassesArgumentsOn() throws Exception {
        Path jdk = jdk("mine", "25.0.1");

        Ran ran = run(Map.of("JAVA_HOME", jdk.toString()), "watch", "two words", "*");

        assertThat(ran.exit).isZero();
        assertThat(ran.out)
                .contains("java of mine")
                .contains("<-Dtailrace.home=" + home.toRealPath() + ">")
                .contains("<" + jar("cli").toRealPath() + "><watch><two words><*>")
                .doesNotContain("mvn");
    }

    @Test
    void rejectsAnOldJdkAndKeepsLooking() throws Exception {
        Path old = jdk("old", "17.0.9");
        jdk("jvm/temurin-21", "21.0.2");
        jdk("jvm/temurin-26", "26");

        Ran ran = run(
                Map.of(
                        "JAVA_HOME",
                        old.toString(),
                        "TAILRACE_JDK_FOLDERS",
                        temp.resolve("jvm").toString()),
                "status");

        assertThat(ran.exit).isZero();
        assertThat(ran.out).contains("java of temurin-26");
    }

    @Test
    void namesTheOldOnesWhenNothingElseIsThere() throws Exception {
        Path old = jdk("old", "1.8.0_392");
        jdk("jvm/temurin-24", "24.0.1");

        Ran ran = run(
                Map.of(
                        "JAVA_HOME",
                        old.toString(),
                        "TAILRACE_JDK_FOLDERS",
                        temp.resolve("jvm").toString()),
                "status");

        assertThat(ran.exit).isEqualTo(69);
        assertThat(ran.out)
                .contains("A JDK of version 25 or newer is needed")
                .contains(old + " (JDK 8)")
                .contains("temurin-24 (JDK 24)")
                .contains("JAVA_HOME");
    }

    @Test
    void aJavaWithoutACompilerIsNoJdk() throws Exception {
        Path runtime = jdk("jre", "25.0.1");
        Files.delete(runtime.resolve("bin/javac"));

        Ran ran = run(Map.of("JAVA_HOME", runtime.toString(), "TAILRACE_JDK_FOLDERS", ""), "status");

        assertThat(ran.exit).isEqualTo(69);
    }

    @Test
    void asksAJdkThatHasNoReleaseFile() throws Exception {
        Path jdk = jdk("bare", "25.0.1");
        Files.delete(jdk.resolve("release"));

        Ran ran = run(Map.of("JAVA_HOME", jdk.toString()), "status");

        assertThat(ran.out).contains("java of bare");
    }

    @Test
    void worksFromAnyFolderAndThroughALink() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        Path link = Files.createSymbolicLink(bin.resolve("tr"), home.resolve("tailrace"));

        Ran ran = run(temp, link, Map.of("JAVA_HOME", jdk.toString()), "status");

        assertThat(ran.out).contains("<-Dtailrace.home=" + home.toRealPath() + ">");
    }

    @Test
    void buildsWhatIsOutOfDateAndOnlyThen() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString());
        newer(home.resolve("api-gateway/src/A.java"));

        assertThat(run(environment, "status").out).doesNotContain("mvn");
        assertThat(run(environment, "up").out)
                .contains("mvn")
                .contains("cli,api-gateway")
                .contains("package with " + jdk);
    }

    @Test
    void aBuildOfEverythingIsABuildOfTheCommandsToo() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString());
        Files.delete(home.resolve("target/built-all"));
        Files.delete(home.resolve("target/built-cli"));

        assertThat(run(environment, "up").out).contains("mvn");
        assertThat(run(environment, "status").out).doesNotContain("mvn");

        newer(home.resolve("cli/src/A.java"));
        assertThat(run(environment, "status").out).contains("mvn");
    }

    /** The script's builds skip the tests, and Maven refuses to build a module whose tests name a jar that was not made. */
    @Test
    void jarsOfTestsAreMadeByABuildWithoutTestsToo() throws Exception {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            List<Path> poms = modules.map(it -> it.resolve("pom.xml"))
                    .filter(Files::isRegularFile)
                    .toList();
            assertThat(poms).hasSizeGreaterThan(5);
            for (Path pom : poms) {
                String text = Files.readString(pom);
                if (text.contains("<goal>test-jar</goal>")) {
                    assertThat(text).as(pom.toString()).contains("<skip>false</skip>");
                }
            }
        }
    }

    @Test
    void withoutALocaleJavaGetsOneThatHasAllCharacters() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        script(jdk.resolve("bin/java"), "echo \"locale ${LC_ALL:-unset} ${LANG:-unset}\"");
        String home = jdk.toString();

        assertThat(run(Map.of("JAVA_HOME", home), "status").out).contains("locale C.UTF-8 unset");
        assertThat(run(Map.of("JAVA_HOME", home, "LANG", "C"), "status").out).contains("locale C.UTF-8 C");
        assertThat(run(Map.of("JAVA_HOME", home, "LANG", "de_DE.UTF-8"), "status").out)
                .contains("locale unset de_DE.UTF-8");
    }

    @Test
    void preparesFastStartsAfterABuildOfEverythingAndGoesOnWithoutThem() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        newer(home.resolve("api-gateway/src/A.java"));
        script(
                jdk.resolve("bin/java"),
                "for a; do printf '<%s>' \"$a\"; done; echo; case $* in *prepare) exit 3 ;; esac");

        Ran ran = run(Map.of("JAVA_HOME", jdk.toString()), "demo");

        assertThat(ran.exit).isZero();
        assertThat(ran.out).containsSubsequence("mvn", "<prepare>", "starts more slowly", "<demo>");
    }

    @Test
    void buildsWhenAJarIsMissing() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        Files.delete(jar("local-stack"));

        assertThat(run(Map.of("JAVA_HOME", jdk.toString()), "status").out).contains("mvn");
    }

    @Test
    void aFailedBuildStartsNothingAndIsTriedAgain() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        newer(home.resolve("cli/src/A.java"));
        Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString(), "MVN_DOES", "false");

        Ran ran = run(environment, "status");

        assertThat(ran.exit).isEqualTo(70);
        assertThat(ran.out).contains("The build failed").doesNotContain("java of mine");
        assertThat(run(environment, "status").exit).isEqualTo(70);
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Path jdk = jdk("mine", "25.0.1");
        Files.delete(bin.resolve("mvn"));
        Files.delete(jar("cli"));

        Ran ran = run(Map.of("JAVA_HOME", jdk.toString()), "status");

        assertThat(ran.exit).isEqualTo(69);
        assertThat(ran.out).contains("Maven (mvn) is needed");
    }

    @Test
    void countsTheTestsThatMavenRanInAllModules() throws Exception {
        Ran ran = testWithAMavenThatDoes("""
                echo '[INFO] Tests run: 100, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in a.Class'
                echo '[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0'
                echo '[WARNING] Tests run: 4, Failures: 0, Errors: 0, Skipped: 1'
                """);

        assertThat(ran.exit).isZero();
        assertThat(ran.out).contains("mvn -B -ntp").contains("verify").endsWith("\n10 passed, 0 failed, 1 skipped\n");
    }

    @Test
    void failsWithTheCountWhenTestsFail() throws Exception {
        Ran ran = testWithAMavenThatDoes("echo '[ERROR] Tests run: 7, Failures: 1, Errors: 2, Skipped: 0'; exit 1");

        assertThat(ran.exit).isEqualTo(1);
        assertThat(ran.out).contains("Maven failed with status 1").endsWith("\n4 passed, 3 failed, 0 skipped\n");
    }

    @Test
    void testsOfOneModuleThatFailDoNotHideThoseOfOthers() throws Exception {
        Ran ran = testWithAMavenThatDoes("""
                echo '[ERROR] Tests run: 7, Failures: 1, Errors: 0, Skipped: 0'
                echo '[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0'
                """);

        assertThat(ran.exit).isEqualTo(1);
        assertThat(ran.out).contains("-Dmaven.test.failure.ignore=true").endsWith("\n11 passed, 1 failed, 0 skipped\n");
    }

    @Test
    void namesTheTestsThatFailedWithWhatTheySaidAtTheEnd() throws Exception {
        Ran ran = testWithAMavenThatDoes("""
                echo '[ERROR] Tests run: 2, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 3.9 s <<< FAILURE! -- in a.Class'
                echo '[ERROR] a.Class.first(Path)[3] -- Time elapsed: 3.1 s <<< FAILURE!'
                echo 'java.lang.AssertionError: '
                echo ''
                echo '[what was asked] expected: 200'
                echo '[INFO] of another module'
                echo 'also of another module'
                echo '[ERROR] a.Class.second -- Time elapsed: 0.8 s <<< ERROR!'
                for i in 1 2 3 4 5 6 7 8; do echo "line $i"; done
                echo '[ERROR] Tests run: 7, Failures: 1, Errors: 1, Skipped: 0'
                echo '[INFO] BUILD SUCCESS'
                """);

        assertThat(ran.exit).isEqualTo(1);
        assertThat(ran.out).endsWith("""
                [INFO] BUILD SUCCESS
                failed: a.Class.first(Path)[3]
                    java.lang.AssertionError:\s
                    [what was asked] expected: 200
                failed: a.Class.second
                    line 1
                    line 2
                    line 3
                    line 4
                    line 5
                    line 6
                5 passed, 2 failed, 0 skipped
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"There was a timeout in the fork", "There was a timeout or other error in the fork"})
    void testsThatWereEndedByForceAreAFailureThoughNoneOfThoseThatRanFailed(String said) throws Exception {
        Ran ran = testWithAMavenThatDoes("""
                echo '[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0'
                echo '[ERROR] %s'
                """.formatted(said));

        assertThat(ran.exit).isEqualTo(1);
        assertThat(ran.out).contains("took too long").endsWith("\n5 passed, 0 failed, 0 skipped\n");
    }

    @Test
    void formatsWithoutBuildingAnything() throws Exception {
        Path jdk = jdk("mine", "25.0.1");

        Ran ran = run(Map.of("JAVA_HOME", jdk.toString()), "format", "-pl", "cli");

        assertThat(ran.exit).isZero();
        assertThat(ran.out).contains("mvn -B -ntp -pl cli spotless:apply").doesNotContain("java of mine");
        assertThat(run(Map.of("JAVA_HOME", jdk.toString(), "MVN_DOES", "false"), "format").exit)
                .isEqualTo(1);
    }

    private Ran testWithAMavenThatDoes(String body) throws Exception {
        Path maven = temp.resolve("maven");
        script(maven, body);
        String jdk = jdk("mine", "25.0.1").toString();
        return run(Map.of("JAVA_HOME", jdk, "MVN_DOES", maven.toString()), "test");
    }

    @Test
    void noTestsAtAllIsAFailure() throws Exception {
        Path jdk = jdk("mine", "25.0.1");

        Ran ran = run(Map.of("JAVA_HOME", jdk.toString()), "test");

        assertThat(ran.exit).isEqualTo(1);
        assertThat(ran.out).contains("No tests were run").endsWith("0 passed, 0 failed, 0 skipped\n");
    }

    private Path jar(String module) {
        return home.resolve(module).resolve("target").resolve(module + "-0.1.0-SNAPSHOT.jar");
    }

    /** A JDK that says who it is and what it was given. */
    private Path jdk(String name, String version) throws IOException {
        Path jdk = temp.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        String said = "openjdk version \\\"" + version + "\\\" 2025-09-16";
        script(
                jdk.resolve("bin/java"),
                "[ \"$1\" = -version ] && { echo \"" + said + "\" >&2; exit 0; }\n"
                        + "[ \"$2\" = -version ] && exit 0\n"
                        + "echo \"java of " + jdk.getFileName() + "\"; for a; do printf '<%s>' \"$a\"; done; echo");
        script(jdk.resolve("bin/javac"), "true");
        return jdk;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        file.toFile().setExecutable(true);
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3_600)));
    }

    private static void newer(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    }

    private record Ran(int exit, String out) {}

    private Ran run(Map<String, String> environment, String... arguments) throws Exception {
        return run(home, home.resolve("tailrace"), environment, arguments);
    }

    private Ran run(Path from, Path script, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(from.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        // The system's own tools, but neither its Java nor its Maven: those are the test's.
        builder.environment().put("PATH", bin + ":" + tools());
        builder.environment().put("HOME", temp.toString());
        builder.environment().put("TAILRACE_JDK_FOLDERS", "");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out);
    }

    private Path tools() throws IOException {
        Path tools = Files.createDirectories(temp.resolve("tools"));
        for (String tool : List.of(
                "ls", "dirname", "sed", "head", "find", "awk", "cat", "mv", "rm", "cp", "mkdir", "mktemp", "tee")) {
            String folder = Files.exists(Path.of("/usr/bin", tool)) ? "/usr/bin/" : "/bin/";
            script(tools.resolve(tool), "exec " + folder + tool + " \"$@\"");
        }
        return tools;
    }
}
