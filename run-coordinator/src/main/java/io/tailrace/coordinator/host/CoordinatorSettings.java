package io.tailrace.coordinator.host;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the coordinator runs.
 *
 * @param applicationId the consumer group, and the prefix of the topics that back the state: the same for all
 *     coordinators of a log
 * @param stateDir where state is kept between restarts, each process its own; a cache of those topics
 * @param threads stream threads; partitions are divided among those of all coordinators
 * @param standbyReplicas how many other coordinators keep a warm copy of each partition's state
 * @param commitInterval least time between a commit and the next; what comes after a longer quiet is committed at once
 * @param pollInterval how long an idle thread waits for records before it looks after timers
 * @param transactionTimeout after which the broker ends the transaction of a coordinator that is gone; until then
 *     readers of its partitions wait
 * @param sessionTimeout after which the partitions of a coordinator that is gone go to others
 * @param sweepInterval how often a batch of ended runs is looked through for what can be forgotten
 */
@ConfigurationProperties("tailrace.coordinator")
public record CoordinatorSettings(
        @DefaultValue("tailrace-coordinator") String applicationId,
        @DefaultValue("tailrace-coordinator-state") Path stateDir,
        @DefaultValue("2") int threads,
        @DefaultValue("0") int standbyReplicas,
        @DefaultValue("20ms") Duration commitInterval,
        @DefaultValue("5ms") Duration pollInterval,
        @DefaultValue("10s") Duration transactionTimeout,
        @DefaultValue("10s") Duration sessionTimeout,
        @DefaultValue("30s") Duration sweepInterval) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public CoordinatorSettings {
        if (!applicationId.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "tailrace.coordinator.application-id must be 1 to 100 letters, digits, '.', '_' and '-'");
        }
        within("threads", threads, 1, 256);
        within("standby-replicas", standbyReplicas, 0, 10);
        within("commit-interval", commitInterval, Duration.ofMillis(1), Duration.ofSeconds(1));
        within("poll-interval", pollInterval, Duration.ofMillis(1), Duration.ofMillis(500));
        // SessionTimes derives from it how long everything else may wait.
        within("transaction-timeout", transactionTimeout, Duration.ofSeconds(2), Duration.ofSeconds(25));
        within("session-timeout", sessionTimeout, Duration.ofSeconds(3), Duration.ofMinutes(5));
        within("sweep-interval", sweepInterval, Duration.ofMillis(100), Duration.ofDays(1));
    }

    /** What the clients of this coordinator begin with. */
    String process(String instance) {
        return applicationId + "-" + instance;
    }

    private static <T extends Comparable<T>> void within(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.coordinator." + name + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
