package io.tailrace.turn.provider.anthropic;

import com.anthropic.core.JsonValue;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.MessageContentParam;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlockParam;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.call.InvalidRequest;
import io.tailrace.turn.provider.json.JsonObjects;
import java.util.ArrayList;
import java.util.List;

/**
 * A request in the format Messages. The results of tools are what the user says next, all in one message; messages and texts without
 * content are left out, because the format forbids them.
 */
final class MessagesRequest {

    /** The format wants a limit; this one is for a model that nobody has configured. */
    private static final int MAX_TOKENS = 4096;

    private MessagesRequest() {}

    static MessageCreateParams of(ProviderDefinition definition, ModelRequest request) throws InvalidRequest {
        GenerationSettings settings = definition.settings(request);
        int most = definition
                .model(request.model())
                .map(ModelDefinition::maxOutputTokens)
                .orElse(MAX_TOKENS);
        MessageCreateParams.Builder parameters = MessageCreateParams.builder()
                .model(request.model())
                .maxTokens(settings.maxOutputTokens().orElse(most));
        request.system().filter(text -> !text.isBlank()).ifPresent(parameters::system);
        addMessages(request.messages(), parameters);
        for (ToolDefinition tool : request.tools()) {
            parameters.addTool(tool(tool));
        }
        settings.temperature()
                .ifPresent(value -> parameters.putAdditionalBodyProperty("temperature", JsonValue.from(value)));
        settings.topP().ifPresent(value -> parameters.putAdditionalBodyProperty("top_p", JsonValue.from(value)));
        if (!settings.stop().isEmpty()) {
            parameters.stopSequences(settings.stop());
        }
        return parameters.build();
    }

    private static void addMessages(List<ModelMessage> messages, MessageCreateParams.Builder parameters) {
        List<ContentBlockParam> results = new ArrayList<>();
        for (ModelMessage message : messages) {
            if (message instanceof ModelMessage.ToolResult result) {
                results.add(result(result));
            } else {
                flush(results, parameters);
                add(message, parameters);
            }
        }
        flush(results, parameters);
    }

    private static void flush(List<ContentBlockParam> results, MessageCreateParams.Builder parameters) {
        if (!results.isEmpty()) {
            parameters.addUserMessage(MessageContentParam.ofContentBlockParams(List.copyOf(results)));
            results.clear();
        }
    }

    private static void add(ModelMessage message, MessageCreateParams.Builder parameters) {
        List<ContentBlockParam> blocks = new ArrayList<>();
        if (!message.text().isBlank()) {
            blocks.add(ContentBlockParam.ofText(
                    TextBlockParam.builder().text(message.text()).build()));
        }
        if (message instanceof ModelMessage.Assistant assistant) {
            assistant.toolCalls().forEach(call -> blocks.add(use(call)));
            if (!blocks.isEmpty()) {
                parameters.addAssistantMessage(MessageContentParam.ofContentBlockParams(blocks));
            }
        } else if (!blocks.isEmpty()) {
            parameters.addUserMessage(MessageContentParam.ofContentBlockParams(blocks));
        }
    }

    private static ContentBlockParam use(ToolInvocation call) {
        ToolUseBlockParam.Input.Builder input = ToolUseBlockParam.Input.builder();
        JsonObjects.arguments(call)
                .properties()
                .forEach(
                        entry -> input.putAdditionalProperty(entry.getKey(), JsonValue.fromJsonNode(entry.getValue())));
        return ContentBlockParam.ofToolUse(ToolUseBlockParam.builder()
                .id(call.id())
                .name(call.name())
                .input(input.build())
                .build());
    }

    private static ContentBlockParam result(ModelMessage.ToolResult result) {
        return ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                .toolUseId(result.callId())
                .content(result.text())
                .isError(result.error())
                .build());
    }

    private static Tool tool(ToolDefinition tool) throws InvalidRequest {
        ObjectNode schema = JsonObjects.schema(tool);
        Tool.InputSchema.Builder converted = Tool.InputSchema.builder();
        schema.properties().forEach(entry -> {
            if (entry.getKey().equals("type")) {
                converted.type(JsonValue.fromJsonNode(entry.getValue()));
            } else {
                converted.putAdditionalProperty(entry.getKey(), JsonValue.fromJsonNode(entry.getValue()));
            }
        });
        return Tool.builder()
                .name(tool.name())
                .description(tool.description())
                .inputSchema(converted.build())
                .build();
    }
}
