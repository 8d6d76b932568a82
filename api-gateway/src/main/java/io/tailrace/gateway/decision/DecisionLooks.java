package io.tailrace.gateway.decision;

import io.tailrace.events.kafka.GroupProgress;
import io.tailrace.events.kafka.GroupProgress.Place;
import io.tailrace.events.kafka.OldestWaiting;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.decision.DecisionWatch.NoAnswer;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Asks the log how far the coordinator's group is. Confined to one thread; blocks, bounded. */
final class DecisionLooks implements DecisionWatch.Looks {
    private static final List<Topic> TOPICS = List.of(Topic.RUN_COMMANDS, Topic.RUN_EVENTS);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final Duration READ_WITHIN = Duration.ofMillis(500);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final LogConnection connection;
    private final KafkaClients kafka;
    private final int partitions;
    private final String group;
    private @Nullable Consumer<byte[], byte[]> reader;

    DecisionLooks(LogConnection connection, KafkaClients kafka, int partitions, String group) {
        this.connection = connection;
        this.kafka = kafka;
        this.partitions = partitions;
        this.group = group;
    }

    @Override
    public List<PartitionLook> look() throws NoAnswer, InterruptedException {
        Optional<Admin> admin = connection.admin();
        if (admin.isEmpty() || connection.epoch().isEmpty()) {
            throw new NoAnswer("the log was not reached yet", null);
        }
        try {
            GroupProgress progress = GroupProgress.ask(admin.get(), group, TOPICS, ANSWER_WITHIN);
            boolean isIdle = progress.waiting() == 0;
            Map<TopicPartition, Instant> since = isIdle
                    ? Map.of()
                    : OldestWaiting.read(reader(), progress, READ_WITHIN).since();
            return looks(progress, since);
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (ExecutionException e) {
            throw noAnswer(e.getCause());
        } catch (TimeoutException | KafkaException | IllegalStateException e) {
            close();
            throw noAnswer(e);
        }
    }

    private static NoAnswer noAnswer(@Nullable Throwable cause) {
        if (cause == null) {
            return new NoAnswer("it did not answer", null);
        }
        String said = cause.getMessage();
        boolean late = cause instanceof TimeoutException || said == null;
        return new NoAnswer(late ? "the log did not answer in time" : String.valueOf(said), cause);
    }

    private List<PartitionLook> looks(GroupProgress progress, Map<TopicPartition, Instant> since) {
        List<PartitionLook> looks = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            TopicPartition commands = new TopicPartition(Topic.RUN_COMMANDS.topicName(), i);
            TopicPartition facts = new TopicPartition(Topic.RUN_EVENTS.topicName(), i);
            Place decided = progress.at(commands);
            Place projected = progress.at(facts);
            looks.add(new PartitionLook(
                    decided.nextOffset(),
                    decided.endOffset(),
                    projected.nextOffset(),
                    projected.endOffset(),
                    since.containsKey(facts),
                    Optional.ofNullable(since.get(commands)).filter(it -> !it.equals(Instant.MAX))));
        }
        return looks;
    }

    private Consumer<byte[], byte[]> reader() {
        Consumer<byte[], byte[]> made = reader;
        if (made == null) {
            made = kafka.consumer(
                    new ClientName(LogConnection.PROCESS, "decisions"),
                    Map.of(
                            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                            1,
                            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                            1024,
                            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                            50));
            reader = made;
        }
        return made;
    }

    @Override
    public void close() {
        Consumer<byte[], byte[]> made = reader;
        reader = null;
        if (made != null) {
            made.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_WITHIN));
        }
    }
}
