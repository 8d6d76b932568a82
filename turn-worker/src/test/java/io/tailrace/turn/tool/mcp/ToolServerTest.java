package io.tailrace.turn.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolServers.Described;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A server that misbehaves, in a process of its own, with and without isolation. */
@Timeout(120)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class ToolServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String TOKEN = "very-secret-token";

    private final Mode mode;

    @TempDir
    private Path folder;

    private List<AutoCloseable> opened = List.of();

    ToolServerTest(Mode mode) {
        this.mode = mode;
    }

    @BeforeAll
    static void node() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/node")), "NOT RUN: the odd server needs /usr/bin/node");
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        assertThat(processesOfOdd()).as("processes that are left").isEmpty();
    }

    private Servers servers(String how, String more, ServerTimes times) throws Exception {
        Servers servers = Servers.of(
                mode, folder, times, Map.of("TOKEN", TOKEN, "OTHER", "not passed on"), Servers.fileOfOdd(how, more));
        opened = Stream.concat(opened.stream(), Stream.of(servers)).toList();
        return servers;
    }

    private Servers servers(String how) throws Exception {
        return servers(how, "", Servers.TIMES);
    }

    private static ServerTimes startingWithin(Duration start) {
        return new ServerTimes(
                start,
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1));
    }

    /** A call that is canceled as soon as it was begun. */
    private static CompletableFuture<CallResult> stopped(Servers servers, String tool, String arguments) {
        StopSignal stop = new StopSignal();
        CompletableFuture<CallResult> call =
                CompletableFuture.supplyAsync(() -> servers.call("odd", tool, arguments, stop));
        stop.stop(StopReason.CANCELED);
        return call;
    }

    private static List<Long> processesOfOdd() {
        return ProcessHandle.current()
                .descendants()
                .filter(it -> it.isAlive()
                        && it.info().commandLine().orElse("").matches("(?s).*(odd-server|trap '' TERM HUP).*"))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** The server itself, not what starts it. */
    private static ProcessHandle process() {
        return ProcessHandle.current()
                .descendants()
                .filter(it -> it.info().commandLine().orElse("").matches("(\\S*/)?node \\S*odd-server.*"))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    @Test
    void startsAtTheFirstCallAndStaysForTheNext() throws Exception {
        Servers servers = servers("");
        assertThat(processesOfOdd()).isEmpty();

        assertThat(servers.odd("echo", "{\"text\":\"a\"}")).isEqualTo(CallResult.succeeded("echo a"));
        String first = servers.odd("pid", "").text();
        String second = servers.odd("pid", "{}").text();

        assertThat(second).isEqualTo(first);
        assertThat(servers.registry
                        .get("tailrace.turns.tool.servers.running")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void callsAtTheSameTimeShareOneProcess() throws Exception {
        Servers servers = servers("");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> calls = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> servers.odd("echo", "{\"text\":" + i + "}").text(), threads))
                    .toList();

            assertThat(calls.stream().map(CompletableFuture::join))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj(i -> "echo " + i).toList());
        }
        assertThat(starts(servers)).isEqualTo(1);
    }

    private static double starts(Servers servers) {
        return servers.registry.get("tailrace.turns.tool.servers.starts").counters().stream()
                .mapToDouble(it -> it.count())
                .sum();
    }

    @Test
    void saysWhichCallItIs() throws Exception {
        assertThat(servers("").odd("meta", "{}").text()).isEqualTo("{\"io.tailrace/idempotency-key\":\"r-1.1/1/0\"}");
    }

    @Test
    void tellsAnswersOfEveryKind() throws Exception {
        Servers servers = servers("");

        assertThat(servers.odd("refuses", "{}")).isEqualTo(CallResult.failed("tool_error", "the disk is full"));
        assertThat(servers.odd("structured", "{}").text()).isEqualTo("{\"degrees\":21.5}");
        assertThat(servers.odd("picture", "{}").text()).isEqualTo("see:\n[image image/png, 4 bytes]");
        assertThat(servers.odd("nothing", "{}").code()).contains("unknown_tool");
        assertThat(servers.call("other", "echo", "{}").code()).contains("server_unavailable");
        assertThat(servers.odd("echo", "[]").code()).contains("invalid_arguments");
        assertThat(servers.odd("echo", "{\"text\":\"" + "x".repeat(70_000) + "\"}")
                        .code())
                .contains("invalid_arguments");
    }

    @Test
    void knowsToolsThatAreAddedLater() throws Exception {
        Servers servers = servers("");
        assertThat(servers.odd("later", "{}").code()).contains("unknown_tool");

        assertThat(servers.odd("add", "{}").text()).isEqualTo("added");

        await().atMost(SOON).until(() -> servers.odd("later", "{}").text().equals("later"));
    }

    @Test
    void describesToolsAsTheServerDoes() throws Exception {
        Servers servers = servers("");

        assertThat(servers.servers.describe("odd", "echo", new StopSignal()))
                .isEqualTo(new Described.Usable(
                        java.util.Optional.of("Does echo."),
                        "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}"));
        assertThat(servers.servers.describe("odd", "huge", new StopSignal()))
                .isInstanceOfSatisfying(
                        Described.Unusable.class, it -> assertThat(it.reason()).contains("larger than 16384 bytes"));
        assertThat(servers.servers.list().getFirst().tools()).hasSizeGreaterThan(10);
    }

    @Test
    void passesOverWhatIsNoMessage() throws Exception {
        Servers servers = servers("prints");

        assertThat(servers.odd("echo", "{\"text\":\"b\"}").text()).isEqualTo("echo b");
        assertThat(servers.odd("echo", "{\"text\":\"c\"}").text()).isEqualTo("echo c");
        assertThat(starts(servers)).isEqualTo(1);
    }

    @Test
    void answersInAFlood() throws Exception {
        assertThat(servers("floods").odd("echo", "{\"text\":\"d\"}").text()).isEqualTo("echo d");
    }

    @Test
    void anAnswerThatIsTooLongFailsItsCallAtOnceAndNoOther() throws Exception {
        Servers servers = servers("");

        assertThat(servers.odd("long", "{\"bytes\":5000000}").code()).contains("result_too_large");
        assertThat(servers.odd("long", "{\"bytes\":3000000}").bytes()).isEqualTo(3_000_000);
        assertThat(starts(servers)).isEqualTo(1);
    }

    @Test
    void aServerThatDiesFailsTheCallAtOnceAndIsThereForTheNext() throws Exception {
        Servers servers = servers("");

        CallResult died = servers.odd("die", "{}");

        assertThat(died.outcome()).isEqualTo(ToolOutcome.FAILED);
        assertThat(died.code()).contains("server_unavailable");
        assertThat(died.text()).contains("exit code 7").contains("not known");
        assertThat(servers.odd("echo", "{\"text\":\"e\"}").text()).isEqualTo("echo e");
    }

    @Test
    void aServerThatIsKilledFailsTheCallAtOnceAndIsThereForTheNext() throws Exception {
        Servers servers = servers("");
        assertThat(servers.odd("echo", "{\"text\":\"f\"}").text()).isEqualTo("echo f");
        CompletableFuture<CallResult> call = CompletableFuture.supplyAsync(() -> servers.odd("slow", "{\"ms\":60000}"));
        ProcessHandle process = process();
        assertThat(call).isNotDone();

        process.destroyForcibly();

        assertThat(call.get(SOON.toSeconds(), TimeUnit.SECONDS).code()).contains("server_unavailable");
        assertThat(servers.odd("echo", "{\"text\":\"g\"}").text()).isEqualTo("echo g");
    }

    @Test
    void aServerThatKeepsFailingIsStartedAfterAPause() throws Exception {
        Servers servers = servers("exits-at-once", "pass_environment: [TOKEN]", Servers.TIMES);

        assertThat(servers.odd("echo", "{}").text()).contains("exit code 3");
        assertThat(servers.odd("echo", "{}").text()).contains("exit code 3");
        assertThat(servers.odd("echo", "{}").text()).contains("failed 2 times in a row");
        assertThat(servers.odd("echo", "{}").text()).doesNotContain(TOKEN);
        assertThat(starts(servers)).isEqualTo(2);
        assertThat(servers.servers.list().getFirst().failure()).isPresent();
    }

    @Test
    void aServerThatNeverAnswersIsEnded() throws Exception {
        Servers servers = servers("never-answers, ignores-sigterm", "", startingWithin(Duration.ofMillis(800)));

        assertThat(servers.odd("echo", "{}").text()).contains("did not answer");
        assertThat(processesOfOdd()).isEmpty();
        assertThat(starts(servers)).isEqualTo(1);
    }

    @Test
    void aCallThatTakesTooLongIsCanceledAtTheServerWhichStays() throws Exception {
        Servers servers = servers("", "timeout_seconds: 1", Servers.TIMES);

        CallResult result = servers.odd("slow", "{\"ms\":30000}");

        assertThat(result.code()).contains("timeout");
        await().atMost(SOON).until(() -> servers.odd("canceled", "{}").text().equals("[\"slow\"]"));
        assertThat(starts(servers)).isEqualTo(1);
    }

    @Test
    void aCallThatIsStoppedIsCanceledAtTheServerWhichStays() throws Exception {
        Servers servers = servers("");
        assertThat(servers.odd("echo", "{\"text\":\"h\"}").text()).isEqualTo("echo h");

        assertThat(stopped(servers, "slow", "{\"ms\":30000}")
                        .get(SOON.toSeconds(), TimeUnit.SECONDS)
                        .code())
                .contains("stopped");
        assertThat(servers.odd("echo", "{\"text\":\"i\"}").text()).isEqualTo("echo i");
        assertThat(starts(servers)).isEqualTo(1);
    }

    @Test
    void aServerThatDoesNotComeBackIsReplaced() throws Exception {
        Servers servers = servers("", "timeout_seconds: 1", Servers.TIMES);

        assertThat(servers.odd("spin", "{}").code()).contains("timeout");

        await().atMost(SOON)
                .until(() -> servers.odd("echo", "{\"text\":\"j\"}").text().equals("echo j"));
        assertThat(starts(servers)).isEqualTo(2);
        assertThat(servers.registry
                        .get("tailrace.turns.tool.servers.ends")
                        .tag("reason", "unresponsive")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aServerThatNoLongerReadsIsEndedThoughSomebodyWritesToIt() throws Exception {
        Servers servers = servers("", "timeout_seconds: 2", Servers.TIMES);
        assertThat(servers.odd("echo", "{\"text\":\"m\"}").text()).isEqualTo("echo m");
        List<Long> before = processesOfOdd();
        String large = "{\"text\":\"" + "x".repeat(60_000) + "\"}";

        List<CompletableFuture<CallResult>> calls = List.of(
                CompletableFuture.supplyAsync(() -> servers.odd("spin", "{}")),
                CompletableFuture.supplyAsync(() -> servers.odd("echo", large)),
                CompletableFuture.supplyAsync(() -> servers.odd("echo", large)),
                CompletableFuture.supplyAsync(() -> servers.odd("echo", large)));

        assertThat(calls.getFirst().join().outcome()).isEqualTo(ToolOutcome.FAILED);
        await().atMost(SOON).until(() -> processesOfOdd().stream().noneMatch(before::contains));
        calls.forEach(CompletableFuture::join);
        assertThat(servers.odd("echo", "{\"text\":\"n\"}").text()).isEqualTo("echo n");
        assertThat(starts(servers)).isEqualTo(2);
    }

    @Test
    void whatAServerTellsOfItsSecretsIsInNoDescriptionAndNoLog() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("io.tailrace.turn.tool.mcp");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.INFO);
        try {
            Servers servers = servers("tells-its-token", "pass_environment: [TOKEN]", Servers.TIMES);
            Servers refused = servers("refuses-its-token", "pass_environment: [TOKEN]", Servers.TIMES);

            assertThat(servers.servers
                            .describe("odd", "schema", new StopSignal())
                            .toString())
                    .contains("Does schema with ***.")
                    .contains("\"default\":\"***\"")
                    .doesNotContain(TOKEN);
            assertThat(servers.servers.list().toString())
                    .contains("Does echo with ***.")
                    .doesNotContain(TOKEN);
            assertThat(refused.odd("echo", "{}").text()).contains("wrong token: ***");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(List.copyOf(logged.list))
                            .extracting(ILoggingEvent::getFormattedMessage)
                            .anyMatch(it -> it.contains("not a message, token ***"))
                            .anyMatch(it -> it.contains("wrong token: ***"))
                            .noneMatch(it -> it.contains(TOKEN)));
        } finally {
            logger.detachAppender(logged);
            logger.setLevel(null);
        }
    }

    @Test
    void aStopEndsTheWaitForAListThatDoesNotCome() throws Exception {
        Servers servers = servers("lists-once");
        assertThat(servers.odd("add", "{}").text()).isEqualTo("added");

        assertThat(stopped(servers, "echo", "{\"text\":1}")
                        .get(10, TimeUnit.SECONDS)
                        .code())
                .contains("stopped");
    }

    @Test
    void aCallThatIsStoppedBeforeItIsSentIsNotSent() throws Exception {
        Servers servers = servers("");
        assertThat(servers.odd("later", "{}").code()).contains("unknown_tool");
        StopSignal stop = new StopSignal();
        stop.stop(StopReason.CANCELED);

        assertThat(servers.call("odd", "add", "{}", stop).code()).contains("stopped");

        assertThat(servers.odd("echo", "{\"text\":1}").text()).isEqualTo("echo 1");
        assertThat(servers.odd("later", "{}").code()).contains("unknown_tool");
    }

    @Test
    void aListThatNeverEndsIsWaitedForAsLongAsAStartMayTake() throws Exception {
        Servers servers = servers("never-ends-its-list", "", startingWithin(Duration.ofSeconds(3)));

        assertThat(servers.odd("echo", "{\"text\":1}").text()).contains("did not answer within 3000 ms");
    }

    @Test
    void endsWithAllThatItStartedAndWhateverItIgnores() throws Exception {
        Servers servers = servers("ignores-sigterm");
        assertThat(servers.odd("child", "{}").text()).startsWith("started");
        assertThat(processesOfOdd()).hasSizeGreaterThanOrEqualTo(2);

        servers.close();

        assertThat(processesOfOdd()).isEmpty();
        assertThat(servers.odd("echo", "{}").text()).contains("The worker ends");
    }

    @Test
    void isEndedWhenNobodyUsesIt() throws Exception {
        Servers servers = servers(
                "",
                "",
                new ServerTimes(
                        Duration.ofSeconds(20),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1)));
        assertThat(servers.odd("echo", "{\"text\":\"k\"}").text()).isEqualTo("echo k");

        await().atMost(SOON).until(() -> processesOfOdd().isEmpty());

        assertThat(servers.odd("echo", "{\"text\":\"l\"}").text()).isEqualTo("echo l");
    }

    @Test
    void aServerThatUsesTooMuchMemoryIsEnded() throws Exception {
        Servers servers = servers("", "memory_mib: 300", Servers.TIMES);

        CallResult result = servers.odd("memory", "{}");

        assertThat(result.code()).contains("server_unavailable");
        assertThat(result.text()).contains("more memory than it may");
    }

    @Test
    void aVariableThatIsPassedOnIsShownToNobody() throws Exception {
        Servers servers = servers("", "environment: {LEVEL: high}\npass_environment: [TOKEN]", Servers.TIMES);

        assertThat(servers.odd("variable", "{\"name\":\"TOKEN\"}").text()).isEqualTo("***");
        assertThat(servers.odd("variable", "{\"name\":\"LEVEL\"}").text()).isEqualTo("high");
        assertThat(servers.odd("variables", "{}").text().split(" "))
                .contains("HOME", "LEVEL", "PATH", "TMPDIR", "TOKEN")
                .doesNotContain("OTHER", "JAVA_HOME");
    }

    @Test
    void aVariableThatIsMissingIsNamed() throws Exception {
        assertThat(servers("", "pass_environment: [MISSING]", Servers.TIMES)
                        .odd("echo", "{}")
                        .text())
                .contains("The variable MISSING is not set");
    }

    @Test
    void anIsolatedServerSeesNothingOfTheWorker() throws Exception {
        if (mode != Mode.BUBBLEWRAP) {
            return; // it sees what the worker sees
        }
        Servers servers = servers("");
        Path secret = Files.writeString(folder.resolve("secret"), "of the worker");

        assertThat(servers.odd("read", "{\"path\":\"" + secret + "\"}").text()).isEqualTo("ENOENT");
        assertThat(servers.odd("read", "{\"path\":\"/root/.bashrc\"}").text()).isEqualTo("ENOENT");
        assertThat(servers.odd(
                                "read",
                                "{\"path\":\"/proc/" + ProcessHandle.current().pid() + "/environ\"}")
                        .text())
                .isEqualTo("ENOENT");
        assertThat(servers.odd("read", "{\"path\":\"/proc/net/route\"}").text().lines())
                .as("routes to anywhere")
                .hasSize(1);
    }
}
