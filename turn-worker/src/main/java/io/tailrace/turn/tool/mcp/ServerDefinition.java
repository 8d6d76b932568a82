package io.tailrace.turn.tool.mcp;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A server of tools, as the operator describes it. Holds names of environment variables, never their values. */
sealed interface ServerDefinition {

    /** By which tools name it. */
    String id();

    /** Of one call. */
    Duration timeout();

    /** Variables of the worker that it needs. */
    Collection<String> variables();

    /**
     * A program that is spoken to by its standard input and output.
     *
     * @param command the program and its arguments
     * @param environment variables and their values, which are no secrets
     * @param passEnvironment names of the worker's variables that it gets
     * @param readOnlyPaths that it may read, beside the machine's programs
     * @param writablePaths that it may write, beside its own folder
     * @param network whether it may use the worker's
     * @param memoryBytes of all its processes
     * @param processes at the same time, threads included
     */
    record Stdio(
            String id,
            List<String> command,
            Map<String, String> environment,
            List<String> passEnvironment,
            List<Path> readOnlyPaths,
            List<Path> writablePaths,
            boolean network,
            long memoryBytes,
            int processes,
            Duration timeout)
            implements ServerDefinition {
        public Stdio {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            passEnvironment = List.copyOf(passEnvironment);
            readOnlyPaths = List.copyOf(readOnlyPaths);
            writablePaths = List.copyOf(writablePaths);
        }

        @Override
        public Collection<String> variables() {
            return passEnvironment;
        }
    }

    /**
     * A server that is spoken to by Streamable HTTP.
     *
     * @param url https, or http if that is said to be meant
     * @param headers names of headers, and of the worker's variables that have their values
     */
    record Http(String id, URI url, Map<String, String> headers, Duration timeout) implements ServerDefinition {
        public Http {
            headers = Map.copyOf(headers);
        }

        @Override
        public Collection<String> variables() {
            return headers.values();
        }
    }
}
