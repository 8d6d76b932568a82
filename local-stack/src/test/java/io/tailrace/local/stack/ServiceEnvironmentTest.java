package io.tailrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceEnvironmentTest {

    private static final Set<String> FOR_ALL = Set.of(
            "PATH",
            "HOME",
            "LC_TIME",
            "MALLOC_ARENA_MAX",
            "LD_PRELOAD",
            "GLIBC_TUNABLES",
            "JAVA_TOOL_OPTIONS",
            "SPRING_PROFILES_ACTIVE",
            "TAILRACE_KAFKA_SECURITY_PROTOCOL",
            "TAILRACE_MISSPELT");
    private static final Map<String, String> PARENT = Stream.concat(
                    FOR_ALL.stream(),
                    Stream.of(
                            "TAILRACE_GATEWAY_PORT",
                            "TAILRACE_COORDINATOR_STATE_DIR",
                            "TAILRACE_WORKER_SLOTS",
                            "GITHUB_TOKEN",
                            "UPLOAD_TOKEN",
                            "OPENAI_API_KEY",
                            "AWS_ACCESS_KEY_ID",
                            "AWS_SECRET_ACCESS_KEY",
                            "HTTPS_PROXY",
                            "SSH_AUTH_SOCK",
                            "PATHS"))
            .collect(Collectors.toMap(Function.identity(), name -> "value of " + name));

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void everyServiceGetsTheBasicVariablesAndTheSettingsOfAll(ServiceKind kind) throws IOException {
        assertThat(names(kind, PARENT, Optional.empty())).containsAll(FOR_ALL);
        assertThat(ServiceEnvironment.of(kind, PARENT, Optional.empty())).containsEntry("PATH", "value of PATH");
    }

    @Test
    void nobodyGetsWhatIsForOthersOrForNobody() throws IOException {
        assertThat(besides(ServiceKind.GATEWAY, PARENT, Optional.empty()))
                .containsExactlyInAnyOrder("TAILRACE_GATEWAY_PORT");
        assertThat(besides(ServiceKind.COORDINATOR, PARENT, Optional.empty()))
                .containsExactlyInAnyOrder("TAILRACE_COORDINATOR_STATE_DIR");
        assertThat(besides(ServiceKind.BUILD_WORKER, PARENT, Optional.empty()))
                .containsExactlyInAnyOrder("TAILRACE_WORKER_SLOTS");
        assertThat(besides(ServiceKind.TURN_WORKER, PARENT, Optional.empty()))
                .containsExactlyInAnyOrder("TAILRACE_WORKER_SLOTS", "HTTPS_PROXY");
    }

    @Test
    void buildWorkersGetTheSecretsThatTheOperatorNames() throws IOException {
        Map<String, String> parent = Stream.concat(
                        PARENT.entrySet().stream(),
                        Stream.of(Map.entry("TAILRACE_WORKER_SECRETS", " UPLOAD_TOKEN , GITHUB_TOKEN")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        assertThat(besides(ServiceKind.BUILD_WORKER, parent, Optional.empty()))
                .containsExactlyInAnyOrder(
                        "TAILRACE_WORKER_SLOTS", "TAILRACE_WORKER_SECRETS", "UPLOAD_TOKEN", "GITHUB_TOKEN");
        assertThat(besides(ServiceKind.TURN_WORKER, parent, Optional.empty())).doesNotContain("UPLOAD_TOKEN");
    }

    @Test
    void turnWorkersGetTheCredentialsThatTheProvidersFileNames() throws IOException {
        Path openAi = providers("providers: [{id: openai, credential_env: 'OPENAI_API_KEY'}, {id: local}]");
        assertThat(besides(ServiceKind.TURN_WORKER, PARENT, Optional.of(openAi)))
                .containsExactlyInAnyOrder("TAILRACE_WORKER_SLOTS", "HTTPS_PROXY", "OPENAI_API_KEY");
        assertThat(besides(ServiceKind.BUILD_WORKER, PARENT, Optional.of(openAi)))
                .doesNotContain("OPENAI_API_KEY");

        Path bedrock = providers("providers:\n  - id: aws\n    credential_env: AWS_ACCESS_KEY_ID\n");
        assertThat(besides(ServiceKind.TURN_WORKER, PARENT, Optional.of(bedrock)))
                .containsExactlyInAnyOrder(
                        "TAILRACE_WORKER_SLOTS", "HTTPS_PROXY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    }

    @Test
    void turnWorkersGetTheVariablesThatTheToolServersFileNames() throws IOException {
        Path servers = providers("servers: {a: {command: [x], pass_environment: [UPLOAD_TOKEN]}, b: {url: y,"
                + " headers_from_environment: {Authorization: GITHUB_TOKEN}}, c: no}");
        Map<String, String> parent = Stream.concat(
                        PARENT.entrySet().stream(),
                        Stream.of(Map.entry("TAILRACE_WORKER_TOOLS_MCP_FILE", servers.toString())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        assertThat(besides(ServiceKind.TURN_WORKER, parent, Optional.empty()))
                .containsExactlyInAnyOrder(
                        "TAILRACE_WORKER_SLOTS",
                        "TAILRACE_WORKER_TOOLS_MCP_FILE",
                        "HTTPS_PROXY",
                        "UPLOAD_TOKEN",
                        "GITHUB_TOKEN");
        assertThat(besides(ServiceKind.BUILD_WORKER, parent, Optional.empty())).doesNotContain("UPLOAD_TOKEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "providers: no", "providers: [no, null, {credential_env: }]", "{", "!!java.net.URL [x]"
            })
    void aFileThatNamesNoCredentialsGivesNone(String text) throws IOException {
        assertThat(besides(ServiceKind.TURN_WORKER, PARENT, Optional.of(providers(text))))
                .containsExactlyInAnyOrder("TAILRACE_WORKER_SLOTS", "HTTPS_PROXY");
    }

    @Test
    void aFileThatIsNotThereIsTheWorkersToTell() throws IOException {
        assertThat(besides(ServiceKind.TURN_WORKER, PARENT, Optional.of(folder.resolve("absent"))))
                .doesNotContain("OPENAI_API_KEY");
    }

    private Path providers(String text) throws IOException {
        return Files.writeString(folder.resolve("providers.yaml"), text);
    }

    private static Set<String> names(ServiceKind kind, Map<String, String> parent, Optional<Path> providers)
            throws IOException {
        return ServiceEnvironment.of(kind, parent, providers).keySet();
    }

    private static Set<String> besides(ServiceKind kind, Map<String, String> parent, Optional<Path> providers)
            throws IOException {
        return names(kind, parent, providers).stream()
                .filter(name -> !FOR_ALL.contains(name))
                .collect(Collectors.toSet());
    }
}
