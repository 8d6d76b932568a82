package io.tailrace.gateway.testing;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.NumberedSpot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Stands in for the coordinator: takes commands from the log and writes views, and of chats the facts that say what was
 * asked. While it is held back it lets commands lie. A run's further way is what the test says.
 */
public final class ScriptedCoordinator implements AutoCloseable {
    private final EventCodec codec = new EventCodec();
    private final KafkaRecords records = new KafkaRecords(codec);
    private final Map<RunId, RunView> views = new ConcurrentHashMap<>();
    private final List<RunCommand> taken = new CopyOnWriteArrayList<>();
    private final int partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScriptedChats chats;
    private final Thread thread;
    private volatile boolean heldBack;
    private volatile boolean holding;
    private volatile boolean closed;

    public ScriptedCoordinator(String bootstrapServers, int partitions) {
        this.partitions = partitions;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        DecidedLog.GROUP,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.chats = new ScriptedChats(producer, records);
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(it -> new TopicPartition(Topic.RUN_COMMANDS.topicName(), it))
                .toList();
        consumer.assign(all);
        // From here on: commands of other tests on the same broker are none of this one's.
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        consumer.commitSync();
        this.thread = Thread.ofPlatform().name("scripted-coordinator").daemon().start(this::run);
    }

    /** Lets commands lie until told otherwise, from when this returns on. */
    public void holdBack(boolean hold) {
        heldBack = hold;
        org.awaitility.Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> holding == hold);
    }

    /** The commands taken so far. */
    public List<RunCommand> taken() {
        return List.copyOf(taken);
    }

    /** Moves a run to another status. Returns when the log has the view. */
    public RunView move(RunId run, RunStatus status) {
        RunView next = with(Objects.requireNonNull(views.get(run)), status, Optional.empty());
        write(next);
        return next;
    }

    /** Writes this view, whatever came before. Returns when the log has it. */
    public void write(RunView view) {
        views.put(view.runId(), view);
        send(records.runView(view));
    }

    /** Takes a run out of the read model. */
    public void forget(RunId run) {
        views.remove(run);
        send(new ProducerRecord<>(Topic.RUNS.topicName(), KafkaRecords.key(run), null));
    }

    /** The view of a run that was just created. */
    public RunView created(RunId run, RunCommand.CreateRun create, Instant at) {
        return new RunView(
                run,
                create.workspace(),
                create.kind(),
                create.title(),
                RunStatus.QUEUED,
                at,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                create.retryOf(),
                Optional.empty(),
                create.plan(),
                create.limits(),
                List.of(),
                create.requestDigest(),
                KafkaRecords.partitionOf(run, partitions),
                0,
                new NumberedSpot(2, 3, 0x01020304),
                2);
    }

    private void run() {
        try {
            while (!closed) {
                boolean hold = heldBack;
                if (hold) {
                    consumer.pause(consumer.assignment());
                } else {
                    consumer.resume(consumer.paused());
                }
                holding = hold;
                boolean took = false;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    apply(codec.decode(Topic.RUN_COMMANDS, RunCommand.class, record.value()));
                    took = true;
                }
                if (took) {
                    consumer.commitSync();
                }
            }
        } catch (WakeupException e) {
            // close()
        } catch (UndecodableRecord e) {
            throw new IllegalStateException(e);
        } finally {
            consumer.close();
        }
    }

    private void apply(RunCommand command) {
        taken.add(command);
        switch (command.payload()) {
            case RunCommand.CreateRun create -> {
                if (!views.containsKey(command.runId())) {
                    RunView made = created(command.runId(), create, command.issuedAt());
                    write(create.plan().chat().isPresent() ? chats.created(made) : made);
                }
            }
            case RunCommand.CancelRun _ -> {
                RunView view = views.get(command.runId());
                if (view != null && !view.status().isFinal()) {
                    write(with(view, RunStatus.CANCELING, Optional.of(command.issuedAt())));
                }
            }
            case RunCommand.SubmitTurn submit -> chat(command).ifPresent(it -> write(chats.submitted(it, submit)));
            case RunCommand.CancelTurn cancel ->
                chat(command)
                        .ifPresent(it -> write(chats.moved(
                                it, cancel.turnId(), RunView.TurnStatus.CANCELED, Optional.of("canceled"))));
            // Whoever wants it decided writes that.
            case RunCommand.DecideApproval _ -> {}
            case RunCommand.CloseRun _ -> chat(command).ifPresent(it -> write(chats.closing(it)));
        }
    }

    private Optional<RunView> chat(RunCommand command) {
        return Optional.ofNullable(views.get(command.runId()))
                .filter(it -> it.chat().isPresent());
    }

    /** Says how a turn does. Returns when the log has the view. */
    public void move(RunId run, TurnId turn, RunView.TurnStatus status, String code) {
        write(chats.moved(
                Objects.requireNonNull(views.get(run)),
                turn,
                status,
                Optional.of(code).filter(it -> !it.isEmpty())));
    }

    /** Forgets turns that have ended, as views do with old ones. Returns when the log has the view. */
    public void forgetTurns(RunId run) {
        write(ScriptedChats.without(Objects.requireNonNull(views.get(run))));
    }

    private static RunView with(RunView it, RunStatus status, Optional<Instant> cancelRequestedAt) {
        Optional<Instant> completed =
                status.isFinal() ? Optional.of(it.createdAt().plusSeconds(9)) : Optional.empty();
        return new RunView(
                it.runId(),
                it.workspace(),
                it.kind(),
                it.title(),
                status,
                it.createdAt(),
                it.startedAt(),
                completed,
                cancelRequestedAt.or(it::cancelRequestedAt),
                it.retryOf(),
                it.failure(),
                it.plan(),
                it.limits(),
                it.stages(),
                it.requestDigest(),
                it.partition(),
                it.firstOffset(),
                it.numbered(),
                it.lastOffset(),
                it.chat());
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            var _ = producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot write a view", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(1));
    }
}
