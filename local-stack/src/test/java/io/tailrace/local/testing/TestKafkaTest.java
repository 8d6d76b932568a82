package io.tailrace.local.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class TestKafkaTest {

    @Test
    void isOneBrokerForTheWholeJvm() throws Exception {
        TestKafka kafka = TestKafka.shared();

        assertThat(TestKafka.shared()).isSameAs(kafka);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
    }
}
