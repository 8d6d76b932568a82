package io.tailrace.gateway.readmodel;

import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The high watermarks of a topic, asked of the leaders. At most one question is on its way: whoever asks
 * meanwhile shares the next one, so that many unknown ids cost the brokers little, and every answer is younger than its
 * question. Thread-safe; never blocks.
 */
final class HighWatermarks {
    private final LogConnection connection;
    private final Topic topic;
    private final int partitions;
    private final Object lock = new Object();
    private @Nullable CompletableFuture<long[]> running;
    private @Nullable CompletableFuture<long[]> next;

    HighWatermarks(LogConnection connection, Topic topic, int partitions) {
        this.connection = connection;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** The high watermark of each partition, none older than this call. */
    CompletableFuture<long[]> fromNowOn() {
        CompletableFuture<long[]> mine;
        synchronized (lock) {
            if (running != null) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                return next;
            }
            mine = new CompletableFuture<>();
            running = mine;
        }
        ask(mine);
        return mine;
    }

    private void ask(CompletableFuture<long[]> mine) {
        Optional<Admin> admin = connection.admin();
        if (admin.isEmpty()) {
            finish(mine, null, new IllegalStateException("the log was not reached yet"));
            return;
        }
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            question.put(new TopicPartition(topic.topicName(), i), OffsetSpec.latest());
        }
        CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> asked = admin.get()
                .listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all()
                .toCompletionStage();
        var _ = asked.whenComplete((answer, failure) -> finish(mine, answer, failure));
    }

    private void finish(
            CompletableFuture<long[]> mine,
            @Nullable Map<TopicPartition, ListOffsetsResultInfo> answer,
            @Nullable Throwable failure) {
        CompletableFuture<long[]> following;
        synchronized (lock) {
            following = next;
            running = following;
            next = null;
        }
        if (answer == null || failure != null) {
            mine.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
        } else {
            long[] marks = new long[partitions];
            answer.forEach((partition, info) -> marks[partition.partition()] = info.offset());
            mine.complete(marks);
        }
        if (following != null) {
            ask(following);
        }
    }
}
