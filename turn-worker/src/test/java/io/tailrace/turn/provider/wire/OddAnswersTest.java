package io.tailrace.turn.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Reply;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.testing.CannedServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers as real servers give them, which no specification has: what they say is heard, once, and nothing is made up. */
class OddAnswersTest {

    private static final ToolInvocation LOOK = new ToolInvocation("a", "look", "{\"x\":1}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"delta":{"content":[{"type":"text","text":"Good "},{"type":"text","text":"day"}]}}                  | Good day | ''
                    {"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},"Good day"]}}      | Good day | hm
                    {"delta":{"content":"Good day","reasoning_content":"","reasoning":"hm"}}                             | Good day | hm
                    {"delta":{"content":"Good day","reasoning_content":"hm","reasoning":"hm"}}                           | Good day | hm
                    {"delta":{"content":"Good day","reasoning_details":[{"type":"reasoning.text","text":"hm"}]}}         | Good day | hm
                    {"message":{"role":"assistant","content":"Good day"}}                                                | Good day | ''
                    {"delta":{"content":42}}                                                                             | 42       | ''
                    {"index":1,"delta":{"content":"Good day"}}                                                           | Good day | ''
                    {"index":"0","delta":{"content":"Good day","tool_calls":null,"refusal":null}}                        | Good day | ''
                    {"delta":{"content":"Good day"},"logprobs":{"content":[{"logprob":-Infinity}]}}                      | Good day | ''
                    """)
    void aContentIsReadInAllItsForms(String choice, String text, String reasoning) throws Exception {
        Heard heard = chat("{\"choices\":[" + choice + "]}", "{\"choices\":[" + finishLike(choice) + "]}");

        assertThat(heard.message().text()).isEqualTo(text);
        assertThat(heard.reply().reasoning()).isEqualTo(reasoning);
        assertThat(heard.finished().reason()).isEqualTo(FinishReason.STOP);
    }

    private static String finishLike(String choice) {
        return choice.startsWith("{\"index\":1")
                ? "{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}"
                : "{\"index\":0,\"delta\":{},\"finish_reason\":\"STOP\"}";
    }

    @Test
    void whatStandsBeforeBetweenAndBehindEventsIsNoEvent() throws Exception {
        Heard heard = heard(
                WireFormat.OPENAI_CHAT,
                "\ufeff" + data("{\"choices\":[{\"delta\":{\"content\":\"Good \"}}]}")
                        + ": ping\n\ndata:\n\ndata: \n\nevent: ping\n\n"
                        + data("{\"choices\":[{\"delta\":{\"content\":\"day\"},\"finish_reason\":\"stop\"}]}")
                        + "data: [DONE]\n\n"
                        + data("{\"choices\":[{\"delta\":{\"content\":\" too late\"}}]}"));

        assertThat(heard.message().text()).isEqualTo("Good day");
        assertThat(heard.finished().reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void doneCompletesAnAnswerThatSaidSomething() throws Exception {
        assertThat(chat("{\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}", "[DONE]")
                        .finished()
                        .reason())
                .isEqualTo(FinishReason.STOP);
        assertThat(chat("[DONE]").failure().message()).contains("ended early");
    }

    @Test
    void anEventThatIsCutOffByTheEndIsNoAnswer() throws Exception {
        Heard heard = heard(
                WireFormat.OPENAI_CHAT,
                data("{\"choices\":[{\"delta\":{\"content\":\"Good\"}}]}") + "data: {\"choices\":[{\"del");

        assertThat(heard.failure().message()).contains("ended early");
        assertThat(heard.message().text()).isEqualTo("Good");
    }

    @Test
    void anEventThatIsNoJsonFailsTheCallInWords() throws Exception {
        ProviderFailure failure = chat("{\"choices\":[{\"delta\":{\"content\":\"Good\"}}]}", "{oops", "[DONE]")
                .failure();

        assertThat(failure.message()).contains("no JSON", "{oops").doesNotContain("com.", "java.");
        assertThat(failure.recoverable()).isTrue();
    }

    @Test
    void aCharacterThatWasCutInTwoIsOne() throws Exception {
        Heard heard = chat(
                "{\"choices\":[{\"delta\":{\"content\":\"x\\ud83d\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"\\ude00y\"},\"finish_reason\":\"stop\"}]}");

        assertThat(heard.client().deltas())
                .containsExactly(new ModelDelta.Text("x"), new ModelDelta.Text("\ud83d\ude00y"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"error":{"message":"No money","type":"insufficient_quota","code":429}}       | rate_limited   | 429 | No money
                    {"error":{"message":"gone","type":"server_error","code":502}}                 | provider_error | 502 | gone
                    {"choices":[{"delta":{},"finish_reason":"error"}],"error":{"code":"503","message":"gone"}} | provider_error | 503 | gone
                    {"error":"the stream burst"}                                                  | provider_error | 500 | the stream burst
                    {"object":"error","message":"the engine died","type":"InternalServerError","code":500} | provider_error | 500 | the engine died
                    """)
    void anErrorWithinAStreamKeepsItsWordsAndItsCode(String event, String code, String status, String words)
            throws Exception {
        for (List<String> before :
                List.of(List.<String>of(), List.of("{\"choices\":[{\"delta\":{\"content\":\"Good\"}}]}"))) {
            StringBuilder stream = new StringBuilder();
            before.forEach(it -> stream.append(data(it)));
            ProviderFailure failure = heard(WireFormat.OPENAI_CHAT, stream + data(event) + "data: [DONE]\n\n")
                    .failure();

            assertThat(failure.code().text()).isEqualTo(code);
            assertThat(failure.message()).contains(words);
            assertThat(failure.details()).containsEntry("http_status", status);
        }
    }

    @Test
    void anEventThatIsCalledAnErrorIsOne() throws Exception {
        Heard heard = heard(
                WireFormat.OPENAI_CHAT,
                data("{\"choices\":[{\"delta\":{\"content\":\"Good\"}}]}")
                        + "event: error\ndata: {\"message\":\"the engine died\",\"code\":503}\n\ndata: [DONE]\n\n");

        assertThat(heard.failure().message()).contains("the engine died", "503");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"index":0,"id":"a","function":{"name":"look","arguments":"{\\"x\\":1}"}} ; {"index":0,"id":"b","function":{"name":"go","arguments":"{}"}}  | two calls at one position
                    {"id":"a","function":{"name":"look","arguments":"{\\"x\\""}} ; {"function":{"arguments":":1}"}} ; {"id":"b","function":{"name":"go","arguments":"{}"}} | no positions
                    {"index":0,"id":"a"} ; {"index":0,"function":{"name":"look","arguments":""}} ; {"index":0,"function":{"arguments":"{\\"x\\":1}"}} ; {"index":1,"id":"b","function":{"name":"go","arguments":"{}"}} | a late name
                    {"index":0,"id":"a","function":{"name":"lo"}} ; {"index":0,"function":{"name":"ok","arguments":"{\\"x\\":1}"}} ; {"index":1,"id":"b","function":{"name":"go"}} | a name in pieces
                    {"index":0,"id":"a","function":{"name":"look","arguments":"{\\"x\\""}} ; {"index":0,"id":"a","function":{"name":"look","arguments":":1}"}} ; {"index":7,"id":"b","function":{"name":"go"}} | an id and a name again and again
                    {"index":0,"id":"a","function":{"name":"look","arguments":{"x":1}}} ; {"index":1,"id":"b","function":{"name":"go","arguments":{}}} | arguments that are no text
                    {"index":1,"id":"a","function":{"name":"look","arguments":"{\\"x\\""}} ; {"index":0,"id":"b","function":{"name":"go","arguments":"{}"}} ; {"index":1,"function":{"arguments":":1}"}} | one within the other
                    """)
    void toolCallsAreToldApartByTheirIds(String pieces, String what) throws Exception {
        StringBuilder stream = new StringBuilder();
        for (String piece : pieces.split(" ; ", -1)) {
            stream.append(data("{\"choices\":[{\"delta\":{\"tool_calls\":[" + piece + "]}}]}"));
        }
        Heard heard = heard(
                WireFormat.OPENAI_CHAT,
                stream + data("{\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}"));

        assertThat(heard.message().toolCalls()).as(what).containsExactly(LOOK, new ToolInvocation("b", "go", "{}"));
        assertThat(heard.finished().reason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(heard.client().deltas())
                .allSatisfy(it -> assertThat(((ModelDelta.ToolCall) it).name()).isIn("look", "go"));
    }

    @Test
    void twoCallsOfOneEventAtOnePositionAreTwo() throws Exception {
        Heard heard = chat(
                "{\"choices\":[{\"delta\":{\"tool_calls\":["
                        + "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"x\\\":1}\"}},"
                        + "{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"go\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}]}");

        assertThat(heard.message().toolCalls()).containsExactly(LOOK, new ToolInvocation("b", "go", "{}"));
    }

    @Test
    void aCallOfTheOldFormIsACall() throws Exception {
        Heard heard = chat(
                "{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"look\",\"arguments\":\"{\\\"x\\\"\"}}}]}",
                "{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\":1}\"}},\"finish_reason\":\"function_call\"}]}");

        assertThat(heard.message().toolCalls()).containsExactly(new ToolInvocation("call_0", "look", "{\"x\":1}"));
    }

    @Test
    void aCallThatIsNeverNamedFailsTheTurn() throws Exception {
        Heard heard = chat(
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{}\"}}]},"
                        + "\"finish_reason\":\"tool_calls\"}]}");

        assertThat(heard.failure().message()).contains("does not name");
        assertThat(heard.client().deltas()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"type":"response.output_text.done","output_index":0,"content_index":0,"text":"Good day"}
                    {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Good "} ; {"type":"response.output_text.done","output_index":0,"content_index":0,"text":"Good day"}
                    {"type":"response.output_text.delta","delta":"Good day"} ; {"type":"response.output_text.done","output_index":0,"content_index":0,"text":"Good day"}
                    {"type":"response.output_text.delta","delta":"Good day"}
                    ''
                    """)
    void whatOnlyAWholeFormOfAResponseHasIsPartOfTheAnswer(String events) throws Exception {
        StringBuilder stream = new StringBuilder();
        for (String event : events.isEmpty() ? new String[0] : events.split(" ; ", -1)) {
            stream.append(data(event));
        }
        Heard heard = heard(
                WireFormat.OPENAI_RESPONSES,
                stream
                        + data(
                                "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":["
                                        + "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                                        + "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Good day\"}]}]}}"));

        assertThat(heard.message().text()).isEqualTo("Good day");
        assertThat(heard.reply().reasoning()).isEqualTo("hm");
        assertThat(heard.finished().reason()).isEqualTo(FinishReason.STOP);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"a","name":"look","arguments":""}} ; {"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\\"x\\":1}"}
                    {"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"a","name":"look","arguments":"{\\"x\\":1}"}}
                    {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"a","name":"look","arguments":"{\\"x\\":1}"}}
                    {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"a","name":"look","arguments":""}} ; {"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\\"x\\":1}"} ; {"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\\"x\\":1}"}
                    """)
    void argumentsThatOnlyAWholeFormHasAreNotMadeUp(String events) throws Exception {
        for (String output : List.of(
                "[]",
                "[{\"type\":\"function_call\",\"call_id\":\"a\",\"name\":\"look\",\"arguments\":\"{\\\"x\\\":1}\"}]")) {
            StringBuilder stream = new StringBuilder();
            for (String event : events.split(" ; ", -1)) {
                stream.append(data(event));
            }
            Heard heard = heard(
                    WireFormat.OPENAI_RESPONSES,
                    stream
                            + data("{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":"
                                    + output + "}}"));

            assertThat(heard.message().toolCalls()).containsExactly(LOOK);
            assertThat(heard.finished().reason()).isEqualTo(FinishReason.TOOL_CALLS);
        }
    }

    @ParameterizedTest
    @CsvSource({"cancelled", "failed", "queued"})
    void aResponseThatIsNotCompletedIsNoSuccess(String status) throws Exception {
        Heard heard = heard(
                WireFormat.OPENAI_RESPONSES,
                data("{\"type\":\"response.output_text.delta\",\"delta\":\"Good\"}")
                        + data("{\"type\":\"response.completed\",\"response\":{\"status\":\"" + status
                                + "\",\"output\":[]}}"));

        assertThat(heard.failure().code()).isEqualTo(FailureCode.PROVIDER_ERROR);
        assertThat(heard.failure().message()).contains(status);
        assertThat(heard.message().text()).isEqualTo("Good");
    }

    @Test
    void whatAMessagesBlocksHaveAtTheirStartIsPartOfTheAnswer() throws Exception {
        Heard heard = heard(
                WireFormat.ANTHROPIC,
                data(
                                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"hm\"}}")
                        + data(
                                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"Good \"}}")
                        + data(
                                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"day\"}}")
                        + data(
                                "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"look\",\"input\":{\"x\":1}}}")
                        + data("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":null}")
                        + data("{\"type\":\"message_stop\"}"));

        assertThat(heard.message().text()).isEqualTo("Good day");
        assertThat(heard.reply().reasoning()).isEqualTo("hm");
        assertThat(heard.message().toolCalls()).containsExactly(LOOK);
        assertThat(heard.finished().reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void theInputAtTheStartOfABlockGivesWayToItsPieces() throws Exception {
        Heard heard = heard(
                WireFormat.ANTHROPIC,
                data(
                                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"look\",\"input\":{\"y\":2}}}")
                        + data(
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"x\\\":1}\"}}")
                        + data("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}"));

        assertThat(heard.message().toolCalls()).containsExactly(LOOK);
        assertThat(heard.finished().reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    OPENAI_CHAT      | {"object":"chat.completion","choices":[{"index":0,"message":{"content":"Good day"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}
                    OPENAI_RESPONSES | {"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Good day"}]}],"usage":{"input_tokens":7,"output_tokens":3}}
                    ANTHROPIC        | {"type":"message","content":[{"type":"text","text":"Good day"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":3}}
                    """)
    void aWholeAnswerInsteadOfAStreamIsTaken(WireFormat format, String json) throws Exception {
        try (CannedServer server = CannedServer.answering("application/json; charset=utf-8", bytes(json));
                Client client = new Client(format, server.url())) {
            Heard heard = new Heard(client, client.run(Client.asking("hi")));

            assertThat(heard.message().text()).isEqualTo("Good day");
            assertThat(heard.finished().reason()).isEqualTo(FinishReason.STOP);
            assertThat(heard.finished().usage().total()).hasValue(10);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/json | {"error":{"message":"the model is loading","code":503}} | the model is loading
                    application/json | {"hello":"there"}                                       | application/json: {"hello":"there"}
                    application/json | {"hell                                                  | application/json: {"hell
                    text/html        | <p>Log in</p>                                           | text/html: <p>Log in</p>
                    """)
    void whatIsNoAnswerIsNamed(String contentType, String body, String words) throws Exception {
        for (WireFormat format : List.of(WireFormat.OPENAI_CHAT, WireFormat.OPENAI_RESPONSES, WireFormat.ANTHROPIC)) {
            try (CannedServer server = CannedServer.answering(contentType, bytes(body));
                    Client client = new Client(format, server.url())) {
                ProviderFailure failure = Client.failure(client.run(Client.asking("hi")));

                assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_ERROR);
                assertThat(failure.message()).contains(words);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "BEDROCK", mode = EnumSource.Mode.EXCLUDE)
    void aStreamThatIsCompressedUnaskedIsRead(WireFormat format) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(format.completed());
        }
        try (CannedServer server = CannedServer.answering(
                        format.contentType() + "\r\nContent-Encoding: gzip", packed.toByteArray());
                Client client = new Client(format, server.url())) {
            Heard heard = new Heard(client, client.run(Client.asking("hi")));

            assertThat(heard.message().text()).isEqualTo("Hello");
            assertThat(heard.finished().usage().input()).hasValue(160);
        }
    }

    @Test
    void anEncodingThatIsNotKnownIsNamed() throws Exception {
        try (CannedServer server =
                        CannedServer.answering("text/event-stream\r\nContent-Encoding: br", new byte[] {1, 2, 3});
                Client client = new Client(WireFormat.OPENAI_CHAT, server.url())) {
            assertThat(Client.failure(client.run(Client.asking("hi"))).message())
                    .contains("content encoding br");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"prompt_tokens":-1,"completion_tokens":-5,"total_tokens":99999999999999}       | NONE
                    {"prompt_tokens":7.0,"completion_tokens":"3","total_tokens":1e1}                | 10
                    {"prompt_tokens":7,"completion_tokens":3,"total_tokens":null}                   | 10
                    """)
    void numbersThatCannotBeAreNotRecorded(String usage, String total) throws Exception {
        for (String later : List.of("null", "{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}")) {
            Heard heard = chat(
                    "{\"choices\":[{\"delta\":{\"content\":\"Good day\"},\"finish_reason\":\"stop\"}]}",
                    "{\"choices\":[],\"usage\":" + usage + "}",
                    total.equals("NONE") ? "[DONE]" : "{\"choices\":[],\"usage\":" + later + "}");

            if (total.equals("NONE")) {
                assertThat(heard.finished().usage().isUnknown()).isTrue();
            } else {
                assertThat(heard.finished().usage().total()).hasValue(Long.parseLong(total));
            }
        }
    }

    private record Heard(Client client, CallEnd end) {
        Reply reply() {
            return client.reply();
        }

        ModelMessage.Assistant message() {
            return reply().message();
        }

        CallEnd.Finished finished() {
            assertThat(end).isInstanceOf(CallEnd.Finished.class);
            return (CallEnd.Finished) end;
        }

        ProviderFailure failure() {
            return Client.failure(end);
        }
    }

    private static Heard chat(String... events) throws Exception {
        StringBuilder stream = new StringBuilder();
        for (String event : events) {
            stream.append(data(event));
        }
        return heard(WireFormat.OPENAI_CHAT, stream.toString());
    }

    private static Heard heard(WireFormat format, String stream) throws Exception {
        try (CannedServer server = CannedServer.answering("text/event-stream", bytes(stream));
                Client client = new Client(format, server.url())) {
            return new Heard(client, client.run(Client.asking("hi")));
        }
    }

    private static String data(String json) {
        return "data: " + json + "\n\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
