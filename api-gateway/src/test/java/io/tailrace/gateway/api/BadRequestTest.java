package io.tailrace.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.DecidedGateway;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bad requests get beside their bodies: for each row a status, a code and a field, never a 500. */
class BadRequestTest {
    private static final String STEP = "{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}";

    private static final String PLAN = "{\"workspace\":\"demo\",\"plan\":[" + STEP + "]}";

    private static TestGateway gateway;
    private static DecidedGateway decided;

    @BeforeAll
    static void start() {
        decided = DecidedGateway.start("tailrace.gateway.api.max-body=4KB");
        gateway = decided.gateway();
    }

    @AfterAll
    static void stop() {
        decided.close();
    }

    static Stream<Arguments> requests() {
        String id = "r-0123456789abcdef";
        return Stream.of(
                request("no content type", "POST", "/v1/runs", PLAN, "", 415, "unsupported_media_type", "Content-Type"),
                request(
                        "form",
                        "POST",
                        "/v1/runs",
                        "a=b",
                        "Content-Type: application/x-www-form-urlencoded",
                        415,
                        "unsupported_media_type",
                        "Content-Type"),
                request(
                        "text",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: text/plain",
                        415,
                        "unsupported_media_type",
                        "Content-Type"),
                request(
                        "other charset",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: application/json; charset=utf-16",
                        415,
                        "unsupported_media_type",
                        "Content-Type"),
                request(
                        "garbage as content type",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: ;;;",
                        415,
                        "unsupported_media_type",
                        "Content-Type"),
                request(
                        "compressed",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: application/json\r\nContent-Encoding: gzip",
                        415,
                        "unsupported_media_type",
                        "Content-Type"),
                request(
                        "announced too large",
                        "POST",
                        "/v1/runs",
                        "",
                        "Content-Type: application/json\r\nContent-Length: 99999999",
                        413,
                        "body_too_large",
                        ""),
                request(
                        "not UTF-8",
                        "POST",
                        "/v1/runs",
                        "{\"title\":\"\u00ff\"}",
                        "Content-Type: application/json",
                        400,
                        "malformed_json",
                        ""),
                request(
                        "empty key",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: application/json\r\nIdempotency-Key:",
                        400,
                        "invalid_idempotency_key",
                        "Idempotency-Key"),
                request(
                        "long key",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: application/json\r\nIdempotency-Key: " + "k".repeat(256),
                        400,
                        "invalid_idempotency_key",
                        "Idempotency-Key"),
                request(
                        "key with a control character",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: application/json\r\nIdempotency-Key: a\tb",
                        400,
                        "invalid_idempotency_key",
                        "Idempotency-Key"),
                request(
                        "key that is not ASCII",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: application/json\r\nIdempotency-Key: \u00e4",
                        400,
                        "invalid_idempotency_key",
                        "Idempotency-Key"),
                request(
                        "two keys",
                        "POST",
                        "/v1/runs",
                        PLAN,
                        "Content-Type: application/json\r\nIdempotency-Key: a\r\nIdempotency-Key: b",
                        400,
                        "invalid_idempotency_key",
                        "Idempotency-Key"),
                request("no such route", "GET", "/v1/nix", "", "", 404, "no_such_route", ""),
                request("a file that is not the page's", "GET", "/page/secret.txt", "", "", 404, "no_such_route", ""),
                request("a protected folder", "GET", "/WEB-INF/web.xml", "", "", 404, "no_such_route", ""),
                request("another one", "GET", "/META-INF/MANIFEST.MF", "", "", 404, "no_such_route", ""),
                request(
                        "metrics in a form that there is not",
                        "GET",
                        "/actuator/prometheus",
                        "",
                        "Accept: text/event-stream",
                        406,
                        "not_acceptable",
                        "Accept"),
                request(
                        "metrics in no form at all",
                        "GET",
                        "/actuator/prometheus",
                        "",
                        "Accept: x",
                        406,
                        "not_acceptable",
                        "Accept"),
                request(
                        "languages that are none, and no route",
                        "GET",
                        "/v1/nix",
                        "",
                        "Accept-Language: $Version=1; a=\"",
                        404,
                        "no_such_route",
                        ""),
                request("slash at the end", "GET", "/v1/runs/", "", "", 404, "no_such_route", ""),
                request("wrong method", "DELETE", "/v1/runs", "", "", 405, "method_not_allowed", ""),
                request(
                        "wrong method on a run",
                        "PUT",
                        "/v1/runs/" + id,
                        "{}",
                        "Content-Type: application/json",
                        405,
                        "method_not_allowed",
                        ""),
                request(
                        "a method that would repeat the headers",
                        "TRACE",
                        "/v1/runs",
                        "",
                        "",
                        405,
                        "method_not_allowed",
                        ""),
                request("method nobody knows", "BREW", "/v1/runs", "", "", 405, "method_not_allowed", ""),
                request("wrong accept", "GET", "/v1/runs", "", "Accept: image/png", 406, "not_acceptable", "Accept"),
                request("garbage as accept", "GET", "/v1/runs", "", "Accept: x", 406, "not_acceptable", "Accept"),
                request("unknown run", "GET", "/v1/runs/" + id, "", "", 404, "unknown_run", ""),
                request("unknown run to cancel", "POST", "/v1/runs/" + id + "/cancel", "", "", 404, "unknown_run", ""),
                request("unknown run to retry", "POST", "/v1/runs/" + id + "/retry", "", "", 404, "unknown_run", ""),
                request("capitals in an id", "GET", "/v1/runs/R-01234567", "", "", 400, "malformed_run_id", "run_id"),
                request("short id", "GET", "/v1/runs/abc", "", "", 400, "malformed_run_id", "run_id"),
                request("long id", "GET", "/v1/runs/" + "a".repeat(65), "", "", 400, "malformed_run_id", "run_id"),
                request("space in an id", "GET", "/v1/runs/abc%20def", "", "", 400, "malformed_run_id", "run_id"),
                request("newline in an id", "GET", "/v1/runs/abcdef%0A", "", "", 400, Refusal.ANY, Refusal.ANY),
                request("NUL in an id", "GET", "/v1/runs/abcd%00ef", "", "", 400, Refusal.ANY, Refusal.ANY),
                request("slash in an id", "GET", "/v1/runs/abcd%2fef", "", "", 400, Refusal.ANY, Refusal.ANY),
                request("dots in an id", "GET", "/v1/runs/%2e%2e/x", "", "", 400, Refusal.ANY, Refusal.ANY),
                request("double encoding", "GET", "/v1/runs/abcd%252fef", "", "", 400, Refusal.ANY, Refusal.ANY),
                request("bad percent encoding", "GET", "/v1/runs/abc%zzdef", "", "", 400, Refusal.ANY, Refusal.ANY),
                request("not UTF-8 in an id", "GET", "/v1/runs/abcd%ff%fe", "", "", 400, Refusal.ANY, Refusal.ANY),
                request("parameter in a path", "GET", "/v1/runs/abcdef;x=y", "", "", 404, "unknown_run", ""),
                request("backslash", "GET", "/v1/runs/abcd%5cef", "", "", 400, Refusal.ANY, Refusal.ANY),
                request(
                        "cancel with a list",
                        "POST",
                        "/v1/runs/" + id + "/cancel",
                        "[]",
                        "Content-Type: application/json",
                        400,
                        "wrong_type",
                        ""),
                request(
                        "cancel with more",
                        "POST",
                        "/v1/runs/" + id + "/cancel",
                        "{\"now\":true}",
                        "Content-Type: application/json",
                        400,
                        "unknown_field",
                        "now"),
                request(
                        "cancel with a long reason",
                        "POST",
                        "/v1/runs/" + id + "/cancel",
                        "{\"reason\":\"" + "x".repeat(501) + "\"}",
                        "Content-Type: application/json",
                        400,
                        "too_long",
                        "reason"),
                request(
                        "retry with something",
                        "POST",
                        "/v1/runs/" + id + "/retry",
                        "{\"plan\":[]}",
                        "Content-Type: application/json",
                        400,
                        "unknown_field",
                        "plan"),
                request("unknown parameter", "GET", "/v1/runs?state=failed", "", "", 400, "unknown_parameter", "state"),
                request(
                        "parameter twice",
                        "GET",
                        "/v1/runs?limit=1&limit=2",
                        "",
                        "",
                        400,
                        "repeated_parameter",
                        "limit"),
                request("limit 0", "GET", "/v1/runs?limit=0", "", "", 400, "out_of_range", "limit"),
                request("limit 201", "GET", "/v1/runs?limit=201", "", "", 400, "out_of_range", "limit"),
                request("limit is a word", "GET", "/v1/runs?limit=all", "", "", 400, "wrong_type", "limit"),
                request(
                        "limit over all numbers",
                        "GET",
                        "/v1/runs?limit=99999999999999999999",
                        "",
                        "",
                        400,
                        "wrong_type",
                        "limit"),
                request("unknown status", "GET", "/v1/runs?status=done", "", "", 400, "invalid_value", "status"),
                request(
                        "bad workspace",
                        "GET",
                        "/v1/runs?workspace=%2e%2e%2f",
                        "",
                        "",
                        400,
                        "invalid_value",
                        "workspace"),
                request("bad page", "GET", "/v1/runs?page=2", "", "", 400, "malformed_page", "page"),
                request(
                        "bad page, right beginning",
                        "GET",
                        "/v1/runs?page=p1.%21%21",
                        "",
                        "",
                        400,
                        "malformed_page",
                        "page"),
                request(
                        "bad time",
                        "GET",
                        "/v1/runs?created_after=yesterday",
                        "",
                        "",
                        400,
                        "wrong_type",
                        "created_after"),
                request(
                        "time beyond time",
                        "GET",
                        "/v1/runs?created_before=%2B999999999-01-01T00:00:00Z",
                        "",
                        "",
                        400,
                        "wrong_type",
                        "created_before"),
                request(
                        "bad percent encoding in the query",
                        "GET",
                        "/v1/runs?limit=%zz",
                        "",
                        "",
                        400,
                        Refusal.ANY,
                        Refusal.ANY),
                request(
                        "not UTF-8 in the query",
                        "GET",
                        "/v1/runs?workspace=%ff",
                        "",
                        "",
                        400,
                        Refusal.ANY,
                        Refusal.ANY),
                request("parameter of a run", "GET", "/v1/runs/" + id + "?x=1", "", "", 400, "unknown_parameter", "x"),
                request(
                        "malformed cursor of a run",
                        "GET",
                        "/v1/runs/" + id + "?cursor=v1.x",
                        "",
                        "",
                        400,
                        "malformed_cursor",
                        "cursor"),
                request(
                        "headers too large",
                        "GET",
                        "/v1/runs",
                        "",
                        "X: " + "x".repeat(20_000),
                        431,
                        "headers_too_large",
                        ""),
                request("URI too long", "GET", "/v1/runs?page=" + "x".repeat(20_000), "", "", 414, "uri_too_long", ""),
                request("no HTTP", "\u0016\u0003\u0001", "", "", "", 400, "malformed_request", ""),
                request("another host", "GET", "/v1/runs", "", "Host: evil.example", 403, "host_not_allowed", "Host"),
                request(
                        "another origin",
                        "POST",
                        "/v1/runs/" + id + "/cancel",
                        "",
                        "Origin: https://evil.example",
                        403,
                        "origin_not_allowed",
                        "Origin"));
    }

