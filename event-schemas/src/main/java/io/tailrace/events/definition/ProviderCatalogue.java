package io.tailrace.events.definition;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.WorkerId;
import java.util.List;
import java.util.Optional;

/**
 * The providers of language models that turn-workers have: all of them in one record, which a worker replaces whole when
 * it starts with others. Holds names of environment variables, never what is in them. Words and bounds are those of the
 * operator's providers file, {@code docs/providers.md}.
 *
 * @param recordedBy the worker that found them so
 * @param providers in the worker's order
 */
@AvroName(namespace = "io.tailrace.events.definition")
public record ProviderCatalogue(WorkerId recordedBy, List<ListedProvider> providers) implements Definition.Resource {

    public ProviderCatalogue {
        providers = List.copyOf(providers);
    }

    /**
     * A provider.
     *
     * @param family which adapter speaks to it
     * @param api which of its family's formats; empty where the family has one
     * @param baseUrl where it is, if not where its family is at home; has no user, password or query
     * @param region of AWS, for those that have one
     * @param credentialVariables the names of the environment variables without which it cannot be called
     * @param missing those of them that were not set, or could not be a credential, where the worker ran
     * @param defaultModel the model of requests that name none
     */
    public record ListedProvider(
            String id,
            String family,
            Optional<String> api,
            Optional<String> baseUrl,
            Optional<String> region,
            List<String> credentialVariables,
            List<String> missing,
            Optional<String> defaultModel,
            List<ListedModel> models) {

        public ListedProvider {
            credentialVariables = List.copyOf(credentialVariables);
            missing = List.copyOf(missing);
            models = List.copyOf(models);
        }

        /** Whether the worker has what it takes to call it; nobody has tried. */
        public boolean available() {
            return missing.isEmpty();
        }
    }

    /**
     * A model of a provider.
     *
     * @param contextWindowTokens input and output together
     * @param maxOutputTokens of one answer
     * @param capabilities of {@code streaming}, {@code tools}, {@code vision} and {@code json} those that it has
     */
    public record ListedModel(
            String id,
            int contextWindowTokens,
            int maxOutputTokens,
            GenerationDefaults defaults,
            List<String> capabilities) {

        public ListedModel {
            capabilities = List.copyOf(capabilities);
        }
    }

    /** What a request gets that leaves it open; what is absent here is up to the provider. */
    public record GenerationDefaults(
            Optional<Integer> maxOutputTokens, Optional<Double> temperature, Optional<Double> topP, List<String> stop) {

        public GenerationDefaults {
            stop = List.copyOf(stop);
        }
    }
}
