package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.common.TopicCollection;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void aBrokerThatHasNotHeardOfATopicYetIsAskedAgain() throws Exception {
        try (LateAdmin admin = new LateAdmin(TestKafka.shared().bootstrapServers())) {
            Topics.ensure(admin, new TopicSettings(3, 1, 1, Duration.ofDays(30)));

            assertThat(admin.asked).hasValue(3);
        }
    }

    /** Asks for a topic that nobody made, twice, before it asks for what it was to ask. */
    private static final class LateAdmin extends ForwardingAdmin {
        private final AtomicInteger asked = new AtomicInteger();

        LateAdmin(String servers) {
            super(Map.of("bootstrap.servers", servers));
        }

        @Override
        public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions options) {
            boolean late = asked.incrementAndGet() < 3;
            return super.describeTopics(late ? TopicCollection.ofTopicNames(List.of("of-nobody")) : topics, options);
        }
    }
}