    private static Arguments request(
            String name,
            String method,
            String path,
            String body,
            String headers,
            int status,
            String code,
            String field) {
        return Arguments.of(name, method, path, body, headers, status, code, field);
    }

    @Test
    void whoIsRefusedBeforeTheWholeBodyCameIsToldThatTheConnectionEnds() {
        String head = """
                PUT /workspaces/default/configurations/- HTTP/1.1
                Host: localhost
                Content-Type: application/zip
                Content-Length: 1000

                """.replace("\n", "\r\n");

        Answer cutOff = gateway.raw(head + "PK");
        Answer whole = gateway.raw(head + "P".repeat(1000));

        assertThat(cutOff.status()).as(cutOff.body()).isEqualTo(400);
        assertThat(cutOff.header("connection")).contains("close");
        assertThat(whole.status()).as(whole.body()).isEqualTo(400);
        assertThat(whole.header("connection")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*", "application/*+json", "*/*; charset=utf-8"})
    void aRangeOfTypesIsNoTypeOfABody(String type) {
        for (String route : List.of("POST /v1/runs", "GET /v1/runs", "GET /v1/recipes", "GET /openapi.yaml")) {
            String[] parts = route.split(" ", -1);
            Answer answer = gateway.send(parts[0], parts[1], PLAN, "Content-Type", type);
            Refusal.check(answer, 415, "unsupported_media_type", "Content-Type");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void badRequestIsRefused(
            String name,
            String method,
            String path,
            String body,
            String headers,
            int status,
            String code,
            String field) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
        if (!headers.contains("Host:")) {
            request.append("Host: localhost\r\n");
        }
        if (!headers.isEmpty()) {
            request.append(headers).append("\r\n");
        }
        if (!headers.contains("Content-Length:")) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        Refusal.check(gateway.raw(request.append("\r\n").append(body).toString()), status, code, field);
    }

    @Test
    void chunkedBodyOverTheLimitIsRefused() {
        String chunk = Integer.toHexString(5000) + "\r\n" + "x".repeat(5000) + "\r\n";

        Answer answer = gateway.raw("POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + "application/json"
                + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n");

        Refusal.check(answer, 413, "body_too_large", "");
    }

    @Test
    void wrongMethodIsToldWhichAreAllowed() {
        assertThat(gateway.send("DELETE", "/v1/runs", "").header("allow").orElseThrow())
                .contains("GET", "POST");
    }
}
