package io.tailrace.gateway.configuration;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.configuration.Configuration.Version;
import io.tailrace.gateway.configuration.Configurations.Upload;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.WorkspacePath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Configurations over HTTP: uploaded, listed, downloaded. */
@RestController
@RequestMapping("/workspaces/{workspace}/configurations")
final class ConfigurationController {
    /** Each holds an archive in memory; the others wait. */
    private static final int UPLOADS_AT_ONCE = 4;

    private final Configurations configurations;
    private final ArchiveBody archives;
    private final JsonBody json;
    private final Duration turnWithin;
    private final Semaphore uploads = new Semaphore(UPLOADS_AT_ONCE, true);

    /** @param turnWithin how long an upload waits while as many as are allowed are being read */
    ConfigurationController(Configurations configurations, ArchiveBody archives, JsonBody json, Duration turnWithin) {
        this.turnWithin = turnWithin;
        this.configurations = configurations;
        this.archives = archives;
        this.json = json;
    }

    @PutMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> upload(
            @PathVariable String workspace, @PathVariable String id, HttpServletRequest request)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        WorkspaceId in = WorkspacePath.workspace(workspace);
        WorkspacePath.checkConfiguration(id);
        var _ = QueryParameters.of(request, Set.of());
        if (!uploads.tryAcquire(turnWithin.toMillis(), TimeUnit.MILLISECONDS)) {
            throw RunProblem.tooManyUploads();
        }
        try {
            byte[] archive = JsonBody.isJson(request) ? archives.named(json.read(request)) : archives.read(request);
            Upload upload = configurations.upload(in, id, archive);
            String place = place(upload.configuration());
            String digest = upload.configuration().current().archive().digest();
            return (upload.added() ? ResponseEntity.created(URI.create(place)) : ResponseEntity.ok())
                    .eTag(digest)
                    .body(tree(upload.configuration()));
        } finally {
            uploads.release();
        }
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> list(@PathVariable String workspace, HttpServletRequest request)
            throws InterruptedException {
        var _ = QueryParameters.of(request, Set.of());
        List<Map<String, Object>> all = configurations.of(WorkspacePath.workspace(workspace)).stream()
                .map(ConfigurationController::tree)
                .toList();
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(Map.of("configurations", all));
    }

    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> get(
            @PathVariable String workspace, @PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        var _ = QueryParameters.of(request, Set.of());
        Configuration found = require(workspace, id);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .eTag(found.current().archive().digest())
                .body(tree(found));
    }

    /** A version's archive as it was uploaded. */
    @GetMapping("/{id}/versions/{digest}")
    void download(
            @PathVariable String workspace,
            @PathVariable String id,
            @PathVariable String digest,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        var _ = QueryParameters.of(request, Set.of());
        Version version = require(workspace, id).versions().stream()
                .filter(it -> it.archive().digest().equals(digest))
                .findFirst()
                .orElseThrow(() -> RunProblem.unknownVersion(id));
        ArtifactRef archive = version.archive();
        response.setContentType(archive.format().equals(ArtifactRef.ZIP) ? "application/zip" : "application/gzip");
        response.setHeader("ETag", '"' + digest + '"');
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"" + id + "-" + digest.substring(0, 12) + "." + archive.format() + "\"");
        response.setContentLengthLong(archive.bytes());
        if (!request.getMethod().equals("HEAD")) {
            configurations.copy(version, response.getOutputStream());
        }
    }

    private Configuration require(String workspace, String id) throws InterruptedException {
        WorkspaceId in = WorkspacePath.workspace(workspace);
        WorkspacePath.checkConfiguration(id);
        return configurations.require(in, id);
    }

    private static String place(Configuration configuration) {
        return "/workspaces/" + configuration.workspace() + "/configurations/" + configuration.id();
    }

    private static Map<String, Object> tree(Configuration configuration) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("workspace_id", configuration.workspace().value());
        tree.put("configuration_id", configuration.id());
        tree.put("digest", configuration.current().archive().digest());
        tree.put(
                "versions",
                configuration.versions().stream()
                        .map(it -> version(configuration, it))
                        .toList());
        return tree;
    }

    private static Map<String, Object> version(Configuration configuration, Version version) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("digest", version.archive().digest());
        tree.put("format", version.archive().format());
        tree.put("bytes", version.archive().bytes());
        tree.put("recorded_at", WireTree.text(version.recordedAt()));
        tree.put("url", place(configuration) + "/versions/" + version.archive().digest());
        return tree;
    }
}
