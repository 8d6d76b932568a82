package io.tailrace.knowledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.definition.RepositoryDefinition.Model;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.knowledge.RepositoryChange.DocumentPut;
import io.tailrace.events.log.Topic;
import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.embed.HashedEmbeddings;
import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.index.Change;
import io.tailrace.knowledge.index.IndexedChunk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What an index gets out of the log is what was put in, bit for bit. */
class StoredContentsProperties {
    private static final HashedEmbeddings EMBEDDINGS = new HashedEmbeddings(4);
    private static final RepositoryLog WITH_VECTORS =
            log(Optional.of(new Model(EMBEDDINGS.model().id(), 4)));
    private static final RepositoryLog WITHOUT = log(Optional.empty());

    private final EventCodec codec = new EventCodec();

    private static RepositoryLog log(Optional<Model> model) {
        return new RepositoryLog(new WorkspaceId("w"), "a", 1, new Shape("english", model, 100));
    }

    @Property(tries = 50)
    void comesBackAsItWas(
            @ForAll @Size(min = 1, max = 5) List<@AlphaChars @StringLength(min = 1, max = 20) String> texts,
            @ForAll boolean vectors,
            @ForAll boolean cutsCode)
            throws UndecodableRecord {
        List<Chunk> chunks = new ArrayList<>();
        int start = 3;
        for (String text : texts) {
            chunks.add(new Chunk(chunks.size(), start, start + text.length(), List.of("H", "I"), text, cutsCode));
            start += text.length() + 2;
        }
        List<Vector> embedded = vectors ? EMBEDDINGS.embed(texts) : List.of();
        RepositoryLog log = vectors ? WITH_VECTORS : WITHOUT;
        RepositoryChange record = new RepositoryChange(
                log.name(),
                "d",
                Instant.EPOCH,
                new DocumentPut("T", "text/plain", "digest", 9, StoredContents.of(chunks, embedded)));

        byte[] bytes = codec.encode(Topic.REPOSITORIES, record);
        Change change = StoredContents.change(log, 7, codec.decode(Topic.REPOSITORIES, RepositoryChange.class, bytes));

        List<IndexedChunk> expected = new ArrayList<>();
        for (Chunk chunk : chunks) {
            expected.add(
                    new IndexedChunk(chunk, vectors ? Optional.of(embedded.get(chunk.ordinal())) : Optional.empty()));
        }
        assertThat(change).isEqualTo(new Change.Put(7, "d", "T", "digest", expected));
    }

    /** A forged or foreign record is none, and breaks no index. */
    @Example
    void whatIsNoneOfTheLogsIsRefused() {
        List<Chunk> one = List.of(new Chunk(0, 0, 1, List.of(), "a", false));
        List<Vector> vector = EMBEDDINGS.embed(List.of("a"));
        RepositoryChange good = record(WITH_VECTORS, StoredContents.of(one, vector));
        assertThat(StoredContents.change(WITH_VECTORS, 1, good)).isInstanceOf(Change.Put.class);
        List<RepositoryChange> bad = List.of(
                record(WITHOUT, StoredContents.of(one, List.of())),
                record(WITH_VECTORS, StoredContents.of(one, List.of())),
                record(WITH_VECTORS, StoredContents.of(one, new HashedEmbeddings(5).embed(List.of("a")))),
                record(WITH_VECTORS, List.of(stored(0, "a", "no base 64"))),
                record(WITH_VECTORS, List.of(stored(-1, "a", "AAAAAAAAAAAAAAAAAAAAAA=="))),
                record(WITH_VECTORS, List.of(stored(0, " ", "AAAAAAAAAAAAAAAAAAAAAA=="))));
        for (RepositoryChange each : bad) {
            assertThatThrownBy(() -> StoredContents.change(WITH_VECTORS, 1, each))
                    .as(each.toString())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static RepositoryChange.StoredChunk stored(int start, String text, String vector) {
        return new RepositoryChange.StoredChunk(start, List.of(), text, false, Optional.of(vector));
    }

    private static RepositoryChange record(RepositoryLog log, List<RepositoryChange.StoredChunk> chunks) {
        return new RepositoryChange(
                log.name(), "d", Instant.EPOCH, new DocumentPut("T", "text/plain", "digest", 9, chunks));
    }
}
