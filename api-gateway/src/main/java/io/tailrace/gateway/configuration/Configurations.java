package io.tailrace.gateway.configuration;

import io.tailrace.events.archive.RefusedArchive;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.gateway.configuration.Configuration.Version;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.problem.RunProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The configurations of all workspaces. What was uploaded through another gateway is seen as soon as the log has it:
 * every answer is at least as new as its question. Blocks the caller, bounded; for virtual threads. Thread-safe.
 */
public final class Configurations {
    private final ConfigurationCatalogue catalogue;
    private final Definitions definitions;
    private final ArtifactLog artifacts;
    private final ArchiveCheck check;
    private final InstantSource clock;

    Configurations(
            ConfigurationCatalogue catalogue,
            Definitions definitions,
            ArtifactLog artifacts,
            ArchiveCheck check,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.definitions = definitions;
        this.artifacts = artifacts;
        this.check = check;
        this.clock = clock;
    }

    /**
     * What became of an upload.
     *
     * @param added whether the archive has become the current version now, and was not before
     */
    public record Upload(Configuration configuration, boolean added) {}

    /**
     * Makes an archive the current version of a configuration. What is the current version already costs nothing; what
     * was uploaded before, to whatever configuration, is not written again.
     *
     * @throws RunProblem if the archive cannot be taken, or the log did not take it
     */
    public Upload upload(WorkspaceId workspace, String id, byte[] archive) throws InterruptedException {
        String format;
        try {
            format = check.formatOf(archive);
        } catch (RefusedArchive e) {
            throw RunProblem.unusableArchive(e.code(), e.reason());
        }
        String digest = digest(archive);
        definitions.catchUp();
        Optional<Configuration> before = catalogue.find(workspace, id);
        if (before.isPresent() && before.get().current().archive().digest().equals(digest)) {
            return new Upload(before.get(), false);
        }
        Optional<ArtifactRef> known = catalogue.archive(digest);
        ArtifactRef ref = known.isPresent() ? known.get() : artifacts.write(digest, format, archive);
        definitions.awaitOffset(artifacts.record(Definition.configuration(workspace, id, clock.instant(), ref)));
        return new Upload(catalogue.find(workspace, id).orElseThrow(RunProblem::catalogueBehind), true);
    }

    /**
     * A configuration.
     *
     * @throws RunProblem {@code unknown_configuration} if there surely is none
     */
    public Configuration require(WorkspaceId workspace, String id) throws InterruptedException {
        definitions.catchUp();
        return catalogue.find(workspace, id).orElseThrow(() -> RunProblem.unknownConfiguration(workspace, id));
    }

    /** A configuration; empty if there surely is none. */
    public Optional<Configuration> find(WorkspaceId workspace, String id) throws InterruptedException {
        definitions.catchUp();
        return catalogue.find(workspace, id);
    }

    /** The configurations of a workspace, by id. */
    public List<Configuration> of(WorkspaceId workspace) throws InterruptedException {
        definitions.catchUp();
        return catalogue.of(workspace);
    }

    /**
     * Copies a version's archive.
     *
     * @throws IOException if the receiver takes no more
     */
    public void copy(Version version, OutputStream out) throws IOException {
        artifacts.copy(version.archive(), out);
    }

    private static String digest(byte[] archive) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
