package io.tailrace.knowledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.knowledge.RepositoryChange.DocumentDeleted;
import io.tailrace.events.knowledge.RepositoryChange.DocumentPut;
import io.tailrace.events.knowledge.RepositoryChange.StoredChunk;
import io.tailrace.events.log.Topic;
import io.tailrace.knowledge.index.RepositoryIndex;
import io.tailrace.knowledge.index.RepositoryView;
import io.tailrace.knowledge.index.StoredDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A repository has at each version what the log had then, also when the log was compacted, or there is another one in it. */
class OpenRepositoryProperties {
    private static final TopicPartition PARTITION = new TopicPartition(Topic.REPOSITORIES.topicName(), 0);
    private static final RepositoryLog OURS = log("ours");
    private static final RepositoryLog OTHER = log("ours2");
    private static final EventCodec CODEC = new EventCodec();
    private static final Duration LONG = Duration.ofMinutes(1);

    /** @param put or else a deletion */
    record Edit(boolean ours, int document, boolean put) {}

    private static RepositoryLog log(String id) {
        return new RepositoryLog(new WorkspaceId("w"), id, 1, new Shape("english", Optional.empty(), 100));
    }

    @Property(tries = 15)
    void eachVersionThatIsNotTooOldIsTheSameInEachIndex(
            @ForAll("edits") @Size(min = 1, max = 20) List<Edit> edits,
            @ForAll @IntRange(max = 20) int firstYoung,
            @ForAll @Size(value = 8) List<@IntRange(max = 20) Integer> asked)
            throws IOException {
        List<ConsumerRecord<byte[], byte[]>> all = records(edits);
        Instant keptSince = Instant.ofEpochMilli(firstYoung);
        Path folder = Files.createTempDirectory("open-repository");
        try (OpenRepository whole = open(folder.resolve("a"), all, all.size());
                OpenRepository compacted = open(folder.resolve("b"), compacted(all, firstYoung), all.size())) {
            for (int version : asked) {
                Reading one = whole.read(OptionalLong.of(version), keptSince, Deadline.in(LONG));
                Reading two = compacted.read(OptionalLong.of(version), keptSince, Deadline.in(LONG));
                long oldest = Math.min(Math.min(firstYoung, all.size()) - 1, lastOfOurs(edits));
                if (version >= all.size()) {
                    assertThat(List.of(one, two)).allMatch(new Reading.Ahead(all.size() - 1)::equals);
                } else if (version < oldest) {
                    assertThat(List.of(one, two)).allMatch(new Reading.Forgotten(oldest)::equals);
                } else {
                    Map<String, Long> expected = there(edits, version);
                    assertThat(documents(one)).isEqualTo(expected);
                    assertThat(documents(two)).isEqualTo(expected);
                }
            }
            Reading newest = compacted.read(OptionalLong.empty(), keptSince, Deadline.in(LONG));
            assertThat(documents(newest)).isEqualTo(there(edits, all.size() - 1));
        } finally {
            IndexFolders.delete(folder);
        }
    }

    private static int lastOfOurs(List<Edit> edits) {
        int last = -1;
        for (int i = 0; i < edits.size(); i++) {
            last = edits.get(i).ours() ? i : last;
        }
        return last;
    }

    @Example
    void versionsWhoseRecordsMayBeGoneAreRefusedByAll() throws IOException {
        List<ConsumerRecord<byte[], byte[]>> all =
                records(List.of(new Edit(true, 1, true), new Edit(true, 1, true), new Edit(true, 2, true)));
        Path folder = Files.createTempDirectory("open-repository");
        try (OpenRepository repository = open(folder, all, 3)) {
            Instant later = Instant.ofEpochMilli(2);
            assertThat(repository.read(OptionalLong.empty(), later, Deadline.in(LONG)))
                    .isInstanceOfSatisfying(Reading.Found.class, OpenRepositoryProperties::close);
            assertThat(repository.read(OptionalLong.of(0), later, Deadline.in(LONG)))
                    .isEqualTo(new Reading.Forgotten(1));
            assertThat(documents(repository.read(OptionalLong.of(1), later, Deadline.in(LONG))))
                    .containsOnlyKeys("d1");
        } finally {
            IndexFolders.delete(folder);
        }
    }

    /** Positions would be given again: what the index has is of changes that are lost. */
    @Example
    void aLogThatWasCutOffIsNoticed() throws IOException {
        List<ConsumerRecord<byte[], byte[]>> all = records(List.of(new Edit(true, 1, true), new Edit(true, 2, true)));
        Path folder = Files.createTempDirectory("open-repository");
        try {
            try (OpenRepository repository = open(folder, all, 2)) {
                close(repository.read(OptionalLong.empty(), Instant.EPOCH, Deadline.in(LONG)));
            }
            assertThatThrownBy(() -> open(folder, all.subList(0, 1), 1)).isInstanceOf(OpenRepository.CutOff.class);
        } finally {
            IndexFolders.delete(folder);
        }
    }

