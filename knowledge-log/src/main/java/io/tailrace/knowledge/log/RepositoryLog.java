package io.tailrace.knowledge.log;

import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.knowledge.chunk.ChunkLimits;
import io.tailrace.knowledge.embed.EmbeddingModel;
import io.tailrace.knowledge.index.IndexSettings;
import io.tailrace.knowledge.index.Language;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The log of one repository: the changes of its documents, in one partition. A repository that is made anew, or made for
 * something else, has another log, so nothing of the one before is ever taken for its own.
 */
public record RepositoryLog(WorkspaceId workspace, String id, int generation, Shape shape) {
    private static final int FINGERPRINT = 12;

    /** As the records name it; has two slashes. */
    public String name() {
        return workspace.value() + "/" + id + "/" + generation + "-" + fingerprint();
    }

    private String fingerprint() {
        String model = shape.model().map(it -> it.id() + "/" + it.dimensions()).orElse("none");
        return sha256(shape.language() + "|" + model + "|" + shape.maxChunkTokens())
                .substring(0, FINGERPRINT);
    }

    /** What documents are cut by. */
    public ChunkLimits chunkLimits() {
        return ChunkLimits.ofTokens(shape.maxChunkTokens());
    }

    /** The language of this name, in lower case; empty if this release has none such. */
    public static Optional<Language> language(String name) {
        return Arrays.stream(Language.values())
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    /**
     * What its index is built for.
     *
     * @param topicId of the topic that the log is in; an index of another topic is not this log's
     * @throws IllegalArgumentException if this release does not know the language
     */
    IndexSettings indexSettings(String topicId) {
        Language language = language(shape.language())
                .orElseThrow(() -> new IllegalArgumentException("no such language: " + shape.language()));
        return new IndexSettings(
                name() + "@" + topicId,
                language,
                shape.model().map(it -> new EmbeddingModel(it.id(), it.dimensions(), shape.maxChunkTokens(), 1)));
    }

    /** The name of its index's folder. */
    String folderName() {
        return sha256(name()).substring(0, 32);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
