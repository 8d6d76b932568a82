package io.tailrace.turn.provider.config;

import io.tailrace.turn.file.InvalidOperatorFile;
import io.tailrace.turn.file.Node;
import io.tailrace.turn.file.OperatorFile;
import io.tailrace.turn.provider.Capability;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.InvalidDefinition;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operator's list of providers, a YAML file of at most 256 KiB. Strict: what is unknown, missing or out of range is an error with its
 * path. Holds names of environment variables, never credentials. {@code docs/providers.md} shows one.
 */
public final class ProvidersFile {

    private static final String PROVIDERS = "providers";
    private static final String MODELS = "models";
    private static final String CAPABILITIES = "capabilities";
    private static final Set<String> PROVIDER_KEYS =
            Set.of("id", "family", "api", "base_url", "region", "credential_env", MODELS, "default_model");
    private static final Set<String> MODEL_KEYS =
            Set.of("id", "context_window_tokens", "max_output_tokens", "defaults", CAPABILITIES);
    private static final Set<String> SETTING_KEYS = Set.of("max_output_tokens", "temperature", "top_p", "stop");

    private ProvidersFile() {}

    /**
     * The definitions of a file, in its order.
     *
     * @throws InvalidOperatorFile when it cannot be read, or cannot be used; the message says where, and what to mend
     */
    public static List<ProviderDefinition> read(Path file) throws InvalidOperatorFile {
        return OperatorFile.read(file, ProvidersFile::parse);
    }

    /** The definitions of a file's text, as {@link #read}. */
    static List<ProviderDefinition> parse(String text) throws InvalidOperatorFile {
        List<ProviderDefinition> definitions = new ArrayList<>();
        Set<String> ids = new HashSet<>(Set.of(ProviderDefinition.SCRIPTED));
        for (Object element : Node.of(OperatorFile.ROOT, OperatorFile.load(text, "providers: []"), Set.of(PROVIDERS))
                .list(PROVIDERS)) {
            String path = PROVIDERS + "[" + definitions.size() + "]";
            ProviderDefinition definition = provider(path, element);
            if (!ids.add(definition.id())) {
                throw new InvalidOperatorFile(
                        path + ".id",
                        "\"" + definition.id()
                                + "\" is there twice; \"scripted\" is the provider that is always there");
            }
            definitions.add(definition);
        }
        return List.copyOf(definitions);
    }

    private static ProviderDefinition provider(String path, @Nullable Object value) throws InvalidOperatorFile {
        Node node = Node.of(path, value, PROVIDER_KEYS);
        List<ModelDefinition> models = new ArrayList<>();
        for (Object model : node.list(MODELS)) {
            models.add(model(node.at(MODELS) + "[" + models.size() + "]", model));
        }
        String id = node.text("id");
        ProviderFamily family = named(
                node,
                "family",
                node.text("family"),
                ProviderFamily::named,
                "scripted, openai, " + "anthropic, bedrock");
        Optional<String> api = node.optionalText("api");
        OpenAiApi format =
                api.isEmpty() ? OpenAiApi.CHAT : named(node, "api", api.get(), OpenAiApi::named, "chat, responses");
        if (api.isPresent() && family != ProviderFamily.OPENAI) {
            throw new InvalidOperatorFile(node.at("api"), "is for the family openai only");
        }
        Optional<URI> baseUrl = baseUrl(node);
        Optional<String> region = node.optionalText("region");
        Optional<String> credential = node.optionalText("credential_env");
        Optional<String> defaultModel = node.optionalText("default_model");
        try {
            return new ProviderDefinition(id, family, format, baseUrl, region, credential, models, defaultModel);
        } catch (InvalidDefinition e) {
            throw new InvalidOperatorFile(node.at(e.field()), e.reason());
        }
    }

    private static ModelDefinition model(String path, @Nullable Object value) throws InvalidOperatorFile {
        Node node = Node.of(path, value, MODEL_KEYS);
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        for (String name : node.texts(CAPABILITIES)) {
            capabilities.add(named(node, CAPABILITIES, name, Capability::named, "streaming, tools, vision, json"));
        }
        String id = node.text("id");
        int window = node.integer("context_window_tokens");
        int maxOutput = node.integer("max_output_tokens");
        GenerationSettings defaults = settings(node);
        try {
            return new ModelDefinition(id, window, maxOutput, defaults, capabilities);
        } catch (InvalidDefinition e) {
            throw new InvalidOperatorFile(node.at(e.field()), e.reason());
        }
    }

    private static GenerationSettings settings(Node model) throws InvalidOperatorFile {
        Optional<Node> defaults = model.optionalMapping("defaults", SETTING_KEYS);
        if (defaults.isEmpty()) {
            return GenerationSettings.unset();
        }
        Node node = defaults.get();
        try {
            return new GenerationSettings(
                    node.optionalInteger("max_output_tokens"),
                    node.optionalNumber("temperature"),
                    node.optionalNumber("top_p"),
                    node.texts("stop"));
        } catch (InvalidDefinition e) {
            throw new InvalidOperatorFile(node.at(e.field()), e.reason());
        }
    }

    private static Optional<URI> baseUrl(Node node) throws InvalidOperatorFile {
        Optional<String> text = node.optionalText("base_url");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new URI(text.get()));
        } catch (URISyntaxException _) {
            throw new InvalidOperatorFile(node.at("base_url"), "is not a URL");
        }
    }

    private static <T> T named(Node node, String key, String name, Function<String, Optional<T>> names, String known)
            throws InvalidOperatorFile {
        return names.apply(name)
                .orElseThrow(
                        () -> new InvalidOperatorFile(node.at(key), "\"" + name + "\" is unknown; known are " + known));
    }
}
