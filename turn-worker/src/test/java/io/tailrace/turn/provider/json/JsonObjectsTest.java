package io.tailrace.turn.provider.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.call.InvalidRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonObjectsTest {

    @Test
    void argumentsThatTheModelWroteWronglyAreQuoted() {
        assertThat(JsonObjects.arguments(new ToolInvocation("1", "look", "{\"at\": ")))
                .hasToString("{\"malformed_arguments\":\"{\\\"at\\\": \"}");
        assertThat(JsonObjects.arguments(new ToolInvocation("1", "look", "[1]")).has("malformed_arguments"))
                .isTrue();
    }

    @Test
    void noArgumentsAreAnEmptyObject() {
        assertThat(JsonObjects.arguments(new ToolInvocation("1", "look", " "))).hasToString("{}");
    }

    @Test
    void aSchemaThatIsNoObjectIsAnInvalidRequestThatNamesTheTool() {
        assertThatThrownBy(() -> JsonObjects.schema(new ToolDefinition("look", "", "true")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("\"look\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"error":{"type":"t","message":"m"}}            | t  | m
                    {"error":{"type":"t","code":"c","message":"m"}} | c  | m
                    {"error":{"type":"t","code":429}}               | t  | ''
                    {"type":"error","error":{"type":"t"}}           | t  | ''
                    {"error":"m"}                                   | '' | m
                    {"message":"m","__type":"t"}                    | t  | m
                    {"detail":"m"}                                  | '' | m
                    "m"                                             | '' | m
                    [1]                                             | '' | ''
                    [{"error":{"status":"t","message":"m"}}]        | t  | m
                    {"detail":[{"loc":["a","b"],"msg":"m"}]}        | '' | a.b: m
                    null                                            | '' | ''
                    <html>                                          | '' | ''
                    """)
    void anErrorIsReadInAllItsShapes(String body, String kind, String message) {
        ErrorBody read = ErrorBody.parse(body.getBytes(StandardCharsets.UTF_8));

        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.message()).isEqualTo(message);
    }
}
