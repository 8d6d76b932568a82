package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Change;
import io.tailrace.coordinator.decide.Decision;
import io.tailrace.coordinator.decide.Input;
import io.tailrace.coordinator.decide.Moment;
import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.coordinator.decide.RunDecider;
import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.work.BuildRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the decider with one partition of run-commands and build-events, and carries out what it decides: events and
 * requests in the task's transaction, forced ends beside it. Confined to a stream thread.
 *
 * <p>It never asks for a commit: after a quiet moment Streams commits a record as soon as it was processed, and under
 * load one commit takes what came during the commit interval. Asking for one after each decision makes Streams process
 * one record per commit.
 */
final class RunProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(RunProcessor.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int SWEEP_LIMIT = 1000;

    private final TopologyParts parts;
    private final ArrivalReader reader;
    private final RunDecider decider;

    private @Nullable Partition partition;

    /** What there is of a task from its initialisation on. */
    private static final class Partition {
        final ProcessorContext<byte[], byte[]> context;
        final int number;
        final RunTable table;
        final RunBook book;
        PartitionClock clock;
        long nextOffset;
        boolean inStep;
        String sweptUpTo = "";

        Partition(ProcessorContext<byte[], byte[]> context, RunTable table, RunBook book, PartitionMark mark) {
            this.context = context;
            this.number = context.taskId().partition();
            this.table = table;
            this.book = book;
            this.clock = mark.clock();
            this.nextOffset = mark.nextOffset();
        }
    }

    RunProcessor(TopologyParts parts) {
        this.parts = parts;
        this.reader = new ArrivalReader(parts.codec(), parts.settings().partitions());
        this.decider = new RunDecider(parts.settings().patience());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        RunTable table = new RunTable(context.getStateStore(RunTopology.RUN_STORE), parts.stateCodecs());
        PartitionMark mark = recall(context.taskId().partition(), table);
        RunBook book = new RunBook(table, decider);
        Partition here = new Partition(context, table, book, mark);
        book.unreadable()
                .forEach(it -> LOG.error(
                        "The stored state of run {} cannot be read, so it does not go on: {}", it.run(), it.reason()));
        parts.metrics().unreadableStates(here.number, book.unreadable().size());
        LOG.info("Partition {}: {} active runs", here.number, book.activeCount());
        partition = here;
        // On the full second, so that the ticks of all partitions cost one commit.
        Instant firstTick =
                parts.clock().instant().truncatedTo(ChronoUnit.SECONDS).plus(TICK);
        context.schedule(firstTick, TICK, PunctuationType.WALL_CLOCK_TIME, _ -> appendTick(here));
        context.schedule(parts.settings().sweepInterval(), PunctuationType.WALL_CLOCK_TIME, _ -> sweep(here));
    }

    /** What is stored of another log than this one is nothing any more. */
    private PartitionMark recall(int number, RunTable table) {
        PartitionMark fresh = new PartitionMark(parts.settings().epoch(), 0, PartitionClock.START);
        try {
            Optional<PartitionMark> stored = table.mark();
            if (stored.isPresent() && stored.get().epoch() != fresh.epoch()) {
                LOG.warn("Partition {} was re-created: its runs are forgotten", number);
                table.clear();
                return fresh;
            }
            return stored.orElse(fresh);
        } catch (UndecodableRecord e) {
            LOG.error("How far partition {} was read cannot be read; its clock starts anew", number, e);
            return fresh;
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Partition here = partition;
        if (here == null) {
            throw new IllegalStateException("the processor was not initialised");
        }
        RecordMetadata metadata = here.context.recordMetadata().orElseThrow();
        Instant at = Instant.ofEpochMilli(record.timestamp());
        boolean ofClient = metadata.topic().equals(Topic.RUN_COMMANDS.topicName());
        if (!ofClient && !isNew(here, metadata)) {
            return;
        }
        switch (ofClient ? reader.command(record, here.number) : reader.buildEvent(record)) {
            case Arrival.OfClient(RunCommand command) -> {
                RunId run = command.runId();
                Moment moment = moment(here, metadata, at, run);
                take(
                        here,
                        run,
                        switch (command.payload()) {
                            case RunCommand.CreateRun create -> new Input.Create(moment, run, create);
                            case RunCommand.CancelRun cancel -> new Input.Cancel(moment, cancel);
                        });
            }
            case Arrival.OfStage of -> {
                of.unreadable().ifPresent(reason -> putAside(metadata, reason));
                Moment moment = moment(here, metadata, at, of.run());
                Decision decision =
                        take(here, of.run(), new Input.StageRecord(moment, metadata.offset(), of.headers(), of.fact()));
                if (decision.changes().isEmpty()) {
                    parts.metrics().voidRecord();
                }
            }
            case Arrival.OfClock _ -> tick(here, metadata, at);
            case Arrival.Malformed(String reason) -> putAside(metadata, reason);
        }
    }

    /**
     * Whether a build event was not read before. After the start of a task old ones can come again, if the group's offsets
     * were lost; what they say is in the stored state. Later on they cannot.
     */
    private static boolean isNew(Partition here, RecordMetadata metadata) {
        if (metadata.offset() < here.nextOffset) {
            if (here.inStep) {
                throw new LogRewritten(metadata.topic(), here.number, metadata.offset(), here.nextOffset);
            }
            return false;
        }
        here.inStep = true;
        here.nextOffset = metadata.offset() + 1;
        return true;
    }

    private void tick(Partition here, RecordMetadata metadata, Instant at) {
        here.clock = here.clock.ticked(at);
        for (RunId run : here.book.activeRuns()) {
            take(here, run, new Input.Tick(moment(here, metadata, at, run)));
        }
        here.table.save(new PartitionMark(parts.settings().epoch(), here.nextOffset, here.clock));
        parts.metrics()
                .ticked(
                        here.number,
                        new CoordinatorMetrics.Reading(
                                here.book.activeCount(), here.book.longestSilence(here.clock.elapsed()), at));
    }

    private Decision take(Partition here, RunId run, Input input) {
        Decision decision;
        try {
            decision = here.book.take(run, input);
        } catch (FailedDecision e) {
            // It must not stop the other runs of the partition for ever. Ticks and health go on telling of it.
            parts.metrics().failedDecision();
            LOG.error("A decision failed", e);
            return Decision.NOTHING;
        }
        carryOut(here, decision, input.moment().at());
        return decision;
    }

    private void carryOut(Partition here, Decision decision, Instant at) {
        for (RunEvent event : decision.events()) {
            forward(here, parts.records().runEvent(event), at, RunTopology.RUN_EVENTS_SINK);
            parts.metrics().stated(event.payload());
        }
        for (BuildRequest request : decision.requests()) {
            forward(here, parts.records().buildRequest(request), at, RunTopology.REQUESTS_SINK);
        }
        for (BuildEvent abort : decision.aborts()) {
            parts.buildEvents().append(here.number, abort);
            if (abort.payload() instanceof BuildFact.StageAborted aborted) {
                parts.metrics().aborted(aborted.reason());
                LOG.info("Ending {} by force: {}", abort.stageId().orElseThrow(), aborted.message());
            }
        }
        if (decision.changes().stream().anyMatch(Change.RequestRepeated.class::isInstance)) {
            parts.metrics().requestRepeated();
        }
        if (!decision.events().isEmpty() || !decision.requests().isEmpty()) {
            parts.metrics().decided(at);
        }
    }

    private static void forward(Partition here, ProducerRecord<byte[], byte[]> out, Instant at, String sink) {
        here.context.forward(new Record<>(out.key(), out.value(), at.toEpochMilli(), out.headers()), sink);
    }

    private static Moment moment(Partition here, RecordMetadata metadata, Instant at, RunId run) {
        return new Moment(
                at,
                here.clock.elapsed(),
                new LogPosition(Topic.BUILD_EVENTS, here.number, here.nextOffset),
                DerivedIds.of(metadata, at.toEpochMilli(), run));
    }

    private void appendTick(Partition here) {
        BuildFact.Tick tick = new BuildFact.Tick(parts.settings().instance());
        EventId id = EventId.of(parts.randomIds().get());
        parts.buildEvents()
                .append(here.number, BuildEvent.tick(id, parts.clock().instant(), tick));
    }

    private void sweep(Partition here) {
        Instant before = parts.clock().instant().minus(parts.settings().retention());
        here.sweptUpTo = here.table.forgetEnded(here.sweptUpTo, SWEEP_LIMIT, before);
    }

    private void putAside(RecordMetadata metadata, String reason) {
        parts.metrics().undecodable(metadata.topic());
        LOG.warn("Put aside {}-{}@{}: {}", metadata.topic(), metadata.partition(), metadata.offset(), reason);
    }

    @Override
    public void close() {
        Partition here = partition;
        if (here != null) {
            parts.metrics().left(here.number);
            partition = null;
        }
    }
}
