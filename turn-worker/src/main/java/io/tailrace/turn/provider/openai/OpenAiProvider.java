package io.tailrace.turn.provider.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.call.AdapterCall;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.StreamedCall;
import io.tailrace.turn.provider.call.Watchdog;
import io.tailrace.turn.provider.http.ProviderHttp;
import java.util.Optional;

/** OpenAI, or a server that speaks its formats. Safe from any thread. Never retries: whoever calls decides. */
public final class OpenAiProvider implements ModelProvider {

    /** The SDK wants a key also for servers that want none; it is not sent. */
    private static final String NO_KEY = "none";

    /** What the SDK has for requests of nobody in particular. */
    private final ClientOptions options;

    private final ProviderDefinition definition;
    private final Optional<String> credential;
    private final ProviderHttp http;
    private final Watchdog watchdog;

    public OpenAiProvider(
            ProviderDefinition definition, Environment environment, ProviderHttp http, Watchdog watchdog) {
        this.definition = definition;
        this.credential = definition.credentialEnv().flatMap(environment::credential);
        this.http = http;
        this.watchdog = watchdog;
        this.options = ClientOptions.builder()
                .httpClient(new NoTransport())
                .apiKey(credential.orElse(NO_KEY))
                .baseUrl(definition.baseUrl().map(Object::toString))
                .maxRetries(0)
                .logLevel(LogLevel.OFF)
                .streamHandlerExecutor(Runnable::run)
                .build();
    }

    @Override
    public String id() {
        return definition.id();
    }

    @Override
    public ProviderFamily family() {
        return ProviderFamily.OPENAI;
    }

    @Override
    public ProviderCall start(ModelRequest request) {
        AdapterCall call = switch (definition.api()) {
            case CHAT -> new ChatCall(definition, request, this::client);
            case RESPONSES -> new ResponsesCall(definition, request, this::client);
        };
        return new StreamedCall(
                definition.id(), request.timeouts(), call.keepingSecret(credential.orElse("")), watchdog);
    }

    private OpenAIClient client(Exchange exchange) {
        return new OpenAIClientImpl(options.toBuilder()
                .httpClient(new OpenAiTransport(http, exchange, credential.isPresent()))
                .build());
    }
}
