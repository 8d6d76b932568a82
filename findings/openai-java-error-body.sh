#!/usr/bin/env bash
# openai-java 4.101.0: the body of a failed request that is no JSON cannot be read like any other body.
#
# Behaviour: a server answers 502 with a page in HTML, as proxies do. The SDK throws its service exception with the right
# status, and its body() is "missing". Converting that body (the way to read an error's fields) does not give null or an
# empty value: it throws IllegalArgumentException, "JsonMissing cannot be serialized".
# The wrong guess: that code which explains an error, and reads its body with convert(...), is safe for every answer.
# Source: com.openai:openai-java 4.101.0 (Maven Central), BadRequest/InternalServerException.body().
# Why it matters: the code that explains a failure fails itself, and an ordinary 502 looks like a crash of the program.
set -euo pipefail
version=4.101.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.openai</groupId><artifactId>openai-java</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
POM
cat > "$folder/Finding.java" <<'JAVA'
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Finding {
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = "<html>Bad Gateway</html>".getBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(502, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        var client = OpenAIOkHttpClient.builder()
                .apiKey("none").maxRetries(0)
                .baseUrl("http://127.0.0.1:" + server.getAddress().getPort()).build();
        try {
            client.chat().completions().create(
                    ChatCompletionCreateParams.builder().model("m").addUserMessage("hi").build());
            System.out.println("no error at all");
        } catch (OpenAIServiceException e) {
            System.out.println("status " + e.statusCode() + ", body is a " + e.body().getClass().getSimpleName());
            try {
                System.out.println("converted: " + e.body().convert(JsonNode.class));
            } catch (IllegalArgumentException thrown) {
                System.out.println("convert throws IllegalArgumentException: " + thrown.getMessage());
            }
        }
        server.stop(0);
        System.exit(0);
    }
}
JAVA
(cd "$folder" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib)
echo "openai-java $version, $(java -version 2>&1 | head -n 1)"
said=$(java -cp "$folder/lib/*" "$folder/Finding.java" 2>/dev/null)
echo "$said"
grep -q '^status 502, body is a JsonMissing$' <<< "$said"
grep -q 'JsonMissing cannot be serialized' <<< "$said"
