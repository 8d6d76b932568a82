package io.tailrace.turn.tool.mcp;

import io.tailrace.turn.file.InvalidOperatorFile;
import io.tailrace.turn.file.Node;
import io.tailrace.turn.file.OperatorFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The operator's servers of tools, a YAML file of at most 256 KiB. Strict: what is unknown, missing or out of range is an error with its
 * path. {@code docs/tools.md} shows one.
 */
final class ServersFile {
    static final String SERVERS = "servers";
    private static final String COMMAND = "command";
    private static final String ENVIRONMENT = "environment";
    private static final String PASS = "pass_environment";
    static final String READ_ONLY = "read_only_paths";
    static final String WRITABLE = "writable_paths";
    private static final String MEMORY = "memory_mib";
    private static final String PROCESSES = "processes";
    private static final String TIMEOUT = "timeout_seconds";
    private static final String URL = "url";
    private static final String HEADERS = "headers_from_environment";
    private static final String PLAIN = "plain_http";
    private static final Set<String> STDIO_KEYS =
            Set.of(COMMAND, ENVIRONMENT, PASS, READ_ONLY, WRITABLE, "network", MEMORY, PROCESSES, TIMEOUT);
    private static final Set<String> HTTP_KEYS = Set.of(URL, HEADERS, PLAIN, TIMEOUT);

    private static final int MAX_SERVERS = 50;
    private static final int MAX_ENTRIES = 100;
    private static final int MAX_TEXT = 8 * 1024;
    private static final int MAX_TIMEOUT = 300;
    private static final int DEFAULT_TIMEOUT = 60;
    private static final int MIN_MEMORY = 16;
    private static final int MAX_MEMORY = 1024 * 1024;
    private static final int DEFAULT_MEMORY = 512;
    private static final int MIN_PROCESSES = 8;
    private static final int MAX_PROCESSES = 32 * 1024;
    private static final int DEFAULT_PROCESSES = 256;
    private static final long MEBIBYTE = 1024L * 1024;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

    /** Those that the protocol or the connection sets. */
    private static final Set<String> RESERVED = Set.of(
            "accept",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "last-event-id",
            "mcp-protocol-version",
            "mcp-session-id",
            "transfer-encoding",
            "upgrade");

    private ServersFile() {}

    /**
     * The servers of a file, in its order.
     *
     * @throws InvalidOperatorFile when it cannot be read, or cannot be used; the message says where, and what to mend
     */
    static List<ServerDefinition> read(Path file) throws InvalidOperatorFile {
        return OperatorFile.read(file, ServersFile::parse);
    }

    static List<ServerDefinition> parse(String text) throws InvalidOperatorFile {
        Map<String, Object> servers = Node.of(
                        OperatorFile.ROOT, OperatorFile.load(text, "servers: {}"), Set.of(SERVERS))
                .named(SERVERS);
        if (servers.size() > MAX_SERVERS) {
            throw new InvalidOperatorFile(SERVERS, "has more than " + MAX_SERVERS + " servers");
        }
        List<ServerDefinition> definitions = new ArrayList<>();
        for (Map.Entry<String, Object> server : servers.entrySet()) {
            String path = SERVERS + "." + server.getKey();
            if (!ID.matcher(server.getKey()).matches()) {
                throw new InvalidOperatorFile(path, "is no name: 1 to 64 letters, digits, '.', '_' and '-'");
            }
            boolean http = server.getValue() instanceof Map<?, ?> map && map.get(URL) != null;
            Node node = Node.of(path, server.getValue(), http ? HTTP_KEYS : STDIO_KEYS);
            definitions.add(http ? http(server.getKey(), node) : stdio(server.getKey(), node));
        }
        return List.copyOf(definitions);
    }

