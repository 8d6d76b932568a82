package io.tailrace.turn.tool;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What tools may do on this worker.
 *
 * @param httpHosts that models may fetch from: {@code example.org}, {@code *.example.org}, {@code example.org:8443}; without
 *     a port 80 and 443 are meant. None by default
 * @param httpPrivateHosts those of them whose addresses may be private, of this machine or of its network
 * @param mcpFile the operator's servers of tools; without it there are none
 * @param mcpDir for the folders that their processes work in; without one in a new temporary folder of this worker
 */
@ConfigurationProperties("tailrace.worker.tools")
public record ToolSettings(
        @DefaultValue List<String> httpHosts,
        @DefaultValue List<String> httpPrivateHosts,
        @Nullable Path mcpFile,
        @Nullable Path mcpDir) {
    private static final String PREFIX = "tailrace.worker.tools.";
    private static final int MAX_HOSTS = 1_000;

    /** @throws IllegalArgumentException if an entry is none, or there are too many */
    public ToolSettings {
        httpHosts = checked("http-hosts", httpHosts);
        httpPrivateHosts = checked("http-private-hosts", httpPrivateHosts);
    }

    public Optional<Path> serversFile() {
        return Optional.ofNullable(mcpFile);
    }

    public Optional<Path> serversFolder() {
        return Optional.ofNullable(mcpDir);
    }

    private static List<String> checked(String name, List<String> hosts) {
        if (hosts.size() > MAX_HOSTS) {
            throw new IllegalArgumentException(PREFIX + name + " has more than " + MAX_HOSTS + " hosts");
        }
        try {
            HostPatterns _ = HostPatterns.of(hosts);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PREFIX + name + ": " + e.getMessage(), e);
        }
        return List.copyOf(hosts);
    }
}
