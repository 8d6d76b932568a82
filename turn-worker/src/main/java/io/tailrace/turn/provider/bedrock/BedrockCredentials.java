package io.tailrace.turn.provider.bedrock;

import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.ProviderDefinition;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.token.credentials.StaticTokenProvider;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.auth.scheme.BedrockRuntimeAuthSchemeProvider;

/**
 * What Bedrock is called with, depending on the variable that a definition names: {@code AWS_ACCESS_KEY_ID} is a key with its secret (and
 * session token); another one that begins with {@code AWS_}, such as {@code AWS_PROFILE}, says that AWS's default chain may look for
 * credentials; all others, and {@code AWS_BEARER_TOKEN_BEDROCK}, hold a Bedrock API key.
 */
sealed interface BedrockCredentials {

    String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    String API_KEY = "AWS_BEARER_TOKEN_BEDROCK";

    /** Says which scheme it is for, because the SDK looks for another one in the process's environment. */
    void configure(BedrockRuntimeAsyncClientBuilder builder);

    /** What must not be seen by anybody. */
    List<String> secrets();

    static BedrockCredentials of(ProviderDefinition definition, Environment environment) {
        String variable = definition.credentialEnv().orElse(ACCESS_KEY);
        if (variable.equals(ACCESS_KEY)) {
            return new Key(
                    environment.credential(ACCESS_KEY).orElse(""),
                    environment.credential("AWS_SECRET_ACCESS_KEY").orElse(""),
                    environment.credential("AWS_SESSION_TOKEN"));
        }
        return variable.startsWith("AWS_") && !variable.equals(API_KEY)
                ? new DefaultChain()
                : new ApiKey(environment.credential(variable).orElse(""));
    }

    /** An access key of IAM; a session token makes it temporary. */
    record Key(String id, String secret, Optional<String> session) implements BedrockCredentials {

        @Override
        public void configure(BedrockRuntimeAsyncClientBuilder builder) {
            builder.authSchemeProvider(BedrockRuntimeAuthSchemeProvider.defaultProvider(List.of("sigv4")));
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    session.<AwsCredentials>map(token -> AwsSessionCredentials.create(id, secret, token))
                            .orElseGet(() -> AwsBasicCredentials.create(id, secret))));
        }

        @Override
        public List<String> secrets() {
            return session.map(token -> List.of(secret, id, token)).orElse(List.of(secret, id));
        }

        @Override
        public String toString() {
            return "Key[***]";
        }
    }

    /** Whatever AWS's SDK finds. */
    record DefaultChain() implements BedrockCredentials {

        @Override
        public void configure(BedrockRuntimeAsyncClientBuilder builder) {
            builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
        }

        @Override
        public List<String> secrets() {
            return List.of();
        }
    }

    /** An API key of Bedrock. */
    record ApiKey(String token) implements BedrockCredentials {

        private static final AuthSchemeOption BEARER =
                AuthSchemeOption.builder().schemeId("smithy.api#httpBearerAuth").build();

        @Override
        public void configure(BedrockRuntimeAsyncClientBuilder builder) {
            builder.authSchemeProvider(_ -> List.of(BEARER));
            builder.tokenProvider(StaticTokenProvider.create(() -> token));
        }

        @Override
        public List<String> secrets() {
            return List.of(token);
        }

        @Override
        public String toString() {
            return "ApiKey[***]";
        }
    }
}
