package io.tailrace.turn.provider.runtime;

import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.InvalidDefinition;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFactory;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.ProviderRegistry;
import io.tailrace.turn.provider.anthropic.AnthropicProvider;
import io.tailrace.turn.provider.bedrock.BedrockProvider;
import io.tailrace.turn.provider.call.Watchdog;
import io.tailrace.turn.provider.http.ProviderHttp;
import io.tailrace.turn.provider.openai.OpenAiProvider;
import io.tailrace.turn.provider.scripted.ScriptedProvider;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** The registry of a worker, with what its adapters share: one HTTP client and one watchdog. One per process; makes no call by itself. */
public final class ProviderRuntime implements AutoCloseable {

    private final Watchdog watchdog = new Watchdog();
    private final ProviderHttp http = new ProviderHttp();
    private final Queue<BedrockProvider> clients = new ConcurrentLinkedQueue<>();
    private final ProviderRegistry registry;

    /**
     * The scripted provider and these.
     *
     * @param environment holds the credentials
     * @throws InvalidDefinition when an id is there twice
     */
    public ProviderRuntime(List<ProviderDefinition> definitions, Environment environment) {
        this(definitions, environment, UnaryOperator.identity());
    }

    /**
     * The scripted provider and these, each as it is wrapped.
     *
     * @param environment holds the credentials
     * @throws InvalidDefinition when an id is there twice
     */
    public ProviderRuntime(
            List<ProviderDefinition> definitions, Environment environment, UnaryOperator<ModelProvider> wrapped) {
        Map<ProviderFamily, ProviderFactory> factories = new EnumMap<>(Map.of(
                ProviderFamily.SCRIPTED, (definition, _) -> new ScriptedProvider(definition.id(), watchdog),
                ProviderFamily.OPENAI,
                        (definition, variables) -> new OpenAiProvider(definition, variables, http, watchdog),
                ProviderFamily.ANTHROPIC,
                        (definition, variables) -> new AnthropicProvider(definition, variables, http, watchdog),
                ProviderFamily.BEDROCK, this::bedrock));
        factories.replaceAll((_, it) -> (definition, variables) -> wrapped.apply(it.create(definition, variables)));
        this.registry = new ProviderRegistry(definitions, factories, environment);
    }

    private BedrockProvider bedrock(ProviderDefinition definition, Environment environment) {
        BedrockProvider provider = new BedrockProvider(definition, environment, http, watchdog);
        clients.add(provider);
        return provider;
    }

    public ProviderRegistry registry() {
        return registry;
    }

    /** Lets go of everything at once; calls that still run fail. */
    @Override
    public void close() {
        clients.forEach(BedrockProvider::close);
        http.close();
        watchdog.close();
    }
}
