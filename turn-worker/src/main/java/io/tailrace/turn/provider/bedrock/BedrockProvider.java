package io.tailrace.turn.provider.bedrock;

import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.call.AdapterCall;
import io.tailrace.turn.provider.call.StreamedCall;
import io.tailrace.turn.provider.call.Watchdog;
import io.tailrace.turn.provider.http.ProviderHttp;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;

/** Amazon Bedrock in one region. Safe from any thread. Never retries: whoever calls decides. */
public final class BedrockProvider implements ModelProvider, AutoCloseable {

    private final ProviderDefinition definition;
    private final BedrockCredentials credentials;
    private final BedrockRuntimeAsyncClient client;
    private final Watchdog watchdog;

    public BedrockProvider(
            ProviderDefinition definition, Environment environment, ProviderHttp http, Watchdog watchdog) {
        this.definition = definition;
        this.credentials = BedrockCredentials.of(definition, environment);
        this.watchdog = watchdog;
        BedrockRuntimeAsyncClientBuilder builder = BedrockRuntimeAsyncClient.builder()
                .region(Region.of(definition.region().orElseThrow()))
                .httpClient(new BedrockTransport(http))
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .asyncConfiguration(configuration -> configuration.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
        definition.baseUrl().ifPresent(builder::endpointOverride);
        credentials.configure(builder);
        this.client = builder.build();
    }

    @Override
    public String id() {
        return definition.id();
    }

    @Override
    public ProviderFamily family() {
        return ProviderFamily.BEDROCK;
    }

    @Override
    public ProviderCall start(ModelRequest request) {
        AdapterCall call = new ConverseCall(definition, request, client);
        for (String secret : credentials.secrets()) {
            call = call.keepingSecret(secret);
        }
        return new StreamedCall(definition.id(), request.timeouts(), call, watchdog);
    }

    @Override
    public void close() {
        client.close();
    }
}
