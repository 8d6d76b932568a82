#!/usr/bin/env bash
# MCP Java SDK 2.1.0, Streamable HTTP: an event stream that ends before it has brought the answer ends no call.
#
# Behaviour: a server may answer a request with an event stream that brings the response when there is one. If that stream
# is ended in order (a proxy that cuts idle connections, a server that restarts) before the response came, and no event had an
# id from which it could be resumed, nothing can bring the response any more. The client has seen the end, and tells nobody:
# the call waits until its own request time-out is over. A connection that is refused fails at once.
# The wrong guess: that a call fails when the only stream that could answer it is over, as with every HTTP client.
# Source: io.modelcontextprotocol.sdk:mcp 2.1.0 (Maven Central), HttpClientStreamableHttpTransport.
# Why it matters: behind a proxy a tool that takes longer than the idle limit holds its caller for the whole time-out; whoever
# raises the time-out for slow tools makes that worse. The end of the stream has to be watched by the caller.
set -euo pipefail
version=2.1.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.modelcontextprotocol.sdk</groupId><artifactId>mcp</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
POM
cat > "$folder/Finding.java" <<'JAVA'
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Finding {
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\"[^\"]*\"|[0-9]+)");

    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mcp", Finding::answer);
        server.start();
        var transport = HttpClientStreamableHttpTransport.builder(
                        "http://127.0.0.1:" + server.getAddress().getPort())
                .build();
        try (var client = McpClient.sync(transport).requestTimeout(Duration.ofSeconds(6)).build()) {
            client.initialize();
            long begun = System.nanoTime();
            try {
                client.callTool(new McpSchema.CallToolRequest("slow", Map.of()));
                System.out.println("answered");
            } catch (RuntimeException e) {
                long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
                Throwable cause = e;
                while (cause.getCause() != null && cause.getCause() != cause) {
                    cause = cause.getCause();
                }
                System.out.println("the stream ended at once; the call failed after "
                        + (seconds >= 5 ? "its whole time-out" : "less than its time-out") + " (" + seconds + " s): "
                        + cause.getClass().getSimpleName());
            }
        }
        System.exit(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher id = ID.matcher(body);
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.sendResponseHeaders(405, -1);
        } else if (body.contains("\"initialize\"") && id.find()) {
            say(exchange, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1)
                    + ",\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}}");
        } else if (body.contains("\"tools/call\"")) {
            say(exchange, "text/event-stream", ": working\n\n");
        } else {
            exchange.sendResponseHeaders(202, -1);
        }
        exchange.close();
    }

    private static void say(HttpExchange exchange, String type, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
JAVA
(cd "$folder" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib)
echo "mcp $version, $(java -version 2>&1 | head -n 1)"
said=$(java -cp "$folder/lib/*" "$folder/Finding.java" 2>/dev/null)
echo "$said"
grep -q 'failed after its whole time-out' <<< "$said"
