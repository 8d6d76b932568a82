package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Nothing that ships pretends. The one thing that answers without a model is the scripted provider: deliberate,
 * deterministic, and named so wherever it answers.
 */
class MainCodeTest {
    private static final Path HOME = TailraceHome.locate();
    private static final Pattern PRETENDER = Pattern.compile(
            "\\b(?:class|record|interface|enum)\\s+((?:Fake|Mock|Stub|Dummy)\\w*|\\w+(?:Fake|Mock|Stub|Dummy))\\b");
    private static final Pattern UNFINISHED = Pattern.compile(
            "\\b(TODO|FIXME|XXX|HACK)\\b|\\bfor now\\b|\\bnot (yet )?implemented\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern TEST_LIBRARY =
            Pattern.compile("junit|mockito|assertj|awaitility|jqwik|archunit|testcontainers|wiremock|hamcrest|easymock"
                    + "|test-utils|spring-boot-starter-test|spring-test|okhttp-eventsource|docker-java");
    private static final Pattern VIRTUAL = Pattern.compile("\\bofVirtual\\b|[vV]irtualThread");
    private static final Pattern OF_A_PROCESS = Pattern.compile("\\bProcess\\b|\\bBoundedLines\\b");

    /** A broker for the tests of all modules; it is kept out of what ships, which the test below sees to. */
    private static final String TEST_SUPPORT = "local-stack: testcontainers-kafka";

    @Test
    void noClassOfTheMainCodeIsAStandIn() {
        List<String> found = new ArrayList<>();
        for (Path source : mainFiles()) {
            PRETENDER.matcher(text(source)).results().forEach(it -> found.add(shown(source) + ": " + it.group(1)));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void nothingOfTheMainCodeIsPutOff() {
        List<String> found = new ArrayList<>();
        for (Path source : mainFiles()) {
            UNFINISHED
                    .matcher(text(source))
                    .results()
                    .forEach(it -> found.add(source.getFileName() + ": " + it.group()));
        }
        assertThat(found)
                .as("beside the name of HTTP's status 501")
                .containsExactly("ProblemMapping.java: Not implemented");
    }

    /**
     * A virtual thread that waits for a pipe holds its carrier. Once as many wait as there are carriers, and nothing else was to be done
     * for half a minute, no virtual thread of that service runs any more.
     */
    @Test
    void whatWaitsForAProcessIsNoVirtualThread() {
        assertThat(mainFiles().stream()
                        .filter(it -> it.toString().endsWith(".java"))
                        .filter(it -> OF_A_PROCESS.matcher(text(it)).find())
                        .filter(it -> VIRTUAL.matcher(text(it)).find())
                        .map(it -> it.getFileName().toString()))
                .as("these wait for its end, which parks a thread, and for nothing that it writes")
                .containsExactlyInAnyOrder("ProcessCensus.java", "PhaseRunner.java");
    }

    @Test
    void onlyOneProviderNeedsNoModel() {
        assertThat(mainFiles().stream()
                        .filter(it -> text(it).contains("implements ModelProvider"))
                        .map(it -> it.getFileName().toString()))
                .as("the last one adds a span to the calls of another, and answers nothing itself")
                .containsExactlyInAnyOrder(
                        "ScriptedProvider.java",
                        "OpenAiProvider.java",
                        "AnthropicProvider.java",
                        "BedrockProvider.java",
                        "TracedProvider.java");
    }

    @Test
    void noModuleNeedsATestLibraryToRun() throws Exception {
        List<String> found = new ArrayList<>();
        for (Path module : modules()) {
            NodeList dependencies = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(module.resolve("pom.xml").toFile())
                    .getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                Element dependency = (Element) dependencies.item(i);
                String artifact = child(dependency, "artifactId");
                if (TEST_LIBRARY.matcher(artifact).find()
                        && !child(dependency, "scope").equals("test")) {
                    found.add(module.getFileName() + ": " + artifact);
                }
            }
        }
        assertThat(found).containsExactly(TEST_SUPPORT);
    }

    @Test
    void whatShipsHasNoTestLibrary() throws Exception {
        List<String> shipped = new ArrayList<>();
        for (String service : List.of("api-gateway", "run-coordinator", "build-worker", "turn-worker")) {
            int before = shipped.size();
            try (ZipFile jar = new ZipFile(jar(service).toFile())) {
                jar.stream()
                        .map(it -> it.getName())
                        .filter(it -> it.endsWith(".jar"))
                        .forEach(shipped::add);
            }
            assertThat(shipped.size()).as("libraries of " + service).isGreaterThan(before + 20);
        }
        try (Stream<Path> libraries = Files.list(HOME.resolve("cli/target/lib"))) {
            libraries.map(it -> it.getFileName().toString()).forEach(shipped::add);
        }
        assertThat(shipped).noneMatch(it -> TEST_LIBRARY.matcher(it).find());
    }

    private static Path jar(String service) throws IOException {
        try (Stream<Path> built = Files.list(HOME.resolve(service).resolve("target"))) {
            return built.filter(it -> it.getFileName().toString().matches(service + "-[0-9].*(?<!-tests)\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String child(Element element, String name) {
        NodeList found = element.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    private static List<Path> modules() {
        try (Stream<Path> folders = Files.list(HOME)) {
            List<Path> modules = folders.filter(it -> Files.isDirectory(it.resolve("src/main")))
                    .sorted()
                    .toList();
            assertThat(modules.stream().map(it -> it.getFileName().toString()))
                    .contains(
                            "api-gateway",
                            "cli",
                            "event-schemas",
                            "run-coordinator",
                            "run-log",
                            "turn-worker",
                            "worker-kit");
            return modules;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> mainFiles() {
        List<Path> files = new ArrayList<>();
        for (Path module : modules()) {
            try (Stream<Path> walk = Files.walk(module.resolve("src/main"))) {
                walk.filter(it -> it.toString().matches(".*\\.(java|js|html|yaml|xml|sh|css)"))
                        .forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(files).hasSizeGreaterThan(400);
        return files;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(Path file) {
        return HOME.relativize(file).toString();
    }
}
