package io.tailrace.gateway.registry;

import io.tailrace.events.codec.ReleasedSchema;
import io.tailrace.events.codec.SchemaCatalog;
import io.tailrace.events.log.Topic;
import io.tailrace.events.text.Excerpt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * The released schemas as the REST calls of the Confluent Schema Registry that consumers make (its API reference, v1).
 * Nothing can be written: schemas are released with the code. Errors have that API's shape, not ours.
 */
@RestController
@RequestMapping("/schema-registry")
final class SchemaRegistryController {
    private static final MediaType REGISTRY_JSON = MediaType.parseMediaType("application/vnd.schemaregistry.v1+json");
    private static final String COMPATIBILITY = "BACKWARD";
    private static final int SUBJECT_NOT_FOUND = 40401;
    private static final int VERSION_NOT_FOUND = 40402;
    private static final int SCHEMA_NOT_FOUND = 40403;
    private static final int INVALID_VERSION = 42202;

    private final SchemaCatalog catalog;
    private final JsonMapper mapper = JsonMapper.shared();

    SchemaRegistryController(SchemaCatalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping({"", "/"})
    ResponseEntity<byte[]> root() {
        return ok(Map.of());
    }

    @GetMapping("/schemas/types")
    ResponseEntity<byte[]> types() {
        return ok(List.of("AVRO"));
    }

    @GetMapping("/schemas/ids/{id}")
    ResponseEntity<byte[]> schema(@PathVariable String id) {
        return byId(id).map(it -> ok(Map.of("schema", it.json()))).orElseGet(this::schemaNotFound);
    }

    @GetMapping("/schemas/ids/{id}/schema")
    ResponseEntity<byte[]> plainSchema(@PathVariable String id) {
        return byId(id).map(SchemaRegistryController::plain).orElseGet(this::schemaNotFound);
    }

    @GetMapping("/schemas/ids/{id}/versions")
    ResponseEntity<byte[]> versionsOfSchema(@PathVariable String id) {
        return byId(id).map(it -> ok(List.of(Map.of("subject", it.subject(), "version", it.version()))))
                .orElseGet(this::schemaNotFound);
    }

    @GetMapping("/subjects")
    ResponseEntity<byte[]> subjects() {
        return ok(Topic.withSchema().stream().map(Topic::subject).sorted().toList());
    }

    @GetMapping("/subjects/{subject}/versions")
    ResponseEntity<byte[]> versions(@PathVariable String subject) {
        List<ReleasedSchema> versions = versionsOf(subject);
        return versions.isEmpty()
                ? subjectNotFound(subject)
                : ok(versions.stream().map(ReleasedSchema::version).toList());
    }

    @GetMapping("/subjects/{subject}/versions/{version}")
    ResponseEntity<byte[]> version(@PathVariable String subject, @PathVariable String version) {
        return found(subject, version, it -> ok(described(it)));
    }

    @GetMapping("/subjects/{subject}/versions/{version}/schema")
    ResponseEntity<byte[]> plainVersion(@PathVariable String subject, @PathVariable String version) {
        return found(subject, version, SchemaRegistryController::plain);
    }

    @GetMapping({"/config", "/config/{subject}"})
    ResponseEntity<byte[]> config(@PathVariable Optional<String> subject) {
        return subject.isPresent() && versionsOf(subject.get()).isEmpty()
                ? subjectNotFound(subject.get())
                : ok(Map.of("compatibilityLevel", COMPATIBILITY));
    }

    @GetMapping({"/mode", "/mode/{subject}"})
    ResponseEntity<byte[]> mode() {
        return ok(Map.of("mode", "READONLY"));
    }

    /** Everything else: other paths are not there, and nothing can be written. */
    @RequestMapping("/**")
    ResponseEntity<byte[]> other(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)
                ? error(404, 404, "HTTP 404 Not Found")
                : error(405, 405, "HTTP 405 Method Not Allowed: this registry is read-only");
    }

    private interface Answer {
        ResponseEntity<byte[]> of(ReleasedSchema schema);
    }

    private ResponseEntity<byte[]> found(String subject, String version, Answer answer) {
        List<ReleasedSchema> versions = versionsOf(subject);
        if (versions.isEmpty()) {
            return subjectNotFound(subject);
        }
        if (version.equals("latest") || version.equals("-1")) {
            return answer.of(versions.getLast());
        }
        Optional<Integer> number = positive(version);
        if (number.isEmpty()) {
            return error(
                    422,
                    INVALID_VERSION,
                    "The specified version is not a valid version id. Allowed are 1 and above, and \"latest\".");
        }
        return versions.stream()
                .filter(it -> it.version() == number.get())
                .findFirst()
                .map(answer::of)
                .orElseGet(() -> error(404, VERSION_NOT_FOUND, "Version " + number.get() + " not found."));
    }

    private Optional<ReleasedSchema> byId(String id) {
        return positive(id).flatMap(catalog::byId);
    }

    private List<ReleasedSchema> versionsOf(String subject) {
        return catalog.schemas().stream()
                .filter(it -> it.subject().equals(subject))
                .toList();
    }

    static Optional<Integer> positive(String text) {
        try {
            int number = Integer.parseInt(text);
            return number > 0 ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> described(ReleasedSchema schema) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("subject", schema.subject());
        tree.put("version", schema.version());
        tree.put("id", schema.id());
        tree.put("schema", schema.json());
        return tree;
    }

    private static ResponseEntity<byte[]> plain(ReleasedSchema schema) {
        return ResponseEntity.ok()
                .contentType(REGISTRY_JSON)
                .body(schema.json().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private ResponseEntity<byte[]> ok(Object tree) {
        return ResponseEntity.ok().contentType(REGISTRY_JSON).body(mapper.writeValueAsBytes(tree));
    }

    private ResponseEntity<byte[]> schemaNotFound() {
        return error(404, SCHEMA_NOT_FOUND, "Schema not found");
    }

    private ResponseEntity<byte[]> subjectNotFound(String subject) {
        return error(404, SUBJECT_NOT_FOUND, "Subject '" + Excerpt.of(subject, 100) + "' not found.");
    }

    private ResponseEntity<byte[]> error(int status, int code, String message) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status).contentType(REGISTRY_JSON);
        if (status == 405) {
            answer.allow(HttpMethod.GET, HttpMethod.HEAD);
        }
        return answer.body(mapper.writeValueAsBytes(Map.of("error_code", code, "message", message)));
    }
}
