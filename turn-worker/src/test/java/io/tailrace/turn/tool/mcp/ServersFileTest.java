package io.tailrace.turn.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.turn.file.InvalidOperatorFile;
import io.tailrace.turn.tool.mcp.ServerDefinition.Http;
import io.tailrace.turn.tool.mcp.ServerDefinition.Stdio;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServersFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsBothKindsInTheirOrder() throws InvalidOperatorFile {
        List<ServerDefinition> servers = ServersFile.parse("""
                servers:
                  files:
                    command: [node, /opt/mcp/index.js, /srv/data]
                    environment: {LOG: debug}
                    pass_environment: [API_TOKEN]
                    read_only_paths: [/opt/mcp]
                    writable_paths: [/srv/data]
                    network: true
                    memory_mib: 256
                    processes: 64
                    timeout_seconds: 20
                  wiki:
                    url: https://wiki.example.org/mcp?x=1
                    headers_from_environment: {Authorization: WIKI_AUTHORIZATION}
                """);

        assertThat(servers)
                .containsExactly(
                        new Stdio(
                                "files",
                                List.of("node", "/opt/mcp/index.js", "/srv/data"),
                                Map.of("LOG", "debug"),
                                List.of("API_TOKEN"),
                                List.of(Path.of("/opt/mcp")),
                                List.of(Path.of("/srv/data")),
                                true,
                                256L * 1024 * 1024,
                                64,
                                Duration.ofSeconds(20)),
                        new Http(
                                "wiki",
                                URI.create("https://wiki.example.org/mcp?x=1"),
                                Map.of("Authorization", "WIKI_AUTHORIZATION"),
                                Duration.ofSeconds(60)));
    }

    @Test
    void aServerHasNoNetworkAndLittleMemoryUnlessThatIsSaid() throws InvalidOperatorFile {
        Stdio server = (Stdio) ServersFile.parse("servers: {a: {command: [x]}}").getFirst();

        assertThat(server.network()).isFalse();
        assertThat(server.memoryBytes()).isEqualTo(512L * 1024 * 1024);
        assertThat(server.processes()).isEqualTo(256);
        assertThat(server.timeout()).isEqualTo(Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            servers: {a: {}}                                                       | servers.a.command
            servers: {a: {command: []}}                                            | servers.a.command
            servers: {a: {command: [x], timeout: 3}}                               | servers.a.timeout
            servers: {a: {command: [x], timeout_seconds: 0}}                       | servers.a.timeout_seconds
            servers: {a: {command: [x], timeout_seconds: 301}}                     | servers.a.timeout_seconds
            servers: {a: {command: [x], memory_mib: 1}}                            | servers.a.memory_mib
            servers: {a: {command: [x], processes: 1}}                             | servers.a.processes
            servers: {a: {command: [x], network: host}}                            | servers.a.network
            servers: {a: {command: [x], environment: {A: 1}}}                      | servers.a.environment.A
            servers: {a: {command: [x], environment: {A=B: c}}}                    | servers.a.environment.A=B
            servers: {a: {command: [x], pass_environment: ['$TOKEN']}}             | servers.a.pass_environment
            servers: {a: {command: [x], environment: {A: b}, pass_environment: [A]}} | servers.a.pass_environment
            servers: {a: {command: [x], read_only_paths: [opt]}}                   | servers.a.read_only_paths
            servers: {a: {command: [x], writable_paths: [/opt/..]}}                | servers.a.writable_paths
            servers: {a: {command: [x], url: 'https://a.org/'}}                    | servers.a.command
            servers: {'a b': {command: [x]}}                                       | servers.a b
            servers: {a: {url: 'ftp://a.org/'}}                                    | servers.a.url
            servers: {a: {url: 'http://a.org/'}}                                   | servers.a.url
            servers: {a: {url: 'https://u:p@a.org/'}}                              | servers.a.url
            servers: {a: {url: 'https://a.org/', headers_from_environment: {Host: A}}} | servers.a.headers_from_environment.Host
            servers: {a: {url: 'https://a.org/', headers_from_environment: {X: 'Bearer t'}}} | servers.a.headers_from_environment.X
            servers: {a: {url: 'https://a.org/', headers: {X: A}}}                 | servers.a.headers
            servers: []                                                            | servers
            server: {}                                                             | server
            """)
    void saysWhereAFileIsWrong(String text, String path) {
        assertThatThrownBy(() -> ServersFile.parse(text))
                .isInstanceOfSatisfying(
                        InvalidOperatorFile.class, it -> assertThat(it.path()).isEqualTo(path));
    }

    @Test
    void linksOfPathsAreFollowedOnceAndPathsLieApartFromThoseOfOthers() throws Exception {
        Path own = folder.resolve("own");
        Path data = Files.createDirectories(folder.resolve("data/inner"));
        Path real = data.toRealPath();
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);

        assertThat(ServerPaths.resolved(writing("a", link), own))
                .singleElement()
                .isInstanceOfSatisfying(
                        Stdio.class, it -> assertThat(it.writablePaths()).containsExactly(real));
        assertThat(ServerPaths.resolved(both(writing("a", data), writing("b", data)), own))
                .hasSize(2);

        refuses(writing("a", own), own, "lies above or below");
        refuses(writing("a", folder), own, "lies above or below");
        refuses(writing("a", Files.createDirectories(own.resolve("inner"))), own, "lies above or below");
        refuses(writing("a", folder.resolve("missing")), own, "cannot be reached");
        refuses(both(writing("a", link), writing("b", Objects.requireNonNull(data.getParent()))), own, "may write");
    }

    private static List<ServerDefinition> writing(String id, Path path) throws InvalidOperatorFile {
        return ServersFile.parse("servers: {" + id + ": {command: [x], writable_paths: ['" + path + "']}}");
    }

    private static List<ServerDefinition> both(List<ServerDefinition> one, List<ServerDefinition> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static void refuses(List<ServerDefinition> servers, Path own, String why) {
        assertThatThrownBy(() -> ServerPaths.resolved(servers, own))
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        InvalidOperatorFile.class, it -> assertThat(it.path()).isEqualTo("servers.a.writable_paths"));
    }

    @Test
    void fiftyServersAreTheMost() {
        String servers = IntStream.range(0, 51)
                .mapToObj(i -> "  s" + i + ": {command: [x]}\n")
                .collect(Collectors.joining("", "servers:\n", ""));

        assertThatThrownBy(() -> ServersFile.parse(servers)).hasMessageContaining("more than 50 servers");
    }
}