    private static ServerDefinition stdio(String id, Node node) throws InvalidOperatorFile {
        List<String> command = bounded(node, COMMAND, node.texts(COMMAND));
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new InvalidOperatorFile(
                    node.at(COMMAND), "is required: a program and its arguments; or give a " + URL + " instead");
        }
        Map<String, String> environment = node.namedTexts(ENVIRONMENT);
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String path = node.at(ENVIRONMENT) + "." + variable.getKey();
            requireVariable(path, variable.getKey());
            requireText(path, variable.getValue());
        }
        bounded(node, ENVIRONMENT, List.copyOf(environment.keySet()));
        List<String> pass = bounded(node, PASS, node.texts(PASS));
        for (String name : pass) {
            requireVariable(node.at(PASS), name);
            if (environment.containsKey(name)) {
                throw new InvalidOperatorFile(node.at(PASS), name + " has a value in " + ENVIRONMENT);
            }
        }
        return new ServerDefinition.Stdio(
                id,
                command,
                environment,
                pass,
                paths(node, READ_ONLY),
                paths(node, WRITABLE),
                node.flag("network"),
                integer(node, MEMORY, MIN_MEMORY, MAX_MEMORY, DEFAULT_MEMORY) * MEBIBYTE,
                integer(node, PROCESSES, MIN_PROCESSES, MAX_PROCESSES, DEFAULT_PROCESSES),
                timeout(node));
    }

    private static ServerDefinition http(String id, Node node) throws InvalidOperatorFile {
        Map<String, String> headers = node.namedTexts(HEADERS);
        bounded(node, HEADERS, List.copyOf(headers.keySet()));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String path = node.at(HEADERS) + "." + header.getKey();
            if (!HEADER.matcher(header.getKey()).matches()
                    || RESERVED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                throw new InvalidOperatorFile(path, "is no header that can be set");
            }
            requireVariable(path, header.getValue());
        }
        return new ServerDefinition.Http(id, url(node), headers, timeout(node));
    }

    private static URI url(Node node) throws InvalidOperatorFile {
        String text = node.text(URL);
        requireText(node.at(URL), text);
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException _) {
            throw new InvalidOperatorFile(node.at(URL), "is not a URL");
        }
        boolean plain = "http".equalsIgnoreCase(url.getScheme());
        if (!plain && !"https".equalsIgnoreCase(url.getScheme())) {
            throw new InvalidOperatorFile(node.at(URL), "must begin with https://");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new InvalidOperatorFile(node.at(URL), "must have a host, and no user, password or fragment");
        }
        if (plain && !node.flag(PLAIN)) {
            throw new InvalidOperatorFile(
                    node.at(URL),
                    "is not encrypted; with " + PLAIN + ": true it is used if its host is of this machine or of a"
                            + " private network");
        }
        return url;
    }

    private static List<Path> paths(Node node, String key) throws InvalidOperatorFile {
        List<Path> paths = new ArrayList<>();
        for (String text : bounded(node, key, node.texts(key))) {
            try {
                Path path = Path.of(text).normalize();
                if (!path.isAbsolute() || path.getNameCount() == 0) {
                    throw new InvalidOperatorFile(node.at(key), "has absolute paths, and not the root, not: " + text);
                }
                paths.add(path);
            } catch (InvalidPathException e) {
                throw new InvalidOperatorFile(node.at(key), "has what is no path: " + e.getReason());
            }
        }
        return paths;
    }

    private static Duration timeout(Node node) throws InvalidOperatorFile {
        return Duration.ofSeconds(integer(node, TIMEOUT, 1, MAX_TIMEOUT, DEFAULT_TIMEOUT));
    }

    private static int integer(Node node, String key, int min, int max, int otherwise) throws InvalidOperatorFile {
        int value = node.optionalInteger(key).orElse(otherwise);
        if (value < min || value > max) {
            throw new InvalidOperatorFile(node.at(key), "must be from " + min + " to " + max);
        }
        return value;
    }

    private static List<String> bounded(Node node, String key, List<String> texts) throws InvalidOperatorFile {
        if (texts.size() > MAX_ENTRIES) {
            throw new InvalidOperatorFile(node.at(key), "has more than " + MAX_ENTRIES + " entries");
        }
        for (String text : texts) {
            requireText(node.at(key), text);
        }
        return texts;
    }

    private static void requireText(String path, String text) throws InvalidOperatorFile {
        if (text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
            throw new InvalidOperatorFile(path, "is longer than " + MAX_TEXT + " characters, or has a NUL");
        }
    }

    private static void requireVariable(String path, String name) throws InvalidOperatorFile {
        if (!VARIABLE.matcher(name).matches()) {
            throw new InvalidOperatorFile(path, "\"" + name + "\" is not the name of an environment variable");
        }
    }
}
