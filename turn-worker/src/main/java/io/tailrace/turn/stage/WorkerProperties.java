package io.tailrace.turn.stage;

import io.tailrace.turn.provider.CallTimeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this worker is and may do.
 *
 * @param id its name; each start adds something random, because another start is another worker
 * @param slots turns at the same time
 * @param providersFile the operator's list of providers; without it there is the scripted one alone
 * @param deltaWindow how long deltas of an answer are gathered after one was written; 0 to write each
 * @param firstByteTimeout how long a provider may take to begin to answer
 * @param silenceTimeout how long it may be silent after that
 * @param callTimeout how long a whole call may take
 * @param compactionPercent how much of a model's window a history may take before it is summed up
 * @param compactionTurns how many turns a history may have before it is summed up
 * @param defaultReserve tokens kept for an answer whose length nobody limits
 */
@ConfigurationProperties("tailrace.worker")
public record WorkerProperties(
        @DefaultValue("turn-worker") String id,
        @DefaultValue("50") int slots,
        @Nullable Path providersFile,
        @DefaultValue("20ms") Duration deltaWindow,
        @DefaultValue("2m") Duration firstByteTimeout,
        @DefaultValue("2m") Duration silenceTimeout,
        @DefaultValue("15m") Duration callTimeout,
        @DefaultValue("50") int compactionPercent,
        @DefaultValue("200") int compactionTurns,
        @DefaultValue("4096") int defaultReserve) {

    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._:-]{0,63}";
    private static final int MAX_SLOTS = 1_000;

    /** Names the property that is out of its bounds. */
    public WorkerProperties {
        if (!id.matches(ID)) {
            throw new IllegalArgumentException(
                    "tailrace.worker.id has 1 to 64 letters, digits, '.', '_', ':' and '-', not: " + id);
        }
        within("slots", slots, 1, MAX_SLOTS);
        within("delta-window", deltaWindow, Duration.ZERO, Duration.ofSeconds(1));
        within("first-byte-timeout", firstByteTimeout, Duration.ofMillis(100), Duration.ofHours(1));
        within("silence-timeout", silenceTimeout, Duration.ofMillis(100), Duration.ofHours(1));
        within("call-timeout", callTimeout, Duration.ofMillis(100), Duration.ofHours(24));
        within("compaction-percent", compactionPercent, 1, 90);
        within("compaction-turns", compactionTurns, 4, 1_000);
        within("default-reserve", defaultReserve, 1, 1_000_000);
    }

    Optional<Path> providers() {
        return Optional.ofNullable(providersFile);
    }

    TurnSettings settings() {
        return new TurnSettings(
                deltaWindow,
                new CallTimeouts(firstByteTimeout, silenceTimeout, callTimeout),
                compactionPercent,
                compactionTurns,
                defaultReserve);
    }

    private static <T extends Comparable<T>> void within(String name, T value, T min, T max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.worker." + name + " is " + min + " to " + max + ", not " + value);
        }
    }
}
