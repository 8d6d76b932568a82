package io.tailrace.turn.tool.mcp;

import io.tailrace.turn.file.InvalidOperatorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the paths of servers lead to, found out once: links that somebody makes later lead nobody elsewhere. */
final class ServerPaths {
    private final Path folder;
    private final List<ServerDefinition.Stdio> servers;

    private ServerPaths(Path folder, List<ServerDefinition.Stdio> servers) {
        this.folder = folder;
        this.servers = servers;
    }

    /**
     * The same servers, with real paths.
     *
     * @param dataFolder for the servers' own folders; made if it is missing
     * @throws InvalidOperatorFile if a path is not there, lies above or below that folder, or below what another server may write
     */
    static List<ServerDefinition> resolved(List<ServerDefinition> definitions, Path dataFolder)
            throws InvalidOperatorFile, IOException {
        Path folder = Files.createDirectories(dataFolder.toAbsolutePath()).toRealPath();
        List<ServerDefinition> resolved = new ArrayList<>();
        List<ServerDefinition.Stdio> processes = new ArrayList<>();
        for (ServerDefinition definition : definitions) {
            switch (definition) {
                case ServerDefinition.Http http -> resolved.add(http);
                case ServerDefinition.Stdio stdio -> {
                    ServerDefinition.Stdio real = real(stdio);
                    resolved.add(real);
                    processes.add(real);
                }
            }
        }
        new ServerPaths(folder, processes).require();
        return List.copyOf(resolved);
    }

    private static ServerDefinition.Stdio real(ServerDefinition.Stdio server) throws InvalidOperatorFile {
        return new ServerDefinition.Stdio(
                server.id(),
                server.command(),
                server.environment(),
                server.passEnvironment(),
                real(server, ServersFile.READ_ONLY, server.readOnlyPaths()),
                real(server, ServersFile.WRITABLE, server.writablePaths()),
                server.network(),
                server.memoryBytes(),
                server.processes(),
                server.timeout());
    }

    private static List<Path> real(ServerDefinition.Stdio server, String key, List<Path> paths)
            throws InvalidOperatorFile {
        List<Path> real = new ArrayList<>();
        for (Path path : paths) {
            try {
                real.add(path.toRealPath());
            } catch (IOException e) {
                throw new InvalidOperatorFile(at(server, key), "has a path that cannot be reached: " + path);
            }
            if (real.getLast().getNameCount() == 0) {
                throw new InvalidOperatorFile(at(server, key), "has a path that leads to the root: " + path);
            }
        }
        return real;
    }

    private void require() throws InvalidOperatorFile {
        for (ServerDefinition.Stdio server : servers) {
            require(server, ServersFile.READ_ONLY, server.readOnlyPaths());
            require(server, ServersFile.WRITABLE, server.writablePaths());
        }
    }

    private void require(ServerDefinition.Stdio server, String key, List<Path> paths) throws InvalidOperatorFile {
        for (Path path : paths) {
            if (path.startsWith(folder) || folder.startsWith(path)) {
                throw new InvalidOperatorFile(
                        at(server, key), path + " lies above or below the folder of the tool servers, " + folder);
            }
            for (ServerDefinition.Stdio other : servers) {
                boolean below = other.writablePaths().stream().anyMatch(it -> path.startsWith(it) && !path.equals(it));
                if (below && !other.id().equals(server.id())) {
                    throw new InvalidOperatorFile(
                            at(server, key), path + " lies below what the server " + other.id() + " may write");
                }
            }
        }
    }

    private static String at(ServerDefinition.Stdio server, String key) {
        return ServersFile.SERVERS + "." + server.id() + "." + key;
    }
}
