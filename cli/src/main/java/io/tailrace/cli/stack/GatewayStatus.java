package io.tailrace.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a gateway says of the system, for people. */
final class GatewayStatus {
    private static final Duration WITHIN = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private GatewayStatus() {}

    /** A sentence for each part that is impaired; none for one that cannot be asked, which is shown as not ready. */
    static List<String> ask(URI gateway) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/v1/status"))
                .timeout(WITHIN)
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(WITHIN)
                .build()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? impaired(JSON.readTree(answer.body())) : List.of();
        } catch (IOException _) {
            return List.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    static List<String> impaired(JsonNode status) {
        List<String> sentences = new ArrayList<>();
        for (JsonNode component : status.path("components")) {
            if (!component.path("state").asText().equals("ok")) {
                sentences.add(component.path("name").asText() + ": "
                        + component.path("says").asText());
            }
        }
        return sentences;
    }
}
