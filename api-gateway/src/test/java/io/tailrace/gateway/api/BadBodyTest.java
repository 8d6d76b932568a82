package io.tailrace.gateway.api;

import io.tailrace.gateway.testing.DecidedGateway;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What bad bodies get: for each row a status, a code and a field, never a 500. */
class BadBodyTest {
    private static final String STEP = "{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}";

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

    private static Arguments body(String name, String body, int status, String code, String field) {
        return Arguments.of(name, body, status, code, field);
    }

    private static String plan(String step) {
        return "{\"workspace\":\"demo\",\"plan\":[" + step + "]}";
    }

    private static String phase(String phase) {
        return plan("{\"step\":\"build\",\"recipe\":\"commands\",\"phases\":[" + phase + "]}");
    }

    private static String with(String members) {
        return "{\"workspace\":\"demo\",\"plan\":[" + STEP + "]," + members + "}";
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                body("empty", " ", 400, "malformed_json", ""),
                body("no json", "hello", 400, "malformed_json", ""),
                body("cut off", "{\"workspace\":\"demo\"", 400, "malformed_json", ""),
                body("something after it", plan(STEP) + "{}", 400, "malformed_json", ""),
                body("NaN", with("\"limits\":{\"max_attempts\":NaN}"), 400, "malformed_json", ""),
                body("comment", "/* */" + plan(STEP), 400, "malformed_json", ""),
                body("a list", "[]", 400, "wrong_type", ""),
                body("null", "null", 400, "wrong_type", ""),
                body("empty object", "{}", 400, "missing_field", "workspace"),
                body("no plan", "{\"workspace\":\"demo\"}", 400, "missing_field", "plan"),
                body("null plan", "{\"workspace\":\"demo\",\"plan\":null}", 400, "missing_field", "plan"),
                body("unknown field", with("\"colour\":1"), 400, "unknown_field", "colour"),
                body("duplicate field", with("\"workspace\":\"demo\""), 400, "duplicate_field", "workspace"),
                body(
                        "duplicate field inside",
                        plan("{\"step\":\"build\",\"step\":\"build\"}"),
                        400,
                        "duplicate_field",
                        "plan[0].step"),
                body("number as text", "{\"workspace\":7,\"plan\":[" + STEP + "]}", 400, "wrong_type", "workspace"),
                body(
                        "bad workspace",
                        "{\"workspace\":\"a b\",\"plan\":[" + STEP + "]}",
                        400,
                        "invalid_value",
                        "workspace"),
                body(
                        "path as workspace",
                        "{\"workspace\":\"../x\",\"plan\":[" + STEP + "]}",
                        400,
                        "invalid_value",
                        "workspace"),
                body("bad kind", with("\"kind\":\"Build\""), 400, "invalid_value", "kind"),
                body("long kind", with("\"kind\":\"" + "k".repeat(33) + "\""), 400, "invalid_value", "kind"),
                body("long title", with("\"title\":\"" + "t".repeat(201) + "\""), 400, "too_long", "title"),
                body("blank title", with("\"title\":\"  \""), 400, "invalid_value", "title"),
                body("control character", with("\"title\":\"a\\u0007b\""), 400, "invalid_value", "title"),
                body("raw control character", with("\"title\":\"a\tb\""), 400, "malformed_json", ""),
                body("half a surrogate pair", with("\"title\":\"\\ud83d\""), 400, "invalid_value", "title"),
                body("plan is no list", "{\"workspace\":\"demo\",\"plan\":{}}", 400, "wrong_type", "plan"),
                body("nothing to do", plan(""), 400, "empty_plan", "plan"),
                body("too many steps", plan((STEP + ",").repeat(20) + STEP), 400, "too_many", "plan"),
                body("step is no object", plan("7"), 400, "wrong_type", "plan[0]"),
                body("unknown step", plan("{\"step\":\"cook\"}"), 400, "unknown_step", "plan[0].step"),
                body(
                        "unknown recipe",
                        plan("{\"step\":\"build\",\"recipe\":\"soup\"}"),
                        400,
                        "unknown_recipe",
                        "plan[0].recipe"),
                body(
                        "unknown field in a step",
                        plan("{\"step\":\"build\",\"recipe\":\"commands\",\"shell\":\"x\"}"),
                        400,
                        "unknown_field",
                        "plan[0].shell"),
                body(
                        "unknown definition",
                        plan("{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"nix\"}"),
                        422,
                        "unknown_definition",
                        "plan[0].definition"),
                body(
                        "path as definition",
                        plan("{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"../hello\"}"),
                        400,
                        "invalid_value",
                        "plan[0].definition"),
                body(
                        "phases are not allowed here",
                        phase("{\"name\":\"a\",\"argv\":[\"echo\"]}"),
                        403,
                        "adhoc_phases_disabled",
                        "plan[0].phases"),
                body(
                        "phase without a name",
                        phase("{\"argv\":[\"echo\"]}"),
                        400,
                        "missing_field",
                        "plan[0].phases[0].name"),
                body("phase without argv", phase("{\"name\":\"a\"}"), 400, "missing_field", "plan[0].phases[0].argv"),
                body(
                        "argv is a text",
                        phase("{\"name\":\"a\",\"argv\":\"echo hi\"}"),
                        400,
                        "wrong_type",
                        "plan[0].phases[0].argv"),
                body(
                        "NUL in argv",
                        phase("{\"name\":\"a\",\"argv\":[\"a\\u0000\"]}"),
                        400,
                        "invalid_value",
                        "plan[0].phases[0].argv[0]"),
                body(
                        "two phases of one name",
                        phase("{\"name\":\"a\",\"argv\":[\"x\"]},{\"name\":\"a\",\"argv\":[\"x\"]}"),
                        400,
                        "duplicate_name",
                        "plan[0].phases[1].name"),
                body("limits is a number", with("\"limits\":1"), 400, "wrong_type", "limits"),
                body(
                        "negative limit",
                        with("\"limits\":{\"wall_clock_ms\":-1}"),
                        400,
                        "out_of_range",
                        "limits.wall_clock_ms"),
                body("fraction", with("\"limits\":{\"max_attempts\":1.5}"), 400, "wrong_type", "limits.max_attempts"),
                body(
                        "huge number",
                        with("\"limits\":{\"max_attempts\":99999999999999999999}"),
                        400,
                        "wrong_type",
                        "limits.max_attempts"),
                body(
                        "number of a thousand digits",
                        with("\"limits\":{\"max_attempts\":" + "9".repeat(1000) + "}"),
                        400,
                        "malformed_json",
                        ""),
                body("unknown limit", with("\"limits\":{\"ram\":1}"), 400, "unknown_field", "limits.ram"),
                body("too deep", with("\"title\":" + "[".repeat(20) + "]".repeat(20)), 400, "too_deep", Refusal.ANY),
                body("far too deep", "[".repeat(2000), 400, "too_deep", Refusal.ANY),
                body("too large", with("\"title\":\"" + "t".repeat(5000) + "\""), 413, "body_too_large", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void badBodyIsRefused(String name, String body, int status, String code, String field) {
        Refusal.check(gateway.post("/v1/runs", body), status, code, field);
    }
}
