package io.tailrace.gateway.toolserver;

import io.tailrace.events.codec.WireTree;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.toolserver.RecordedToolServers.Recorded;
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
import org.springframework.web.bind.annotation.RestController;

/** Which servers of tools an assistant may use, and which tools they have. */
@RestController
final class ToolServersController {
    private final Definitions definitions;
    private final RecordedToolServers servers;

    ToolServersController(Definitions definitions, RecordedToolServers servers) {
        this.definitions = definitions;
        this.servers = servers;
    }

    @GetMapping(path = "/v1/tool-servers", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, @Nullable Object>> list(HttpServletRequest request) throws InterruptedException {
        var _ = QueryParameters.of(request, Set.of());
        definitions.catchUp();
        Optional<Recorded> recorded = servers.current();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        recorded.ifPresent(it -> {
            tree.put("recorded_at", WireTree.text(it.at()));
            tree.put("recorded_by", it.catalogue().recordedBy().value());
        });
        tree.put(
                "servers",
                recorded.map(it -> it.catalogue().servers()).orElse(List.of()).stream()
                        .map(WireTree::of)
                        .toList());
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(tree);
    }
}
