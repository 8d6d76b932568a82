package io.tailrace.turn.provider.wire;

import io.tailrace.turn.provider.Capability;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** The formats that adapters speak, each with the same few things said in it. */
public enum WireFormat {
    OPENAI_CHAT(ProviderFamily.OPENAI, OpenAiApi.CHAT, "/v1", "MOCK_OPENAI_KEY", "text/event-stream") {
        @Override
        byte[] begun() {
            return events("""
                    {"choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]}""");
        }

        @Override
        byte[] completed() {
            return joined(begun(), events("""
                            {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", """
                            {"choices":[],"usage":{"prompt_tokens":160,"completion_tokens":7,"total_tokens":167,
                            "prompt_tokens_details":{"cached_tokens":50},
                            "completion_tokens_details":{"reasoning_tokens":3}}}"""));
        }

        @Override
        byte[] brokenOff() {
            return joined(begun(), events("""
                            {"error":{"type":"rate_limit_error","code":"rate_limit_exceeded","message":"Too fast."}}"""));
        }
    },
    OPENAI_RESPONSES(ProviderFamily.OPENAI, OpenAiApi.RESPONSES, "/v1", "MOCK_OPENAI_KEY", "text/event-stream") {
        @Override
        byte[] begun() {
            return events("""
                    {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,
                    "sequence_number":1,"delta":"Hello"}""");
        }

        @Override
        byte[] completed() {
            return joined(begun(), events("""
                            {"type":"response.completed","sequence_number":2,"response":{"id":"r","status":"completed",
                            "output":[],"usage":{"input_tokens":160,"output_tokens":7,"total_tokens":167,
                            "input_tokens_details":{"cached_tokens":50},
                            "output_tokens_details":{"reasoning_tokens":3}}}}"""));
        }

        @Override
        byte[] brokenOff() {
            return joined(begun(), events("""
                            {"type":"error","sequence_number":2,"code":"rate_limit_exceeded","message":"Too fast."}"""));
        }
    },
    ANTHROPIC(ProviderFamily.ANTHROPIC, OpenAiApi.CHAT, "", "MOCK_ANTHROPIC_KEY", "text/event-stream") {
        @Override
        byte[] begun() {
            return events("""
                    {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],
                    "model":"m","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":90,
                    "cache_read_input_tokens":50,"cache_creation_input_tokens":20,"output_tokens":1}}}""", """
                    {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """
                    {"type":"ping"}""", """
                    {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}""");
        }

        @Override
        byte[] completed() {
            return joined(begun(), events("""
                            {"type":"content_block_stop","index":0}""", """
                            {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},
                            "usage":{"output_tokens":7,"output_tokens_details":{"thinking_tokens":3}}}""", """
                            {"type":"message_stop"}"""));
        }

        @Override
        byte[] brokenOff() {
            return joined(begun(), events("""
                            {"type":"error","error":{"type":"rate_limit_error","message":"Too fast."}}"""));
        }
    },
    BEDROCK(ProviderFamily.BEDROCK, OpenAiApi.CHAT, "", "AWS_ACCESS_KEY_ID", "application/vnd.amazon.eventstream") {
        @Override
        byte[] begun() {
            return joined(
                    frame("event", "messageStart", "{\"role\":\"assistant\"}"),
                    frame("event", "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hello\"}}"));
        }

        @Override
        byte[] completed() {
            return joined(
                    begun(),
                    frame("event", "contentBlockStop", "{\"contentBlockIndex\":0}"),
                    frame("event", "messageStop", "{\"stopReason\":\"end_turn\"}"),
                    frame("event", "metadata", """
                            {"usage":{"inputTokens":90,"outputTokens":7,"totalTokens":167,"cacheReadInputTokens":50,
                            "cacheWriteInputTokens":20},"metrics":{"latencyMs":1}}"""));
        }

        @Override
        byte[] brokenOff() {
            return joined(begun(), frame("exception", "throttlingException", "{\"message\":\"Too fast.\"}"));
        }
    };

    static final String MODEL = "mock-o1";
    static final String SECRET = "sk-secret-0123456789";

    private final ProviderFamily family;
    private final OpenAiApi api;
    private final String path;
    private final String variable;
    private final String contentType;

    WireFormat(ProviderFamily family, OpenAiApi api, String path, String variable, String contentType) {
        this.family = family;
        this.api = api;
        this.path = path;
        this.variable = variable;
        this.contentType = contentType;
    }

    /** A stream that has said "Hello", and nothing of its end. */
    abstract byte[] begun();

    /** A stream that has said "Hello", and that this is all; 160 tokens in, 50 of them cached, and 7 out. */
    abstract byte[] completed();

    /** A stream that has said "Hello", and then that the rate is limited. */
    abstract byte[] brokenOff();

    String contentType() {
        return contentType;
    }

    /** A provider "mock" of this format at a server, with one model. */
    public ProviderDefinition definition(URI server) {
        return new ProviderDefinition(
                "mock",
                family,
                api,
                Optional.of(URI.create(server + path)),
                family == ProviderFamily.BEDROCK ? Optional.of("eu-central-1") : Optional.empty(),
                Optional.of(variable),
                List.of(new ModelDefinition(
                        MODEL, 100_000, 5_000, GenerationSettings.unset(), EnumSet.allOf(Capability.class))),
                Optional.of(MODEL));
    }

    /** The environment that its credentials are in. */
    public Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        variables.put(variable, SECRET);
        if (family == ProviderFamily.BEDROCK) {
            variables.put("AWS_SECRET_ACCESS_KEY", SECRET + "-of-aws");
        }
        return variables;
    }

    /** Server-sent events; a type in the data is the event's name, as far as a format wants one. */
    private static byte[] events(String... data) {
        StringBuilder text = new StringBuilder();
        for (String json : data) {
            String line = json.replace("\n", "");
            int type = line.indexOf("{\"type\":\"");
            if (type == 0) {
                text.append("event: ").append(line, 9, line.indexOf('"', 9)).append('\n');
            }
            text.append("data: ").append(line).append("\n\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] frame(String kind, String type, String json) {
        Map<String, HeaderValue> headers = Map.of(
                ":message-type",
                HeaderValue.fromString(kind),
                ":" + kind + "-type",
                HeaderValue.fromString(type),
                ":content-type",
                HeaderValue.fromString("application/json"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Message(headers, json.getBytes(StandardCharsets.UTF_8)).encode(out);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
