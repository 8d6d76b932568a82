package io.tailrace.gateway.api;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** A way to each status of the routes of repositories. */
record RepositoryWays(TestGateway gateway, TestGateway cutOff) {
    private static final String ALL = "/v1/repositories";
    private static final String UNKNOWN = ALL + "/nix";
    private static final String LINE = "{\"id\":\"a\",\"text\":\"x\"}";
    private static final byte[] TEXT = "kettle".getBytes(StandardCharsets.UTF_8);

    void addTo(Map<String, Supplier<Answer>> ways) {
        repositories(ways);
        search(ways);
        documents(ways);
        document(ways);
    }

    private void repositories(Map<String, Supplier<Answer>> ways) {
        ways.put("get " + ALL + " 200", () -> gateway.get(ALL));
        ways.put("get " + ALL + " 400", () -> gateway.get(ALL + "?x=1"));
        ways.put("get " + ALL + " 503", () -> cutOff.get(ALL));
        String put = "put " + ALL + "/{id} ";
        ways.put(put + 200, () -> make(made(), "{}"));
        ways.put(put + 201, () -> make(ALL + "/r" + UUID.randomUUID(), "{}"));
        ways.put(put + 400, () -> make(ALL + "/-", "{}"));
        ways.put(put + 409, () -> make(made(), "{\"language\":\"german\"}"));
        ways.put(put + 413, () -> make(made(), OpenApiTest.TOO_LONG));
        ways.put(put + 415, () -> gateway.send("PUT", made(), "{}"));
        ways.put(put + 422, () -> make(made(), "{\"model\":\"nix\"}"));
        ways.put(put + 503, () -> cutOff.send("PUT", UNKNOWN, "{}", "Content-Type", "application/json"));
        for (String method : new String[] {"get", "delete"}) {
            String one = method + " " + ALL + "/{id} ";
            String sent = method.equals("get") ? "GET" : "DELETE";
            ways.put(one + (method.equals("get") ? 200 : 204), () -> gateway.send(sent, made(), ""));
            ways.put(one + 400, () -> gateway.send(sent, ALL + "/-", ""));
            ways.put(one + 404, () -> gateway.send(sent, UNKNOWN, ""));
            ways.put(one + 503, () -> cutOff.send(sent, UNKNOWN, ""));
        }
    }

    private void search(Map<String, Supplier<Answer>> ways) {
        String search = "get " + ALL + "/{id}/search ";
        ways.put(search + 200, () -> gateway.get(made() + "/search?q=a"));
        ways.put(search + 400, () -> gateway.get(made() + "/search"));
        ways.put(search + 404, () -> gateway.get(UNKNOWN + "/search?q=a"));
        ways.put(search + 422, () -> gateway.get(made() + "/search?q=a&mode=vector"));
        ways.put(search + 503, () -> gateway.get(made() + "/search?q=a&version=" + Long.MAX_VALUE / 2));
    }

    private void documents(Map<String, Supplier<Answer>> ways) {
        String list = "get " + ALL + "/{id}/documents ";
        ways.put(list + 200, () -> gateway.get(made() + "/documents"));
        ways.put(list + 400, () -> gateway.get(made() + "/documents?limit=0"));
        ways.put(list + 404, () -> gateway.get(UNKNOWN + "/documents"));
        ways.put(list + 503, () -> cutOff.get(UNKNOWN + "/documents"));
        String post = "post " + ALL + "/{id}/documents ";
        ways.put(post + 200, () -> lines(made(), LINE));
        ways.put(post + 400, () -> lines(made(), "{"));
        ways.put(post + 404, () -> lines(UNKNOWN, LINE));
        ways.put(post + 413, () -> lines(made(), " ".repeat(17 * 1024 * 1024)));
        ways.put(post + 415, () -> gateway.post(made() + "/documents", LINE));
        ways.put(
                post + 503,
                () -> cutOff.send("POST", UNKNOWN + "/documents", LINE, "Content-Type", "application/x-ndjson"));
    }

    private void document(Map<String, Supplier<Answer>> ways) {
        String put = "put " + ALL + "/{id}/documents/{document} ";
        ways.put(put + 200, () -> {
            String document = made() + "/documents/a";
            text(gateway, document, TEXT);
            return text(gateway, document, TEXT);
        });
        ways.put(put + 201, () -> text(gateway, made() + "/documents/" + UUID.randomUUID(), TEXT));
        ways.put(put + 400, () -> text(gateway, made() + "/documents/.a", TEXT));
        ways.put(put + 404, () -> text(gateway, UNKNOWN + "/documents/a", TEXT));
        ways.put(put + 413, () -> text(gateway, made() + "/documents/a", new byte[17 * 1024 * 1024]));
        ways.put(put + 415, () -> gateway.put(made() + "/documents/a", TEXT));
        ways.put(put + 422, () -> text(gateway, made() + "/documents/a", new byte[1]));
        ways.put(put + 503, () -> text(cutOff, UNKNOWN + "/documents/a", TEXT));
        String delete = "delete " + ALL + "/{id}/documents/{document} ";
        ways.put(delete + 200, () -> {
            String document = made() + "/documents/b";
            text(gateway, document, TEXT);
            return gateway.send("DELETE", document, "");
        });
        ways.put(delete + 400, () -> gateway.send("DELETE", made() + "/documents/.a", ""));
        ways.put(delete + 404, () -> gateway.send("DELETE", made() + "/documents/nix", ""));
        ways.put(delete + 503, () -> cutOff.send("DELETE", UNKNOWN + "/documents/a", ""));
    }

    /** The path of a repository that is there. */
    private String made() {
        String path = ALL + "/ways";
        make(path, "{}");
        return path;
    }

    private Answer make(String path, String body) {
        return gateway.send("PUT", path, body, "Content-Type", "application/json");
    }

    private Answer lines(String repository, String body) {
        return gateway.send("POST", repository + "/documents", body, "Content-Type", "application/x-ndjson");
    }

    private static Answer text(TestGateway at, String document, byte[] bytes) {
        return at.put(document, bytes, "Content-Type", "text/plain");
    }
}
