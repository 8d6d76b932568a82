package io.tailrace.gateway.provider;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.definition.ProviderCatalogue.ListedProvider;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.provider.RecordedCatalogue.Recorded;
import io.tailrace.gateway.request.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Who can answer turns: providers, their models, and which variable is missing where one cannot be called. */
@RestController
final class ProvidersController {
    private final Definitions definitions;
    private final RecordedCatalogue catalogue;

    ProvidersController(Definitions definitions, RecordedCatalogue catalogue) {
        this.definitions = definitions;
        this.catalogue = catalogue;
    }

    @GetMapping(path = "/v1/providers", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) throws InterruptedException {
        var _ = QueryParameters.of(request, Set.of());
        definitions.catchUp();
        Optional<Recorded> recorded = catalogue.current();
        Map<String, Object> tree = new LinkedHashMap<>();
        recorded.ifPresent(it -> {
            tree.put("recorded_at", WireTree.text(it.at()));
            tree.put("recorded_by", it.catalogue().recordedBy().value());
        });
        tree.put(
                "providers",
                providers(recorded).stream().map(ProvidersController::tree).toList());
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(tree);
    }

    @GetMapping(path = "/v1/providers/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, @Nullable Object>> get(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        var _ = QueryParameters.of(request, Set.of());
        definitions.catchUp();
        List<ListedProvider> providers = providers(catalogue.current());
        ListedProvider found = providers.stream()
                .filter(it -> it.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ChatProblem.unknownProvider(
                        providers.stream().map(ListedProvider::id).toList()));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(tree(found));
    }

    private static List<ListedProvider> providers(Optional<Recorded> recorded) {
        return recorded.map(it -> it.catalogue().providers()).orElse(List.of());
    }

    private static Map<String, @Nullable Object> tree(ListedProvider provider) {
        Map<String, @Nullable Object> tree = WireTree.of(provider);
        tree.put("available", provider.available());
        return tree;
    }
}
