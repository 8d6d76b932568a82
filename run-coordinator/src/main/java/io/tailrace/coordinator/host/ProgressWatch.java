package io.tailrace.coordinator.host;

import io.tailrace.events.kafka.GroupProgress;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.events.kafka.OldestWaiting;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from outside, with clients of its own, at what a session's group commits, and lets {@link Standstill} judge it.
 * One thread that ends by itself after {@link #close}; its findings may be read by any.
 */
final class ProgressWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressWatch.class);
    private static final List<Topic> SOURCES = sources();
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration HANGING_AFTER = Duration.ofSeconds(15);
    private static final Map<String, Object> ONE_AT_A_TIME = Map.of(
            // What is gone is not waited for.
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "latest",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            1,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            16 * 1024,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            Math.toIntExact(WITHIN.toMillis()));

    private final String group;
    private final LogIdentity log;
    private final StreamsSession session;
    private final Standstill standstill;
    private final CountDownLatch closing = new CountDownLatch(1);
    private long lookedForHanging = System.nanoTime() - HANGING_AFTER.toNanos();

    private volatile Findings findings = new Findings(Optional.empty(), Optional.empty(), Duration.ZERO, false, false);

    /**
     * What the last look gave.
     *
     * @param fault why nothing is decided
     * @param oldestCommand when the broker got the command that has waited longest, if it has for some seconds
     * @param standing the longest time for which something has waited and nothing was committed
     * @param moved whether anything was committed since the session began
     * @param madeAnew whether a topic is another one than when the session began
     */
    record Findings(
            Optional<String> fault,
            Optional<Instant> oldestCommand,
            Duration standing,
            boolean moved,
            boolean madeAnew) {}

    private ProgressWatch(String group, LogIdentity log, StreamsSession session, SessionTimes times) {
        this.standstill = new Standstill(times.standing(), times.unowned());
        this.log = log;
        this.group = group;
        this.session = session;
    }

    static ProgressWatch start(
            KafkaClients kafka,
            CoordinatorSettings settings,
            String instance,
            LogIdentity log,
            StreamsSession session) {
        ProgressWatch watch = new ProgressWatch(settings.applicationId(), log, session, SessionTimes.of(settings));
        ClientName name = new ClientName(settings.process(instance), "watch");
        Admin admin = kafka.admin(name, Map.of());
        try {
            Consumer<byte[], byte[]> reader = kafka.consumer(name, ONE_AT_A_TIME);
            Thread _ = Thread.ofPlatform().daemon().name("progress-watch").start(() -> watch.run(admin, reader));
            return watch;
        } catch (KafkaException e) {
            admin.close(LeftBehind.CLOSE_WITHIN);
            throw e;
        }
    }

    Findings findings() {
        return findings;
    }

    private void run(Admin admin, Consumer<byte[], byte[]> reader) {
        try {
            while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look(admin, reader);
                } catch (ExecutionException | TimeoutException | KafkaException e) {
                    LOG.debug("No look at the log", e);
                    standstill.blind();
                    findings = new Findings(Optional.empty(), Optional.empty(), Duration.ZERO, findings.moved(), false);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the watch", e);
        } catch (RuntimeException e) {
            LOG.error("The watch over progress failed", e);
            findings = new Findings(
                    Optional.of("the watch over progress failed: " + e), Optional.empty(), Duration.ZERO, false, false);
        } finally {
            reader.close(CloseOptions.timeout(LeftBehind.CLOSE_WITHIN));
            admin.close(LeftBehind.CLOSE_WITHIN);
        }
    }

    private void look(Admin admin, Consumer<byte[], byte[]> reader)
            throws InterruptedException, ExecutionException, TimeoutException {
        boolean madeAnew = !Topics.identity(admin).equals(log);
        GroupProgress progress = GroupProgress.ask(admin, group, SOURCES, WITHIN);
        Standstill.Session now = new Standstill.Session(session.partitions(), session.runs(), session.movedAt());
        standstill.see(new Standstill.Look(System.nanoTime(), progress, owned(admin), now));
        Set<TopicPartition> suspects = standstill.suspects();
        Optional<Instant> oldest = Optional.empty();
        if (!suspects.isEmpty()) {
            OldestWaiting waiting = OldestWaiting.read(reader, progress.only(suspects), WITHIN);
            suspects.removeAll(waiting.since().keySet());
            standstill.nothingWaits(suspects);
            oldest = waiting.only(it -> it.topic().equals(Topic.RUN_COMMANDS.topicName()))
                    .oldest();
        }
        if (standstill.heldUp(now).compareTo(HANGING_AFTER) > 0) {
            abortWhatHangs(admin);
        }
        findings = new Findings(standstill.fault(now), oldest, standstill.longest(), standstill.hasMoved(), madeAnew);
    }

    /** Looks after each {@link #HANGING_AFTER}; what it finds held the threads up, and they go on by themselves. */
    private void abortWhatHangs(Admin admin) throws InterruptedException {
        if (System.nanoTime() - lookedForHanging < HANGING_AFTER.toNanos()) {
            return;
        }
        lookedForHanging = System.nanoTime();
        try {
            int _ = new HangingTransactions(admin).abort("tailrace", group);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("Cannot look for transactions that hang", e);
        }
    }

    /** The partitions that a member of the group has, whichever process it is in. */
    private Set<TopicPartition> owned(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        int millis = Math.toIntExact(WITHIN.toMillis());
        Set<TopicPartition> owned = new HashSet<>();
        try {
            admin.describeConsumerGroups(List.of(group), new DescribeConsumerGroupsOptions().timeoutMs(millis))
                    .all()
                    .get(millis, TimeUnit.MILLISECONDS)
                    .values()
                    .forEach(it -> it.members()
                            .forEach(member -> owned.addAll(member.assignment().topicPartitions())));
        } catch (ExecutionException e) {
            // Before anybody has joined it for the first time.
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
        return owned;
    }

    private static List<Topic> sources() {
        List<Topic> sources = new ArrayList<>(List.of(Topic.RUN_COMMANDS, Topic.RUN_EVENTS));
        sources.addAll(StageKind.eventTopics());
        return List.copyOf(sources);
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
