package io.tailrace.turn.provider.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.LogLevel;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.StreamedCall;
import io.tailrace.turn.provider.call.Watchdog;
import io.tailrace.turn.provider.http.ProviderHttp;

/** Anthropic, or a server that speaks its format. Safe from any thread. Never retries: whoever calls decides. */
public final class AnthropicProvider implements ModelProvider {

    private final ProviderDefinition definition;
    private final String credential;
    private final ProviderHttp http;
    private final Watchdog watchdog;

    /** What the SDK has for requests of nobody in particular. */
    private final ClientOptions options;

    public AnthropicProvider(
            ProviderDefinition definition, Environment environment, ProviderHttp http, Watchdog watchdog) {
        this.definition = definition;
        this.credential =
                definition.credentialEnv().flatMap(environment::credential).orElse("");
        this.http = http;
        this.watchdog = watchdog;
        this.options = ClientOptions.builder()
                .httpClient(new NoTransport())
                .baseUrl(definition.baseUrl().map(Object::toString))
                .putHeader("x-api-key", credential)
                .maxRetries(0)
                .logLevel(LogLevel.OFF)
                .completionExecutor(Runnable::run)
                .streamHandlerExecutor(Runnable::run)
                .build();
    }

    @Override
    public String id() {
        return definition.id();
    }

    @Override
    public ProviderFamily family() {
        return ProviderFamily.ANTHROPIC;
    }

    @Override
    public ProviderCall start(ModelRequest request) {
        return new StreamedCall(
                definition.id(),
                request.timeouts(),
                new MessagesCall(definition, request, this::client).keepingSecret(credential),
                watchdog);
    }

    private AnthropicClient client(Exchange exchange) {
        return new AnthropicClientImpl(options.toBuilder()
                .httpClient(new AnthropicTransport(http, exchange))
                .build());
    }
}
