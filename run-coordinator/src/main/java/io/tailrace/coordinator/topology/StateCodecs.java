package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.RunBrief;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.events.codec.RecordCodec;
import io.tailrace.events.kafka.LogIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of the stored state. Schemas are listed by version in this module's resources; a listed one never changes.
 * Thread-safe.
 */
final class StateCodecs {
    static final String FOLDER = "/io/tailrace/coordinator/state/";

    final RecordCodec<RunBrief> briefs = codec(RunBrief.class, "run-brief", 8);
    final RecordCodec<StoredRun> runs = codec(StoredRun.class, "stored-run", 5);
    final RecordCodec<RunState.Completed> ended = codec(RunState.Completed.class, "ended-run", 1);
    final RecordCodec<PartitionProgress> progress = codec(PartitionProgress.class, "partition-mark", 3);

    final RecordCodec<CommandProgress> commands = codec(CommandProgress.class, "command-mark", 1);
    final RecordCodec<SpineProgress> spines = codec(SpineProgress.class, "spine-progress", 1);
    final RecordCodec<RunTrace> traces = codec(RunTrace.class, "run-trace", 1);
    final RecordCodec<LogIdentity> logs = codec(LogIdentity.class, "log-identity", 2);

    private static <T extends Record> RecordCodec<T> codec(Class<T> type, String name, int versions) {
        List<String> schemas = new ArrayList<>();
        for (int version = 1; version <= versions; version++) {
            schemas.add(read(name + ".v" + version + ".avsc"));
        }
        return new RecordCodec<>(type, schemas);
    }

    private static String read(String file) {
        try (InputStream in = StateCodecs.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + FOLDER + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
