package io.tailrace.turn.provider.bedrock;

import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.call.InvalidRequest;
import io.tailrace.turn.provider.json.JsonObjects;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultStatus;

/**
 * A request of ConverseStream. Roles have to alternate, so that messages of one role in a row become one; the results of tools are what
 * the user says next. Texts without content are left out, because the service refuses them.
 */
final class ConverseRequest {

    private ConverseRequest() {}

    static ConverseStreamRequest of(ProviderDefinition definition, ModelRequest request) throws InvalidRequest {
        ConverseStreamRequest.Builder parameters = ConverseStreamRequest.builder()
                .modelId(request.model())
                .messages(messages(request.messages()))
                .inferenceConfig(settings(definition.settings(request)));
        request.system()
                .filter(text -> !text.isBlank())
                .ifPresent(text -> parameters.system(SystemContentBlock.fromText(text)));
        List<Tool> tools = new ArrayList<>();
        for (ToolDefinition tool : request.tools()) {
            ToolInputSchema schema = ToolInputSchema.fromJson(Documents.of(JsonObjects.schema(tool)));
            tools.add(Tool.fromToolSpec(specification -> specification
                    .name(tool.name())
                    .description(tool.description())
                    .inputSchema(schema)));
        }
        if (!tools.isEmpty()) {
            parameters.toolConfig(configuration -> configuration.tools(tools));
        }
        return parameters.build();
    }

    private static List<Message> messages(List<ModelMessage> messages) {
        List<Message> converted = new ArrayList<>();
        List<ContentBlock> blocks = new ArrayList<>();
        ConversationRole role = ConversationRole.USER;
        for (ModelMessage message : messages) {
            ConversationRole next =
                    message instanceof ModelMessage.Assistant ? ConversationRole.ASSISTANT : ConversationRole.USER;
            if (next != role) {
                flush(role, blocks, converted);
                role = next;
            }
            add(message, blocks);
        }
        flush(role, blocks, converted);
        return converted;
    }

    private static void flush(ConversationRole role, List<ContentBlock> blocks, List<Message> messages) {
        if (!blocks.isEmpty()) {
            messages.add(Message.builder().role(role).content(blocks).build());
            blocks.clear();
        }
    }

    private static void add(ModelMessage message, List<ContentBlock> blocks) {
        if (message instanceof ModelMessage.ToolResult result) {
            blocks.add(result(result));
            return;
        }
        if (!message.text().isBlank()) {
            blocks.add(ContentBlock.fromText(message.text()));
        }
        if (message instanceof ModelMessage.Assistant assistant) {
            assistant.toolCalls().forEach(call -> blocks.add(use(call)));
        }
    }

    private static ContentBlock use(ToolInvocation call) {
        return ContentBlock.fromToolUse(
                use -> use.toolUseId(call.id()).name(call.name()).input(Documents.of(JsonObjects.arguments(call))));
    }

    private static ContentBlock result(ModelMessage.ToolResult result) {
        return ContentBlock.fromToolResult(block -> block.toolUseId(result.callId())
                .status(result.error() ? ToolResultStatus.ERROR : ToolResultStatus.SUCCESS)
                .content(ToolResultContentBlock.fromText(result.text())));
    }

    private static InferenceConfiguration settings(GenerationSettings settings) {
        InferenceConfiguration.Builder configuration = InferenceConfiguration.builder();
        settings.maxOutputTokens().ifPresent(configuration::maxTokens);
        settings.temperature().ifPresent(value -> configuration.temperature((float) value));
        settings.topP().ifPresent(value -> configuration.topP((float) value));
        if (!settings.stop().isEmpty()) {
            configuration.stopSequences(settings.stop());
        }
        return configuration.build();
    }
}
