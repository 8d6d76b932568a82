package io.tailrace.turn.provider.openai;

import com.openai.core.JsonValue;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
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

/** A request in the format Responses. Nothing is stored at the provider: the conversation comes with every request. */
final class ResponsesRequest {

    private ResponsesRequest() {}

    static ResponseCreateParams of(ProviderDefinition definition, ModelRequest request) throws InvalidRequest {
        List<ResponseInputItem> input = new ArrayList<>();
        request.messages().forEach(message -> add(message, input));
        ResponseCreateParams.Builder parameters = ResponseCreateParams.builder()
                .model(request.model())
                .inputOfResponse(input)
                .store(false);
        request.system().filter(text -> !text.isBlank()).ifPresent(parameters::instructions);
        for (ToolDefinition tool : request.tools()) {
            parameters.addTool(function(tool));
        }
        GenerationSettings settings = definition.settings(request);
        if (!settings.stop().isEmpty()) {
            throw new InvalidRequest(
                    "The provider \"" + definition.id() + "\" speaks the format responses, which has no stop "
                            + "sequences. Leave them out, or let the operator set api: chat.");
        }
        settings.maxOutputTokens().ifPresent(tokens -> parameters.maxOutputTokens((long) tokens));
        settings.temperature().ifPresent(parameters::temperature);
        settings.topP().ifPresent(parameters::topP);
        return parameters.build();
    }

    private static void add(ModelMessage message, List<ResponseInputItem> input) {
        switch (message) {
            case ModelMessage.User user -> input.add(said(EasyInputMessage.Role.USER, user.text()));
            case ModelMessage.Assistant assistant -> {
                if (!assistant.text().isEmpty()) {
                    input.add(said(EasyInputMessage.Role.ASSISTANT, assistant.text()));
                }
                for (ToolInvocation call : assistant.toolCalls()) {
                    input.add(ResponseInputItem.ofFunctionCall(ResponseFunctionToolCall.builder()
                            .callId(call.id())
                            .name(call.name())
                            .arguments(call.arguments())
                            .build()));
                }
            }
            case ModelMessage.ToolResult result ->
                input.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                        .callId(result.callId())
                        .output(result.text())
                        .build()));
        }
    }

    private static ResponseInputItem said(EasyInputMessage.Role role, String text) {
        return ResponseInputItem.ofEasyInputMessage(
                EasyInputMessage.builder().role(role).content(text).build());
    }

    private static FunctionTool function(ToolDefinition tool) throws InvalidRequest {
        FunctionTool.Parameters.Builder parameters = FunctionTool.Parameters.builder();
        JsonObjects.schema(tool)
                .properties()
                .forEach(entry ->
                        parameters.putAdditionalProperty(entry.getKey(), JsonValue.fromJsonNode(entry.getValue())));
        return FunctionTool.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(parameters.build())
                .strict(false)
                .build();
    }
}
