package io.tailrace.turn.catalogue;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.events.id.WorkerId;
import io.tailrace.turn.provider.ProviderListing;
import io.tailrace.turn.tool.ToolServers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A kind of things that workers have and others are told of.
 *
 * @param what they are, in words
 * @param key of their one record
 * @param ours finds out what this worker has; may block, within bounds
 * @param entries what two catalogues are compared by
 * @param isComplete whether all of it is known; if not, it is found out again later
 * @param longestPause between two tries
 */
record Catalogue<T extends Definition.Resource>(
        String what,
        String key,
        Class<T> type,
        Supplier<T> ours,
        Function<T, List<?>> entries,
        BiFunction<Instant, T, Definition> definition,
        Predicate<T> isComplete,
        Duration longestPause) {

    /** Of providers of models, which never change in a worker's life. */
    static Catalogue<ProviderCatalogue> providers(WorkerId worker, List<ProviderListing> providers) {
        ProviderCatalogue ours = new ProviderCatalogue(worker, ListedProviders.of(providers));
        return new Catalogue<>(
                "providers",
                Definition.PROVIDERS,
                ProviderCatalogue.class,
                () -> ours,
                ProviderCatalogue::providers,
                Definition::providers,
                _ -> true,
                Duration.ofMinutes(1));
    }

    /** Of servers of tools, each of which is asked; one that is not there may come. */
    static Catalogue<ToolServerCatalogue> toolServers(WorkerId worker, ToolServers servers) {
        return new Catalogue<>(
                "tool servers",
                Definition.TOOL_SERVERS,
                ToolServerCatalogue.class,
                () -> new ToolServerCatalogue(worker, ListedToolServers.of(servers.list())),
                ToolServerCatalogue::servers,
                Definition::toolServers,
                it -> it.servers().stream().allMatch(server -> server.failure().isEmpty()),
                Duration.ofMinutes(10));
    }
}
