package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A task goes on with the state and the log that an earlier commit wrote, and decides as that commit did. Each fixture
 * has what was stored in a partition, the records that came after that, and what was said to each; it never changes.
 */
class EarlierStateTest {
    @TempDir
    private File folder;

    @ParameterizedTest
    @ValueSource(strings = {"partition-at-139688c.txt"})
    void decidesAsTheCommitDidThatStoredTheState(String fixture) throws IOException {
        List<String> lines = lines(fixture);
        List<KeyValue<byte[], byte[]>> stored = new ArrayList<>();
        Instant start = Instant.EPOCH;
        for (String line : lines) {
            String[] parts = line.split(" ", -1);
            switch (parts[0]) {
                case "start" -> start = Instant.parse(parts[1]);
                case "store" -> stored.add(new KeyValue<>(bytes(parts[1]), bytes(parts[2])));
                case "input", "said" -> {}
                default -> throw new AssertionError(line);
            }
        }
        List<String> expected = new ArrayList<>();
        List<String> said = new ArrayList<>();
        try (EarlierTask task = new EarlierTask(folder, EarlierTask.newStore(), stored, start)) {
            for (String line : lines) {
                if (line.startsWith("said ")) {
                    expected.add(line.substring("said ".length()));
                } else if (line.startsWith("input ")) {
                    expected.add("to " + name(line));
                    said.add("to " + name(line));
                    said.addAll(give(task, line.split(" ", -1)));
                }
            }
        }

        assertThat(said).isEqualTo(expected);
        assertThat(stored).hasSizeGreaterThan(20);
    }

    /** Topic and offset. */
    private static String name(String input) {
        String[] parts = input.split(" ", -1);
        return parts[1] + " " + parts[2];
    }

    private static List<String> give(EarlierTask task, String[] input) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 6; i < input.length; i++) {
            String[] header = input[i].split("=", 2);
            headers.add(header[0], header[1].getBytes(StandardCharsets.UTF_8));
        }
        byte @Nullable [] key = input[4].equals("-") ? null : input[4].getBytes(StandardCharsets.UTF_8);
        return task.process(
                Topic.named(input[1]).orElseThrow(),
                Long.parseLong(input[2]),
                Instant.parse(input[3]),
                key,
                bytes(input[5]),
                headers);
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static List<String> lines(String fixture) throws IOException {
        try (InputStream in =
                EarlierStateTest.class.getResourceAsStream("/io/tailrace/coordinator/earlier/" + fixture)) {
            if (in == null) {
                throw new AssertionError("there is no " + fixture);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(it -> !it.startsWith("#"))
                    .toList();
        }
    }
}
