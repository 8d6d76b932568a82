package io.tailrace.gateway.readmodel;

import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogConnection;
import java.util.HashMap;
import java.util.Map;
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
    private final Question question;
    private final Object lock = new Object();
    private @Nullable CompletableFuture<long[]> running;
    private @Nullable CompletableFuture<long[]> next;

    /** What is asked of the log. Begins at once, never blocks; on threads of the log's client as well. */
    @FunctionalInterface
    interface Question {
        /** The high watermark of each partition, by number. */
        CompletionStage<long[]> ask();
    }

    HighWatermarks(Question question) {
        this.question = question;
    }

    /** Of this topic, whatever log is connected then. */
    static HighWatermarks of(LogConnection connection, Topic topic, int partitions) {
        return new HighWatermarks(() -> connection
                .admin()
                .map(it -> ask(it, topic, partitions))
                .orElseGet(
                        () -> CompletableFuture.failedStage(new IllegalStateException("the log was not reached yet"))));
    }

    private static CompletionStage<long[]> ask(Admin admin, Topic topic, int partitions) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            question.put(new TopicPartition(topic.topicName(), i), OffsetSpec.latest());
        }
        return admin.listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all()
                .toCompletionStage()
                .thenApply(answer -> marks(answer, partitions));
    }

    private static long[] marks(Map<TopicPartition, ListOffsetsResultInfo> answer, int partitions) {
        long[] marks = new long[partitions];
        answer.forEach((partition, info) -> marks[partition.partition()] = info.offset());
        return marks;
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
        var _ = question.ask().whenComplete((marks, failure) -> finish(mine, marks, failure));
    }

    private void finish(CompletableFuture<long[]> mine, long @Nullable [] marks, @Nullable Throwable failure) {
        CompletableFuture<long[]> following;
        synchronized (lock) {
            following = next;
            running = following;
            next = null;
        }
        if (marks == null || failure != null) {
            mine.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
        } else {
            mine.complete(marks);
        }
        if (following != null) {
            ask(following);
        }
    }
}
