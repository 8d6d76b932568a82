package io.tailrace.local.stack;

import io.tailrace.local.process.InheritedEnvironment;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a service gets of the environment that {@code tailrace up} was started with: settings of its own and of its
 * frameworks, and the secrets that the operator's configuration names for it. Stateless; reads the providers file.
 */
final class ServiceEnvironment {

    private static final String OURS = "TAILRACE_";
    private static final List<String> FRAMEWORKS = List.of("SPRING_", "SERVER_", "MANAGEMENT_", "LOGGING_", "OTEL_");
    private static final String SECRETS = "TAILRACE_WORKER_SECRETS";
    private static final String TOOL_SERVERS = "TAILRACE_WORKER_TOOLS_MCP_FILE";
    private static final String AWS = "AWS_";
    private static final Set<String> PROXIES =
            Set.of("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy");

    private ServiceEnvironment() {}

    /**
     * The variables, by name.
     *
     * @param parent the environment that they are taken from
     * @param providersFile the operator's providers of language models, which names variables with credentials
     */
    static Map<String, String> of(ServiceKind kind, Map<String, String> parent, Optional<Path> providersFile)
            throws IOException {
        Predicate<String> settings = name -> isSettingOf(kind, name);
        return InheritedEnvironment.with(parent, settings.or(secretsOf(kind, parent, providersFile)));
    }

    /** A name of ours that no service has a prefix for goes to all, so that a misspelt one is noticed. */
    private static boolean isSettingOf(ServiceKind kind, String name) {
        if (name.startsWith(OURS)) {
            return name.startsWith(prefix(kind))
                    || Arrays.stream(ServiceKind.values()).noneMatch(other -> name.startsWith(prefix(other)));
        }
        return FRAMEWORKS.stream().anyMatch(name::startsWith);
    }

    private static String prefix(ServiceKind kind) {
        return OURS
                + switch (kind) {
                    case GATEWAY -> "GATEWAY_";
                    case COORDINATOR -> "COORDINATOR_";
                    case BUILD_WORKER, TURN_WORKER -> "WORKER_";
                };
    }

    private static Predicate<String> secretsOf(
            ServiceKind kind, Map<String, String> parent, Optional<Path> providersFile) throws IOException {
        return switch (kind) {
            case GATEWAY, COORDINATOR -> name -> false;
            case BUILD_WORKER -> Set.of(parent.getOrDefault(SECRETS, "").trim().split("\\s*,\\s*", -1))::contains;
            case TURN_WORKER -> {
                Set<String> credentials =
                        providersFile.isPresent() ? credentialVariables(providersFile.get()) : Set.of();
                boolean aws = credentials.stream().anyMatch(name -> name.startsWith(AWS));
                String toolServers = parent.getOrDefault(TOOL_SERVERS, "");
                Set<String> ofTools = toolServers.isBlank() ? Set.of() : toolVariables(Path.of(toolServers));
                yield name -> credentials.contains(name)
                        || ofTools.contains(name)
                        || PROXIES.contains(name)
                        || (aws && name.startsWith(AWS));
            }
        };
    }

    /** Of a file that cannot be read as providers there are none; the worker says what is wrong with it. */
    private static Set<String> credentialVariables(Path providersFile) throws IOException {
        if (document(providersFile) instanceof Map<?, ?> file && file.get("providers") instanceof List<?> providers) {
            return providers.stream()
                    .map(provider -> provider instanceof Map<?, ?> fields ? fields.get("credential_env") : null)
                    .filter(Objects::nonNull)
                    .map(Object::toString)
                    .collect(Collectors.toUnmodifiableSet());
        }
        return Set.of();
    }

    /** The same of a file of tool servers. */
    private static Set<String> toolVariables(Path toolServersFile) throws IOException {
        Set<String> variables = new HashSet<>();
        if (document(toolServersFile) instanceof Map<?, ?> file && file.get("servers") instanceof Map<?, ?> servers) {
            for (Object server : servers.values()) {
                if (server instanceof Map<?, ?> fields) {
                    if (fields.get("pass_environment") instanceof List<?> names) {
                        names.forEach(it -> variables.add(String.valueOf(it)));
                    }
                    if (fields.get("headers_from_environment") instanceof Map<?, ?> headers) {
                        headers.values().forEach(it -> variables.add(String.valueOf(it)));
                    }
                }
            }
        }
        return variables;
    }

    private static @Nullable Object document(Path yaml) throws IOException {
        if (!Files.isReadable(yaml)) {
            return null;
        }
        try (Reader in = Files.newBufferedReader(yaml)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (YAMLException notYaml) {
            return null;
        }
    }
}
