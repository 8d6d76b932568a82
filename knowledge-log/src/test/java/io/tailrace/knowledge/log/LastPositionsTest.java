package io.tailrace.knowledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.runlog.LogAccess;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the logs of repositories end, asked of brokers that say so, or nothing. */
class LastPositionsTest {
    private static final int PARTITIONS = 3;
    private static final Duration WITHIN = Duration.ofMillis(200);

    @TempDir
    private Path root;

    private static RepositoryLog log(int number) {
        return new RepositoryLog(new WorkspaceId("w"), "r" + number, 1, new Shape("english", Optional.empty(), 100));
    }

    private Repositories repositories(Optional<Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>>> ends) {
        LogAccess access = new LogAccess() {
            @Override
            public OptionalLong epoch() {
                return OptionalLong.empty();
            }

            @Override
            public Optional<Admin> admin() {
                return ends.map(it -> (Admin) Proxy.newProxyInstance(
                        Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (_, method, _) -> {
                            assertThat(method.getName()).isEqualTo("listOffsets");
                            return new ListOffsetsResult(it);
                        }));
            }

            @Override
            public Consumer<byte[], byte[]> consumer(String purpose, Map<String, Object> own) {
                throw new AssertionError("no index is built");
            }
        };
        return new Repositories(root, access, new EventCodec(), PARTITIONS, 1, Clock.systemUTC());
    }

    private static KafkaFuture<ListOffsetsResultInfo> end(long offset) {
        return KafkaFuture.completedFuture(new ListOffsetsResultInfo(offset, -1, Optional.empty()));
    }

    @Test
    void eachLogEndsWhereItsPartitionDoes() throws Exception {
        List<RepositoryLog> logs =
                IntStream.range(0, 20).mapToObj(LastPositionsTest::log).toList();
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> ends = new HashMap<>();
        for (RepositoryLog log : logs) {
            TopicPartition partition = RepositoryReader.partition(log, PARTITIONS);
            ends.put(partition, end(partition.partition() * 10L));
        }
        Map<RepositoryLog, Long> found = repositories(Optional.of(ends)).lastPositions(logs, WITHIN);
        assertThat(found).hasSize(20).containsValue(-1L).containsValue(19L);
        found.forEach((log, position) -> assertThat(position)
                .isEqualTo(RepositoryReader.partition(log, PARTITIONS).partition() * 10L - 1));
        try (var files = Files.list(root)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void noRepositoryNeedsNoBroker() throws Exception {
        assertThat(repositories(Optional.empty()).lastPositions(List.of(), WITHIN))
                .isEmpty();
    }

    @Test
    void brokersThatDoNotAnswerAreAFailureWithinTheTime() {
        RepositoryLog log = log(1);
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> silent =
                Map.of(RepositoryReader.partition(log, PARTITIONS), new KafkaFutureImpl<>());
        for (Optional<Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>>> brokers : List.of(
                Optional.of(silent), Optional.<Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>>>empty())) {
            assertThatThrownBy(() -> repositories(brokers).lastPositions(List.of(log), WITHIN))
                    .isInstanceOf(RepositoryUnreadable.class);
        }
    }
}
