package io.tailrace.turn.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.local.testing.NodePackages;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolServers.Described;
import io.tailrace.turn.tool.ToolServers.ListedTool;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are not ours, from npm, as processes and over HTTP. */
@Timeout(240)
class RealServersTest {
    private static final Path INSTALLED = Path.of("target", "mcp").toAbsolutePath();
    private static final String EVERYTHING =
            INSTALLED + "/node_modules/@modelcontextprotocol/server-everything/dist/index.js";
    private static final String FILES =
            INSTALLED + "/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js";

    @TempDir
    private Path folder;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        if (!NodePackages.canBeInstalled()) {
            String notRun = "NOT RUN: the tests of tool servers need Node 20.15 or newer and npm on the PATH.";
            System.err.println(notRun);
            Assumptions.abort(notRun);
        }
        NodePackages.install(Path.of("src", "test", "mcp"), INSTALLED);
    }

    private Servers servers(Map<String, String> environment, String file) throws Exception {
        return Servers.of(Mode.AUTO, Files.createDirectories(folder.resolve("work")), Servers.TIMES, environment, file);
    }

    private static String process(String name, String program, String more) {
        return "servers:\n  " + name + ":\n    command: [node, '" + program + "'" + more + "]\n    read_only_paths: ['"
                + INSTALLED + "']\n    memory_mib: 1024\n";
    }

    @Test
    void listsAndCallsToolsOfAProcess() throws Exception {
        try (Servers servers = servers(Map.of(), process("all", EVERYTHING, ", stdio"))) {
            assertThat(servers.servers.list().getFirst().tools().stream().map(ListedTool::name))
                    .contains("echo", "get-sum", "get-tiny-image");
            assertThat(servers.servers.describe("all", "get-sum", new StopSignal()))
                    .isInstanceOfSatisfying(
                            Described.Usable.class,
                            it -> assertThat(it.schema())
                                    .contains("\"type\":\"object\"")
                                    .contains("\"a\""));
            assertThat(servers.call("all", "echo", "{\"message\":\"hi\"}")).isEqualTo(CallResult.succeeded("Echo: hi"));
            assertThat(servers.call("all", "get-sum", "{\"a\":2,\"b\":40}").text())
                    .contains("42");
            assertThat(servers.call("all", "get-tiny-image", "{}").text()).contains("[image image/png, ");
            assertThat(servers.call("all", "get-sum", "{\"a\":\"two\"}").code()).contains("tool_error");
            assertThat(servers.call("all", "no-such-tool", "{}").code()).contains("unknown_tool");
        }
    }

    @Test
    void aLongCallOfAProcessIsCanceled() throws Exception {
        try (Servers servers = servers(Map.of(), process("all", EVERYTHING, ", stdio"))) {
            assertThat(servers.call("all", "echo", "{\"message\":\"a\"}").text())
                    .isEqualTo("Echo: a");
            StopSignal stop = new StopSignal();
            CompletableFuture<CallResult> call = CompletableFuture.supplyAsync(() ->
                    servers.call("all", "trigger-long-running-operation", "{\"duration\":60,\"steps\":60}", stop));

            stop.stop(StopReason.CANCELED);

            assertThat(call.get(20, TimeUnit.SECONDS).code()).contains("stopped");
            assertThat(servers.call("all", "echo", "{\"message\":\"b\"}").text())
                    .isEqualTo("Echo: b");
        }
    }

    @Test
    void aFileServerReadsAndWritesItsFolderAndNothingElse() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data")).toRealPath();
        Files.writeString(data.resolve("tides.txt"), "The moon moves the sea.");
        String file = process("files", FILES, ", '" + data + "'") + "    writable_paths: ['" + data + "']\n";
        try (Servers servers = servers(Map.of(), file)) {
            assertThat(servers.call("files", "read_text_file", "{\"path\":\"" + data + "/tides.txt\"}")
                            .text())
                    .isEqualTo("The moon moves the sea.");
            assertThat(servers.call("files", "write_file", "{\"path\":\"" + data + "/new.txt\",\"content\":\"ebb\"}")
                            .code())
                    .isEmpty();
            assertThat(data.resolve("new.txt")).hasContent("ebb");
            assertThat(servers.call("files", "read_text_file", "{\"path\":\"/etc/shadow\"}")
                            .code())
                    .contains("tool_error");
        }
    }

    @Test
    void callsToolsOverHttpAndFindsTheServerAgainWhenItWasStartedAnew() throws Exception {
        int port = freePort();
        Process server = http(port);
        String file = "servers:\n  all:\n    url: http://127.0.0.1:" + port + "/mcp\n    plain_http: true\n";
        try (Servers servers = servers(Map.of(), file)) {
            assertThat(servers.servers.list().getFirst().tools().stream().map(ListedTool::name))
                    .contains("echo");
            assertThat(servers.call("all", "echo", "{\"message\":\"hi\"}")).isEqualTo(CallResult.succeeded("Echo: hi"));

            server.destroyForcibly().waitFor();
            assertThat(servers.call("all", "echo", "{\"message\":\"gone\"}").code())
                    .contains("server_unavailable");
            server = http(port);

            assertThat(servers.call("all", "echo", "{\"message\":\"back\"}").text())
                    .isEqualTo("Echo: back");
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void aLongCallOverHttpIsEndedByAStop() throws Exception {
        int port = freePort();
        Process server = http(port);
        String file = "servers:\n  all:\n    url: http://127.0.0.1:" + port + "/mcp\n    plain_http: true\n";
        try (Servers servers = servers(Map.of(), file)) {
            assertThat(servers.call("all", "echo", "{\"message\":\"a\"}").text())
                    .isEqualTo("Echo: a");
            StopSignal stop = new StopSignal();
            CompletableFuture<CallResult> call = CompletableFuture.supplyAsync(() ->
                    servers.call("all", "trigger-long-running-operation", "{\"duration\":60,\"steps\":60}", stop));

            stop.stop(StopReason.CANCELED);

            assertThat(call.get(20, TimeUnit.SECONDS).code()).contains("stopped");
            assertThat(servers.call("all", "echo", "{\"message\":\"b\"}").text())
                    .isEqualTo("Echo: b");
        } finally {
            server.destroyForcibly();
        }
    }

    private Process http(int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", EVERYTHING, "streamableHttp")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("http.log").toFile())
                .directory(INSTALLED.toFile());
        builder.environment().put("PORT", Integer.toString(port));
        Process server = builder.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> isListening(port));
        return server;
    }

    private static boolean isListening(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
