package io.tailrace.gateway.testing;

import io.tailrace.events.log.Topic;
import io.tailrace.local.testing.TestKafka;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits in the name of the coordinator, of which these tests have none. On the broker that they share, what tests write
 * to the spine counts as shown in the views at once; commands count as decided when {@link ScriptedCoordinator} has taken
 * them, or when a gateway starts.
 */
public final class DecidedLog {
    /** The coordinator's usual group. */
    public static final String GROUP = "tailrace-coordinator";

    private DecidedLog() {}

    /** Everything that these topics have now counts as done. */
    public static void upToNow(Admin admin, String group, List<Topic> topics) {
        try {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(topics.stream().map(Topic::topicName).toList())
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) -> topic.partitions()
                            .forEach(it -> ends.put(new TopicPartition(name, it.partition()), OffsetSpec.latest())));
            Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
            admin.listOffsets(ends)
                    .all()
                    .get()
                    .forEach((partition, end) -> commits.put(partition, new OffsetAndMetadata(end.offset())));
            admin.alterConsumerGroupOffsets(group, commits).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot commit for " + group, e);
        }
    }

    static void shared() {
        upToNow(Shared.ADMIN, GROUP, List.of(Topic.RUN_COMMANDS));
    }

    private static final class Shared {
        static final Admin ADMIN =
                Admin.create(Map.of("bootstrap.servers", TestKafka.shared().bootstrapServers()));
        private static final ScheduledExecutorService FOLLOWING = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("decided-log").factory());

        static {
            var _ = FOLLOWING.scheduleWithFixedDelay(
                    () -> upToNow(ADMIN, GROUP, List.of(Topic.RUN_EVENTS)), 0, 50, TimeUnit.MILLISECONDS);
        }
    }
}
