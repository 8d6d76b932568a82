package io.tailrace.turn.answer;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.BoundedClient;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.attempt.StopSignal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of answers: read by a thread of its own, from the beginning and for as long as the worker lives, and written to. Whatever is
 * wrong with the topic, turns go on and ask their models: it is warned of once, and tried again. Thread-safe.
 */
final class LoggedAnswers implements KeptAnswers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedAnswers.class);

    /** Some 40 MB, if all of them are there. */
    static final int MOST = 100_000;

    private static final TopicPartition PLACE = new TopicPartition(Topic.ANSWERS.topicName(), 0);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BEGIN_WITHIN = Duration.ofSeconds(3);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);
    private static final Map<String, Object> READING = Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");

    /** Written twice or in another order it does no harm; and a producer with an id asks for it without end where it has no right to. */
    private static final Map<String, Object> WRITING = Map.of(
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            false,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            500,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4");

    private final KafkaClients kafka;
    private final String process;
    private final EventCodec codec;
    private final KafkaRecords records;
    private final RecentAnswers recent;
    private final Thread thread =
            Thread.ofPlatform().name("answers-tail").daemon().unstarted(this::run);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();
    /** Done when all has been read once that was there at the beginning, or cannot be. */
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Consumer<byte[], byte[]> reading;
    private @Nullable BoundedClient<Producer<byte[], byte[]>> writing;

    /**
     * Connects to nothing yet.
     *
     * @param process whose it is
     */
    LoggedAnswers(KafkaClients kafka, String process, EventCodec codec, InstantSource clock) {
        this.kafka = kafka;
        this.process = process;
        this.codec = codec;
        this.records = new KafkaRecords(codec);
        this.recent = new RecentAnswers(MOST, clock);
    }

    /** A worker whose prompts have no cache reads nothing. */
    private void start() {
        if (!started.getAndSet(true)) {
            thread.start();
        }
    }

    /** How many answers are known. */
    int size() {
        return recent.size();
    }

    /** How often the topic could not be read or written. */
    long failures() {
        return failures.get();
    }

    @Override
    public Optional<KeptAnswer> find(WorkspaceId workspace, String question, Duration notOlderThan, StopSignal stop) {
        start();
        if (!begun.isDone()) {
            awaitBegun(stop);
        }
        return stop.reason().isPresent() ? Optional.empty() : recent.find(workspace, question, notOlderThan);
    }

    private void awaitBegun(StopSignal stop) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        stop.whenStopped(() -> stopped.complete(null));
        try {
            Object _ = CompletableFuture.anyOf(begun, stopped).get(BEGIN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // What has come by then is what there is.
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither is ever completed so", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void keep(KeptAnswer answer) {
        start();
        // Whoever asks this worker finds it at once; the log tells the others.
        recent.put(answer, answer.answeredAt());
        try {
            var _ = producer().send(records.keptAnswer(answer), (_, failure) -> {
                if (failure == null) {
                    warned.set(false);
                } else {
                    failed("kept for other workers", failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed("kept for other workers", e);
        }
    }

    private synchronized Producer<byte[], byte[]> producer() {
        BoundedClient<Producer<byte[], byte[]>> client = writing;
        if (closing.getCount() == 0) {
            throw new IllegalStateException("the worker has ended");
        }
        if (client == null) {
            client = BoundedClient.of(kafka.producer(new ClientName(process, "answers"), WRITING));
            writing = client;
        }
        return client.client();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (closing.getCount() > 0) {
                pause = follow() ? FIRST_PAUSE : longer(pause);
                begun.complete(null);
                var _ = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException | InterruptException e) {
            if (closing.getCount() > 0) {
                throw new IllegalStateException("the tail's thread is interrupted by close() alone", e);
            }
        }
    }

    private static Duration longer(Duration pause) {
        return pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    /** Reads until that fails. Answers whether it had come to the end before. */
    private boolean follow() {
        boolean current = false;
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(new ClientName(process, "answers-tail"), READING)) {
            reading = consumer;
            consumer.assign(List.of(PLACE));
            consumer.seekToBeginning(List.of(PLACE));
            long end = consumer.endOffsets(List.of(PLACE)).getOrDefault(PLACE, 0L);
            while (closing.getCount() > 0) {
                if (!current && consumer.position(PLACE) >= end) {
                    current = true;
                    begun.complete(null);
                    warned.set(false);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    apply(record);
                }
            }
        } catch (WakeupException _) {
            // close() wants the thread to end; the loop sees why.
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            failed("read", e);
        } finally {
            reading = null;
        }
        return current;
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        if (value == null) {
            if (key != null) {
                recent.remove(new String(key, StandardCharsets.UTF_8));
            }
            return;
        }
        try {
            recent.put(codec.decode(Topic.ANSWERS, KeptAnswer.class, value), Instant.ofEpochMilli(record.timestamp()));
        } catch (UndecodableRecord e) {
            LOG.warn("Skipped {}@{}: {}", PLACE, record.offset(), e.getMessage());
        }
    }

    private void failed(String what, Exception e) {
        failures.incrementAndGet();
        if (closing.getCount() > 0 && !warned.getAndSet(true)) {
            LOG.warn(
                    "Answers cannot be {}; prompts with a cache ask their models meanwhile. {}",
                    what,
                    KafkaClients.reason(e).toString());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Consumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        synchronized (this) {
            BoundedClient<Producer<byte[], byte[]>> client = writing;
            writing = null;
            if (client != null) {
                client.close();
            }
        }
        if (started.getAndSet(true)) {
            try {
                if (!thread.join(END_WITHIN)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
