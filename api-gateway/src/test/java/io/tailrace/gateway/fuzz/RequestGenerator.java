package io.tailrace.gateway.fuzz;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes requests that are nearly right: a route of ours, and one or more things that are odd, in its method, path, query,
 * headers or body. One in five has framing that is odd too, or is damaged as a whole. The same seed makes the same request.
 */
final class RequestGenerator {
    private static final List<String> METHODS = List.of(
            "GET",
            "GET",
            "GET",
            "GET",
            "POST",
            "POST",
            "PUT",
            "HEAD",
            "DELETE",
            "OPTIONS",
            "PATCH",
            "TRACE",
            "BREW",
            "get",
            "PRI",
            "CONNECT",
            "\u00e4",
            "A".repeat(300));

    private static final List<String> ROUTES = List.of(
            "GET /v1/runs",
            "POST /v1/runs",
            "GET /v1/runs/{run}",
            "POST /v1/runs/{run}/cancel",
            "POST /v1/runs/{run}/retry",
            "GET /v1/runs/{run}/events",
            "GET /v1/runs/{run}/stream",
            "GET /v1/streams?run={run}",
            "GET /v1/subscriptions",
            "PUT /v1/subscriptions/{name}",
            "GET /v1/subscriptions/{name}",
            "DELETE /v1/subscriptions/{name}",
            "GET /v1/subscriptions/{name}/stream",
            "POST /v1/runs/{run}/turns",
            "GET /v1/runs/{run}/turns/{turn}",
            "POST /v1/runs/{run}/turns/{turn}/cancel",
            "POST /v1/runs/{run}/turns/{turn}/retry",
            "POST /v1/runs/{run}/approvals/{approval}/approve",
            "POST /v1/runs/{run}/approvals/{approval}/deny",
            "GET /v1/runs/{run}/messages",
            "GET /v1/runs/{run}/checkpoint",
            "POST /v1/runs/{run}/close",
            "GET /v1/assistants",
            "PUT /v1/assistants/{name}",
            "GET /v1/assistants/{name}",
            "DELETE /v1/assistants/{name}",
            "POST /v1/assistants/{name}/check",
            "POST /api/assistant-architect/executions",
            "GET /v1/providers",
            "GET /v1/providers/{name}",
            "GET /v1/tool-servers",
            "GET /v1/recipes",
            "GET /v1/status",
            "GET /workspaces/{workspace}/configurations",
            "PUT /workspaces/{workspace}/configurations/{configuration}",
            "GET /workspaces/{workspace}/configurations/{configuration}",
            "GET /workspaces/{workspace}/configurations/{configuration}/versions/{digest}",
            "POST /workspaces/{workspace}/configurations/{configuration}/builds",
            "POST /workspaces/{workspace}/configurations/{configuration}/runs",
            "GET /workspaces/{workspace}/configurations/{configuration}/builds/{build}",
            "GET /workspaces/{workspace}/configurations/{configuration}/builds/{build}/stream",
            "GET /schema-registry/schemas/ids/{name}",
            "GET /schema-registry/subjects/{name}/versions/{name}",
            "GET /schema-registry/apis/registry/v3/ids/contentIds/{name}",
            "GET /schema-registry/apis/registry/v3/ids/contentIds/{name}/references",
            "GET /health/ready",
            "GET /actuator/health",
            "GET /actuator/prometheus",
            "GET /actuator/{name}",
            "GET /openapi.yaml",
            "GET /page/{name}",
            "GET /",
            "GET /WEB-INF/web.xml",
            "GET /META-INF/{name}",
            "GET /{name}");

