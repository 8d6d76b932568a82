package io.tailrace.gateway.registry;

import io.tailrace.events.codec.ReleasedSchema;
import io.tailrace.events.codec.SchemaCatalog;
import io.tailrace.gateway.problem.RunProblem;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The released schemas as the two calls of the Apicurio Registry (its core API, v3) that its deserializers make. Its content
 * ids are the ids in our records' framing. At the root too, where its clients look that are given the gateway's address.
 */
@RestController
final class ContentIdsController {
    private static final String BY_ID = "/apis/registry/v3/ids/contentIds/{id}";

    private final SchemaCatalog catalog;

    ContentIdsController(SchemaCatalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping({BY_ID, "/schema-registry" + BY_ID})
    ResponseEntity<byte[]> content(@PathVariable String id) {
        return json(released(id).json());
    }

    /** Which other schemas it names by a reference: none, each of ours is whole. */
    @GetMapping({BY_ID + "/references", "/schema-registry" + BY_ID + "/references"})
    ResponseEntity<byte[]> references(@PathVariable String id) {
        ReleasedSchema _ = released(id);
        return json("[]");
    }

    private ReleasedSchema released(String id) {
        return SchemaRegistryController.positive(id).flatMap(catalog::byId).orElseThrow(RunProblem::unknownSchema);
    }

    private static ResponseEntity<byte[]> json(String text) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(text.getBytes(StandardCharsets.UTF_8));
    }
}
