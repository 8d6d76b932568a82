package io.tailrace.turn.provider;

import java.net.URI;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A provider as its operator configured it. Holds no credential, only the name of the environment variable that does.
 *
 * @param id what runs name it by
 * @param api which format, for {@link ProviderFamily#OPENAI} only
 * @param baseUrl where it is, if it is not where its family is at home
 * @param region of AWS, for {@link ProviderFamily#BEDROCK} only
 * @param credentialEnv absent for scripted ones, and for servers of one's own that want none
 * @param defaultModel the one for requests that name none
 */
public record ProviderDefinition(
        String id,
        ProviderFamily family,
        OpenAiApi api,
        Optional<URI> baseUrl,
        Optional<String> region,
        Optional<String> credentialEnv,
        List<ModelDefinition> models,
        Optional<String> defaultModel) {

    /** The id of the provider that is always there. */
    public static final String SCRIPTED = "scripted";

    static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]{0,127}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]");

    public ProviderDefinition {
        models = List.copyOf(models);
        require(ID.matcher(id).matches(), "id", "must be lower-case letters, digits, _ and -, at most 64");
        require(!models.isEmpty(), "models", "must have at least one model");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < models.size(); i++) {
            require(names.add(models.get(i).id()), "models[" + i + "].id", "is there twice");
        }
        require(
                defaultModel.isEmpty() || names.contains(defaultModel.get()),
                "default_model",
                "must be one of the models: "
                        + String.join(
                                ", ", models.stream().map(ModelDefinition::id).toList()));
        require(
                credentialEnv.isEmpty() || VARIABLE.matcher(credentialEnv.get()).matches(),
                "credential_env",
                "must be the NAME of an environment variable, upper-case letters, digits and _, never the credential");
        baseUrl.ifPresent(ProviderDefinition::requireUsable);
        require(api == OpenAiApi.CHAT || family == ProviderFamily.OPENAI, "api", "is for the family openai only");
        require(region.isEmpty() || family == ProviderFamily.BEDROCK, "region", "is for the family bedrock only");
        switch (family) {
            case SCRIPTED -> {
                require(baseUrl.isEmpty(), "base_url", "is not for the family scripted");
                require(credentialEnv.isEmpty(), "credential_env", "is not for the family scripted");
            }
            case OPENAI ->
                require(
                        credentialEnv.isPresent() || baseUrl.isPresent(),
                        "credential_env",
                        "is required, except for a server of one's own that base_url points to");
            case ANTHROPIC -> require(credentialEnv.isPresent(), "credential_env", "is required");
            case BEDROCK -> {
                require(credentialEnv.isPresent(), "credential_env", "is required, for example " + ACCESS_KEY);
                require(
                        region.isPresent() && REGION.matcher(region.get()).matches(),
                        "region",
                        "is required for the family bedrock, for example eu-central-1");
            }
        }
    }

    /** The one that is always there, and needs nothing. */
    public static ProviderDefinition scripted() {
        ModelDefinition model = new ModelDefinition(
                "scripted-1", 128_000, 16_000, GenerationSettings.unset(), EnumSet.allOf(Capability.class));
        return new ProviderDefinition(
                SCRIPTED,
                ProviderFamily.SCRIPTED,
                OpenAiApi.CHAT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(model),
                Optional.of(model.id()));
    }

    /** The model of this name. */
    public Optional<ModelDefinition> model(String name) {
        return models.stream().filter(model -> model.id().equals(name)).findFirst();
    }

    /** A request's settings, completed by what is configured for its model. */
    public GenerationSettings settings(ModelRequest request) {
        return model(request.model())
                .map(model -> model.complete(request.settings()))
                .orElse(request.settings());
    }

    /** The environment variables without which it cannot be called. */
    public List<String> requiredVariables() {
        if (credentialEnv.filter(ACCESS_KEY::equals).isPresent() && family == ProviderFamily.BEDROCK) {
            return List.of(ACCESS_KEY, SECRET_KEY);
        }
        return credentialEnv.stream().toList();
    }

    private static void requireUsable(URI url) {
        boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        require(http && url.getHost() != null, "base_url", "must be an http or https URL with a host");
        require(
                url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null,
                "base_url",
                "must have no user, query or fragment; credentials come from the environment");
    }

    private static void require(boolean condition, String field, String reason) {
        if (!condition) {
            throw new InvalidDefinition(field, reason);
        }
    }
}