    /** Without time it says how far it is, and goes on from there. */
    @Example
    void whatIsNotReadInTimeIsReadByTheNext() throws IOException {
        List<ConsumerRecord<byte[], byte[]>> all = records(List.of(new Edit(true, 1, true), new Edit(true, 2, true)));
        Path folder = Files.createTempDirectory("open-repository");
        try (OpenRepository repository = open(folder, all, 2)) {
            assertThat(repository.read(OptionalLong.empty(), Instant.EPOCH, Deadline.in(Duration.ZERO)))
                    .isEqualTo(new Reading.Behind(RepositoryIndex.NOTHING));
            assertThat(documents(repository.read(OptionalLong.empty(), Instant.EPOCH, Deadline.in(LONG))))
                    .containsOnlyKeys("d1", "d2");
        } finally {
            IndexFolders.delete(folder);
        }
    }

    /** A long rebuild whose process is killed goes on; it does not begin anew each time. */
    @Example
    void whatWasReadBeforeACrashInTheMiddleIsNotReadAgain() throws IOException {
        List<ConsumerRecord<byte[], byte[]>> all = records(IntStream.range(0, 1600)
                .mapToObj(it -> new Edit(true, it, true))
                .toList());
        Path folder = Files.createTempDirectory("open-repository");
        Path killed = Files.createTempDirectory("open-repository-killed");
        StoredLog log = new StoredLog(PARTITION, all, all.size()) {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                if (position(PARTITION) == 1500) {
                    copy(folder, killed);
                }
                return super.poll(timeout);
            }
        };
        try (OpenRepository repository = open(folder, log)) {
            close(repository.read(OptionalLong.empty(), Instant.EPOCH, Deadline.in(LONG)));
            try (RepositoryIndex next = RepositoryIndex.open(killed, OURS.indexSettings("topic"))) {
                assertThat(next.version()).isBetween(999L, 1499L);
            }
        } finally {
            IndexFolders.delete(folder);
            IndexFolders.delete(killed);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OpenRepository open(Path folder, List<ConsumerRecord<byte[], byte[]>> records, long end)
            throws IOException {
        return open(folder, new StoredLog(PARTITION, records, end));
    }

    private static OpenRepository open(Path folder, StoredLog log) throws IOException {
        RepositoryIndex index = RepositoryIndex.open(folder, OURS.indexSettings("topic"));
        OpenRepository repository = new OpenRepository(OURS, CODEC, index, log, PARTITION);
        try {
            repository.begin(Deadline.in(LONG));
            return repository;
        } catch (IOException e) {
            repository.close();
            throw e;
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(List<Edit> edits) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Edit edit : edits) {
            RepositoryChange.What what = edit.put()
                    ? new DocumentPut(
                            "T",
                            "text/plain",
                            "digest",
                            1,
                            List.of(new StoredChunk(0, List.of(), "kettle", false, Optional.empty())))
                    : new DocumentDeleted();
            RepositoryChange change = new RepositoryChange(
                    (edit.ours() ? OURS : OTHER).name(), "d" + edit.document(), Instant.EPOCH, what);
            byte[] value = CODEC.encode(Topic.REPOSITORIES, change);
            records.add(new ConsumerRecord<>(
                    PARTITION.topic(),
                    0,
                    records.size(),
                    records.size(),
                    TimestampType.LOG_APPEND_TIME,
                    0,
                    value.length,
                    change.key().getBytes(StandardCharsets.UTF_8),
                    value,
                    new RecordHeaders(),
                    Optional.empty()));
        }
        return records;
    }

    /** What a broker leaves: of each key the last of the records that are old enough, and all that are not. */
    private static List<ConsumerRecord<byte[], byte[]>> compacted(
            List<ConsumerRecord<byte[], byte[]>> records, int firstYoung) {
        Map<String, Long> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() < firstYoung) {
                last.put(new String(record.key(), StandardCharsets.UTF_8), record.offset());
            }
        }
        return records.stream()
                .filter(it -> it.offset() >= firstYoung || last.containsValue(it.offset()))
                .toList();
    }

    /** Of each document that is there at the version, the position of its put. */
    private static NavigableMap<String, Long> there(List<Edit> edits, int version) {
        NavigableMap<String, Long> there = new TreeMap<>();
        for (int i = 0; i <= version; i++) {
            Edit edit = edits.get(i);
            if (edit.ours() && edit.put()) {
                there.put("d" + edit.document(), (long) i);
            } else if (edit.ours()) {
                there.remove("d" + edit.document());
            }
        }
        return there;
    }

    private static Map<String, Long> documents(Reading reading) throws IOException {
        assertThat(reading).isInstanceOf(Reading.Found.class);
        try (RepositoryView view = ((Reading.Found) reading).view()) {
            Map<String, Long> documents = new TreeMap<>();
            for (StoredDocument document : view.documents("", 100)) {
                documents.put(document.documentId(), document.version());
            }
            return documents;
        }
    }

    private static void close(Reading reading) {
        if (reading instanceof Reading.Found found) {
            try {
                found.view().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Combinators.combine(
                        Arbitraries.of(true, true, false),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(true, true, false))
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }
}