    private static final List<String> PARAMETERS = List.of(
            "run",
            "cursor",
            "lastEventId",
            "from",
            "to",
            "limit",
            "type",
            "format",
            "after",
            "page",
            "status",
            "workspace",
            "created_after",
            "turn",
            "x",
            "%zz",
            "");

    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Language",
            "Accept-Encoding",
            "Accept-Charset",
            "Content-Type",
            "Content-Encoding",
            "Cookie",
            "Origin",
            "Access-Control-Request-Method",
            "Access-Control-Request-Headers",
            "Last-Event-ID",
            "Idempotency-Key",
            "Authorization",
            "If-None-Match",
            "If-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Range",
            "If-Range",
            "Upgrade",
            "Connection",
            "TE",
            "Trailer",
            "Via",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Prefix",
            "X-HTTP-Method-Override",
            "Cache-Control",
            "Pragma",
            "Date",
            "Max-Forwards",
            "Sec-Fetch-Site",
            "HTTP2-Settings",
            "X",
            "x".repeat(300));

    private static final List<String> BODIES = List.of(
            "{\"workspace\":\"demo\",\"plan\":[{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}]}",
            "{\"workspace\":\"demo\",\"kind\":\"chat\",\"chat\":{\"provider\":\"scripted\",\"policy\":\"enqueue\"}}",
            "{\"text\":\"Hello?\",\"script\":{\"text\":[\"a\"],\"repeat\":3}}",
            "{\"reason\":\"superseded\"}",
            "{\"stream\":false,\"force\":true}",
            "{\"path\":\"/etc/passwd\"}",
            "{\"plan\":[{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}]}",
            "{\"prompts\":[{\"id\":1,\"name\":\"a\",\"text\":\"{{x}}\",\"provider\":\"scripted\"}],\"inputs\":[{\"name\":\"x\"}]}",
            "{\"prompts\":[{\"id\":1,\"name\":\"a\",\"text\":\"x\",\"provider\":\"scripted\",\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}],\"cache\":{\"ttl_ms\":1}}]}",
            "{\"workspace\":\"demo\",\"kind\":\"assistant\",\"assistant\":\"latest\",\"inputs\":{\"x\":\"y\"}}",
            "{\"assistant\":\"latest\",\"inputs\":{\"x\":\"y\"}}",
            "{\"inputs\":{\"x\":\"y\"}}",
            "{}");

    private final KnownThings known;

    RequestGenerator(KnownThings known) {
        this.known = known;
    }

    FuzzRequest make(long seed) {
        Fuzz fuzz = new Fuzz(seed);
        String route = alike(fuzz.of(ROUTES), seed);
        int space = route.indexOf(' ');
        String method = fuzz.oneIn(5) ? fuzz.of(METHODS) : route.substring(0, space);
        String path = target(route.substring(space + 1), fuzz);
        String body = body(method, fuzz);
        String length = "Content-Length: " + body.length() + "\r\n";
        String version =
                fuzz.oneIn(60) ? fuzz.of(List.of("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "")) : "HTTP/1.1";
        boolean framed = version.equals("HTTP/1.1") && !path.isEmpty() && path.indexOf(' ') < 0;
        if (fuzz.oneIn(12)) {
            length = fuzz.of(OddFraming.LENGTHS);
            framed = false;
        }
        String head = method + " " + path + " " + version + "\r\n" + host(fuzz) + length
                + headers(body.length() > 0, fuzz) + "\r\n";
        String whole = head + body;
        if (fuzz.oneIn(10)) {
            return new FuzzRequest(seed, method, path, fuzz.damaged(whole), false);
        }
        return new FuzzRequest(seed, method, path, whole, framed && !method.equals("CONNECT"));
    }

    /** Half of the requests for a run's events are for those of an execution. */
    private static String alike(String route, long seed) {
        if (seed % 2 != 0) {
            return route;
        }
        return switch (route) {
            case "GET /v1/runs/{run}/stream" -> "GET /api/assistant-architect/events/{execution}";
            case "GET /v1/runs/{run}/events" -> "GET /api/assistant-architect/executions/{execution}/events";
            default -> route;
        };
    }

    private static String host(Fuzz fuzz) {
        return fuzz.oneIn(25)
                ? fuzz.of(List.of(
                        "",
                        "Host:\r\n",
                        "Host: evil.example\r\n",
                        "Host: [::1\r\n",
                        "Host: a b\r\n",
                        "Host: localhost:99999999\r\n",
                        "Host: localhost\r\nHost: localhost\r\n",
                        "Host: \u00e4\r\n"))
                : "Host: localhost\r\n";
    }

    private String target(String route, Fuzz fuzz) {
        StringBuilder path = new StringBuilder();
        for (String part : route.substring(1).split("/", -1)) {
            int named = part.indexOf('{');
            path.append('/').append(named < 0 ? part : part.substring(0, named) + name(part.substring(named), fuzz));
        }
        for (int more = fuzz.oneIn(3) ? 1 + fuzz.below(3) : 0; more > 0; more--) {
            path.append(path.indexOf("?") < 0 ? '?' : '&').append(fuzz.of(PARAMETERS));
            path.append('=').append(fuzz.oneIn(3) ? cursor(fuzz) : escaped(fuzz.of(OddValues.TEXTS), fuzz));
        }
        String whole = path.toString();
        if (fuzz.oneIn(15)) {
            whole = fuzz.of(List.of(
                    "*",
                    "//" + whole,
                    "http://localhost" + whole,
                    "http://evil.example" + whole,
                    "x" + whole,
                    whole + "/",
                    whole + "//",
                    whole + ";jsessionid=1",
                    whole + "#x",
                    "/." + whole,
                    "/x/.." + whole,
                    "",
                    "http://[" + whole,
                    "localhost:80",
                    whole + " x"));
        }
        return whole;
    }

    private String name(String part, Fuzz fuzz) {
        if (fuzz.oneIn(4)) {
            return escaped(fuzz.of(OddValues.TEXTS), fuzz);
        }
        String right = switch (part) {
            case "{run}" -> fuzz.of(List.of(known.run(), known.chat(), known.chat(), "r-0123456789abcdef"));
            case "{execution}" ->
                fuzz.of(List.of(known.execution(), known.chat(), known.execution(), "r-0123456789abcdef"));
            case "{turn}" -> fuzz.of(List.of(known.turn(), "t-0123456789abcdef"));
            case "{approval}" -> fuzz.of(List.of("1-1-0", "2-1-0"));
            case "{workspace}" -> fuzz.of(List.of("demo", "demo", "nobody"));
            case "{configuration}" -> fuzz.of(List.of(KnownThings.CONFIGURATION, "none"));
            case "{digest}" -> known.digest();
            case "{build}" -> known.build();
            default -> fuzz.of(List.of("1", "2", "999", "latest", "tailrace.runs-value", "scripted", "env"));
        };
        return fuzz.oneIn(10) ? escaped(fuzz.damaged(right), fuzz) : right;
    }

    /** Mostly as a client would send it; sometimes as it is. */
    private static String escaped(String text, Fuzz fuzz) {
        return fuzz.oneIn(3) ? text : URLEncoder.encode(text, StandardCharsets.ISO_8859_1);
    }

    private String cursor(Fuzz fuzz) {
        String cursor = fuzz.of(known.cursors());
        return fuzz.oneIn(3) ? fuzz.damaged(cursor) : cursor;
    }

    private String headers(boolean hasBody, Fuzz fuzz) {
        StringBuilder all = new StringBuilder();
        if (hasBody && !fuzz.oneIn(4)) {
            all.append("Content-Type: application/json\r\n");
        }
        for (int more = fuzz.below(4); more > 0; more--) {
            String name = fuzz.oneIn(25) ? fuzz.bytes(12) : fuzz.of(HEADERS);
            for (int times = fuzz.oneIn(10) ? 2 : 1; times > 0; times--) {
                all.append(name).append(": ").append(value(name, fuzz)).append("\r\n");
            }
        }
        if (fuzz.oneIn(100)) {
            all.append("X-Many: x\r\n".repeat(1 + fuzz.below(3000)));
        }
        return all.toString();
    }

    private String value(String name, Fuzz fuzz) {
        return switch (fuzz.below(6)) {
            case 0 -> fuzz.of(OddValues.TEXTS);
            case 1 -> fuzz.bytes(40);
            case 2 -> fuzz.of(OddValues.HEADERS);
            default ->
                switch (name) {
                    case "Accept", "Content-Type" -> fuzz.of(OddValues.MEDIA_TYPES);
                    case "Last-Event-ID", "Idempotency-Key" -> cursor(fuzz);
                    default -> fuzz.of(OddValues.HEADERS);
                };
        };
    }

    private String body(String method, Fuzz fuzz) {
        boolean usual = method.equals("POST") || method.equals("PUT");
        if (usual == fuzz.oneIn(8)) {
            return "";
        }
        if (method.equals("PUT") && fuzz.oneIn(2)) {
            return fuzz.oneIn(2) ? fuzz.damaged(known.archive()) : known.archive();
        }
        String json = fuzz.of(BODIES);
        String made = switch (fuzz.below(5)) {
            case 0 -> oddValue(json, fuzz);
            case 1 -> fuzz.of(OddValues.JSON);
            case 2 -> fuzz.damaged(json);
            default -> json;
        };
        return fuzz.oneIn(200) ? made + " ".repeat(400_000) : made;
    }

    /** The same with another value for one of its fields. */
    private static String oddValue(String json, Fuzz fuzz) {
        List<Integer> colons = new ArrayList<>();
        for (int at = json.indexOf(':'); at >= 0; at = json.indexOf(':', at + 1)) {
            colons.add(at);
        }
        if (colons.isEmpty()) {
            return "{\"" + fuzz.bytes(8) + "\":" + fuzz.of(OddValues.JSON) + "}";
        }
        int colon = fuzz.of(colons);
        int end = colon + 1;
        while (end < json.length() && ",}]".indexOf(json.charAt(end)) < 0) {
            end++;
        }
        return json.substring(0, colon + 1) + fuzz.of(OddValues.JSON) + json.substring(end);
    }
}
