package io.tailrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that each release wrote, as bytes, still say what they said to that release. */
class StoredSamplesTest {
    private final EventCodec codec = new EventCodec();

    static Stream<ReleasedSchema> released() {
        return SchemaCatalog.released().schemas().stream();
    }

    @ParameterizedTest
    @MethodSource("released")
    void everyReleasesRecordsSayWhatTheySaidThen(ReleasedSchema schema) throws IOException, UndecodableRecord {
        for (String line : samples(schema)) {
            String[] sample = line.split(" ", 2);
            byte[] bytes = Base64.getDecoder().decode(sample[0]);
            Record record = codec.decode(schema.topic(), SchemaCatalog.recordOf(schema.topic()), bytes);

            assertThat(tree(record)).as("a sample of %s", file(schema)).isEqualTo(sample[1]);
        }
    }

    private List<String> samples(ReleasedSchema schema) throws IOException {
        Optional<String> stored = stored(schema);
        assertThat(stored)
                .as(
                        "samples/%s is missing; if the records are as they are to be, it has these lines:%n%s",
                        file(schema), linesOfToday(schema.topic()))
                .isPresent();
        List<String> lines = stored.orElseThrow().lines().toList();
        assertThat(lines).isNotEmpty();
        return lines;
    }

    private static Optional<String> stored(ReleasedSchema schema) throws IOException {
        try (InputStream in =
                StoredSamplesTest.class.getResourceAsStream("/io/tailrace/events/samples/" + file(schema))) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** In one line of characters that can be seen. */
    private static String tree(Record record) {
        return WireTree.of(record)
                .toString()
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace("\u001b", "\\e");
    }

    private static String file(ReleasedSchema schema) {
        return schema.topic().topicName().replace("tailrace.", "") + ".v" + schema.version() + ".txt";
    }

    private String linesOfToday(Topic topic) {
        return SampleRecords.of(topic).stream()
                .map(it -> Base64.getEncoder().encodeToString(codec.encode(topic, it)) + " " + tree(it))
                .collect(Collectors.joining("\n"));
    }
}
