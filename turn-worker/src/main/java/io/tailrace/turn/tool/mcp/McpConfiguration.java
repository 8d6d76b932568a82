package io.tailrace.turn.tool.mcp;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.turn.file.InvalidOperatorFile;
import io.tailrace.turn.tool.ToolServers;
import io.tailrace.turn.tool.ToolSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the servers of tools. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ServerIsolation.class)
public class McpConfiguration {

    /** The operator's file is wrong, or a server cannot be isolated as it must be: the process does not start, and says why. */
    @Bean(destroyMethod = "close")
    ServersOfWorker serversOfWorker(ToolSettings settings, ServerIsolation isolation, MeterRegistry registry)
            throws InvalidOperatorFile, IOException {
        Optional<Path> file = settings.serversFile();
        List<ServerDefinition> definitions = file.isPresent() ? ServersFile.read(file.get()) : List.of();
        Optional<Sandbox> sandbox = Optional.empty();
        if (definitions.stream().anyMatch(ServerDefinition.Stdio.class::isInstance)) {
            ProcessMark mark = new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
            Sandbox opened = Sandbox.open(isolation.mode(), settings.serversFolder(), mark);
            sandbox = Optional.of(opened);
            try {
                definitions = ServerPaths.resolved(definitions, opened.dataFolder());
            } catch (InvalidOperatorFile | IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
        }
        return new ServersOfWorker(
                new McpServers(
                        definitions,
                        sandbox,
                        System.getenv(),
                        InetAddress::getAllByName,
                        ServerTimes.DEFAULT,
                        System::nanoTime,
                        new ServerMetrics(registry)),
                sandbox);
    }

    /** Closed with the one above. */
    @Bean(destroyMethod = "")
    ToolServers toolServers(ServersOfWorker servers) {
        return servers.servers();
    }

    /** The servers before the processes that they are. */
    record ServersOfWorker(McpServers servers, Optional<Sandbox> sandbox) implements AutoCloseable {
        @Override
        public void close() {
            servers.close();
            sandbox.ifPresent(Sandbox::close);
        }
    }
}
