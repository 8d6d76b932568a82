package io.tailrace.turn.provider.openai;

import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionSystemMessageParam;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.ChatCompletionUserMessageParam;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.call.InvalidRequest;
import io.tailrace.turn.provider.json.JsonObjects;

/** A request in the format Chat Completions. */
final class ChatRequest {

    private static final String OPENAI = "api.openai.com";

    private ChatRequest() {}

    static ChatCompletionCreateParams of(ProviderDefinition definition, ModelRequest request) throws InvalidRequest {
        ChatCompletionCreateParams.Builder parameters = ChatCompletionCreateParams.builder()
                .model(request.model())
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build());
        request.system()
                .filter(text -> !text.isBlank())
                .ifPresent(text -> parameters.addMessage(
                        ChatCompletionSystemMessageParam.builder().content(text).build()));
        request.messages().forEach(message -> add(message, parameters));
        for (ToolDefinition tool : request.tools()) {
            parameters.addFunctionTool(function(tool));
        }
        settle(definition, definition.settings(request), parameters);
        return parameters.build();
    }

    private static void add(ModelMessage message, ChatCompletionCreateParams.Builder parameters) {
        switch (message) {
            case ModelMessage.User user ->
                parameters.addMessage(ChatCompletionUserMessageParam.builder()
                        .content(user.text())
                        .build());
            case ModelMessage.Assistant assistant -> parameters.addMessage(assistant(assistant));
            case ModelMessage.ToolResult result ->
                parameters.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(result.callId())
                        .content(result.text())
                        .build());
        }
    }

    private static ChatCompletionAssistantMessageParam assistant(ModelMessage.Assistant message) {
        ChatCompletionAssistantMessageParam.Builder converted = ChatCompletionAssistantMessageParam.builder();
        if (!message.text().isEmpty() || message.toolCalls().isEmpty()) {
            converted.content(message.text());
        }
        for (ToolInvocation call : message.toolCalls()) {
            converted.addToolCall(ChatCompletionMessageFunctionToolCall.builder()
                    .id(call.id())
                    .function(ChatCompletionMessageFunctionToolCall.Function.builder()
                            .name(call.name())
                            .arguments(call.arguments())
                            .build())
                    .build());
        }
        return converted.build();
    }

    private static FunctionDefinition function(ToolDefinition tool) throws InvalidRequest {
        FunctionParameters.Builder parameters = FunctionParameters.builder();
        JsonObjects.schema(tool)
                .properties()
                .forEach(entry ->
                        parameters.putAdditionalProperty(entry.getKey(), JsonValue.fromJsonNode(entry.getValue())));
        return FunctionDefinition.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(parameters.build())
                .build();
    }

    private static void settle(
            ProviderDefinition definition, GenerationSettings settings, ChatCompletionCreateParams.Builder parameters) {
        settings.maxOutputTokens().ifPresent(tokens -> {
            if (isOpenAi(definition)) {
                parameters.maxCompletionTokens((long) tokens);
            } else {
                parameters.putAdditionalBodyProperty("max_tokens", JsonValue.from(tokens));
            }
        });
        settings.temperature().ifPresent(parameters::temperature);
        settings.topP().ifPresent(parameters::topP);
        if (!settings.stop().isEmpty()) {
            parameters.stopOfStrings(settings.stop());
        }
    }

    /** OpenAI has given the limit a new name, which not all compatible servers know; its newer models do not know the old one. */
    private static boolean isOpenAi(ProviderDefinition definition) {
        return definition.baseUrl().isEmpty()
                || OPENAI.equals(definition.baseUrl().get().getHost());
    }
}
