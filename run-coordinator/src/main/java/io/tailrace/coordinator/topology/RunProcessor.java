package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Change;
import io.tailrace.coordinator.decide.Decision;
import io.tailrace.coordinator.decide.Input;
import io.tailrace.coordinator.decide.InputContext;
import io.tailrace.coordinator.decide.PartitionSnapshot;
import io.tailrace.coordinator.decide.RunDecider;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.topology.PartitionProgress.TopicProgress;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.TraceHeader;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.log.TraceContext;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.stage.StageEvent;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.WorkRequest;
import io.tailrace.service.trace.RunSpan;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
 * Feeds the decider with one partition of run-commands, build-events and turn-events, and carries out what it decides: events and
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
    private static final int MOST_RELEASED = 1000;

    private final TopologyParts parts;
    private final ArrivalReader reader;
    private final RunDecider decider;

    private @Nullable Partition partition;

    /** What there is of a task from its initialisation on. */
    private static final class Partition {
        final ProcessorContext<byte[], byte[]> context;
        final int number;
        final RunTable table;
        final PartitionRuns runs;
        final Map<Topic, WorkerPartition> stages = new EnumMap<>(Topic.class);
        final Map<Topic, CountedRecords> counted;
        final CommandPartition commands;
        final StateCheck check;
        final DecisionTraces traces;
        String sweptUpTo = "";

        Partition(
                ProcessorContext<byte[], byte[]> context,
                RunTable table,
                TaskStart.Begun begun,
                StateCheck check,
                DecisionTraces traces) {
            this.check = check;
            this.traces = traces;
            this.context = context;
            this.number = context.taskId().partition();
            this.table = table;
            this.runs = begun.runs();
            begun.stages().forEach((topic, it) -> stages.put(topic, new WorkerPartition(topic, number, it)));
            this.counted = begun.counted();
            this.commands = new CommandPartition(begun.commands());
        }

        /** The partition that a record came from; nothing if it is a client's. */
        Optional<WorkerPartition> source(RecordMetadata metadata) {
            return Topic.named(metadata.topic()).map(stages::get);
        }

        /** Whether the log turns out, with this record, not to have one any more that has counted. */
        boolean hasLost(Topic topic, long offset, Arrival arrival) {
            CountedRecords of = counted.get(topic);
            return of != null && of.isOneLost(offset, arrival);
        }

        WorkerPartition stages(Topic topic) {
            return Optional.ofNullable(stages.get(topic)).orElseThrow();
        }

        Map<Topic, TopicProgress> progress() {
            Map<Topic, TopicProgress> progress = new EnumMap<>(Topic.class);
            stages.forEach((topic, it) -> progress.put(topic, it.progress()));
            return progress;
        }

        Map<Topic, PartitionSnapshot> snapshots() {
            Map<Topic, PartitionSnapshot> snapshots = new EnumMap<>(Topic.class);
            stages.forEach((topic, it) -> snapshots.put(topic, it.snapshot()));
            return snapshots;
        }
    }

    RunProcessor(TopologyParts parts) {
        this.parts = parts;
        this.reader = new ArrivalReader(parts.codec(), parts.settings().partitions());
        this.decider = new RunDecider(parts.settings().timeouts());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        RunTable table = new RunTable(context.getStateStore(RunTopology.RUN_STORE), parts.stateCodecs());
        TaskStart.Begun begun = new TaskStart(parts, context.taskId().partition(), table, decider).begin();
        PartitionRuns runs = begun.runs();
        FirstLook.Found found =
                new FirstLook(parts, context.taskId().partition(), table, runs, begun.decidedUpTo()).look();
        StateCheck check = new StateCheck(parts, reader, context.taskId().partition(), table, runs);
        Partition here = new Partition(
                context,
                table,
                begun,
                check,
                new DecisionTraces(
                        parts.traces(), table, parts.settings().timeouts().silence()));
        runs.unreadable()
                .forEach(it -> LOG.error(
                        "The stored state of run {} cannot be read, it is to be made of the log: {}",
                        it.run(),
                        it.reason()));
        parts.metrics().unreadableStates(here.number, runs.unreadable().size());
        LOG.info("Partition {}: {} active runs", here.number, runs.activeCount());
        check.begin(found, begun.stages());
        begun.cutOff().forEach(it -> takeUpAgain(here, it));
        partition = here;
        // On the full second, so that the ticks of all partitions cost one commit.
        Instant firstTick =
                parts.clock().instant().truncatedTo(ChronoUnit.SECONDS).plus(TICK);
        context.schedule(firstTick, TICK, PunctuationType.WALL_CLOCK_TIME, _ -> {
            appendTick(here);
            checkStates(here);
        });
        context.schedule(parts.settings().sweepInterval(), PunctuationType.WALL_CLOCK_TIME, _ -> sweep(here));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Partition here = partition;
        if (here == null) {
            throw new IllegalStateException("the processor was not initialised");
        }
        RecordMetadata metadata = here.context.recordMetadata().orElseThrow();
        Instant at = Instant.ofEpochMilli(record.timestamp());
        Optional<WorkerPartition> source = here.source(metadata);
        if (source.isPresent()) {
            switch (source.get().read(metadata.offset(), at)) {
                case NEW -> {}
                case DUPLICATE -> {
                    return;
                }
                case TRUNCATED -> cutOff(here, source.get(), metadata.offset());
            }
        } else if (here.commands.isNew(metadata.offset(), at)) {
            here.table.save(here.commands.progress());
        } else {
            return;
        }
        Arrival arrival = source.map(it -> reader.stageEvent(it.topic(), record))
                .orElseGet(() -> reader.command(record, here.number));
        source.filter(it -> here.hasLost(it.topic(), metadata.offset(), arrival))
                .ifPresent(it -> cutOff(here, it, metadata.offset()));
        Optional<TraceContext> trace = TraceHeader.of(record.headers());
        switch (arrival) {
            case Arrival.OfClient(RunCommand command) -> {
                KeptCommands.Kept kept = new KeptCommands.Kept(command.runId(), metadata.offset(), at);
                if (!here.check.keeps(kept, record.value())) {
                    takeCommand(here, metadata, at, command, trace);
                }
            }
            case Arrival.OfStage of -> {
                of.unreadable().ifPresent(reason -> putAside(metadata, reason));
                Topic topic = source.orElseThrow().topic();
                Input.StageRecord input = new Input.StageRecord(
                        inputContext(here, metadata, at, of.run()), topic, metadata.offset(), of.headers(), of.end());
                Optional<RunState.Active> before = here.runs.active(of.run());
                Decision decision =
                        here.check.keeps(of.run(), input) ? Decision.NOTHING : take(here, of.run(), input, trace);
                if (decision.changes().isEmpty()) {
                    parts.metrics().voidRecord();
                    parts.metrics().refused(topic, refusal(before, input));
                }
            }
            case Arrival.Foreign(Refusal refusal, String reason) -> {
                putAside(metadata, reason);
                source.ifPresent(it -> parts.metrics().refused(it.topic(), refusal));
            }
            case Arrival.OfClock(EventId tick) ->
                source.ifPresent(it -> {
                    it.ticked(tick, at);
                    tick(here, it, metadata, at);
                });
            case Arrival.Malformed(String reason) -> putAside(metadata, reason);
        }
    }

    private static Refusal refusal(Optional<RunState.Active> before, Input.StageRecord record) {
        if (before.isEmpty()) {
            return Refusal.NO_SUCH_RUN;
        }
        return before.get() instanceof RunState.Open open && record.isOf(open) ? Refusal.FENCED : Refusal.OTHER_STAGE;
    }

    private void tick(Partition here, WorkerPartition source, RecordMetadata metadata, Instant at) {
        for (RunId run : here.runs.activeRuns(source.topic())) {
            take(here, run, new Input.Tick(inputContext(here, metadata, at, run), source.topic()));
        }
        here.table.save(PartitionProgress.of(parts.settings().log().epoch(), here.progress()));
        parts.metrics()
                .ticked(
                        source.topic(),
                        here.number,
                        new CoordinatorMetrics.TickSample(
                                here.runs.activeRuns(source.topic()).size(),
                                here.runs.longestSilence(
                                        source.topic(), source.clock().elapsed()),
                                at));
    }

    /** What the stages of this topic have counted may be gone: they are what the log has of them now. */
    private void cutOff(Partition here, WorkerPartition source, long offset) {
        LOG.warn(
                "{}-{} has lost its end: it goes on at offset {}, where other records were read before. Runs with a stage"
                        + " there are taken up again from what it has",
                source.topic().topicName(),
                here.number,
                offset);
        takeUpAgain(here, source.topic());
    }

    private void takeUpAgain(Partition here, Topic topic) {
        here.counted.remove(topic);
        parts.metrics().cutOff(topic);
        here.runs.activeRuns(topic).forEach(here.check::suspend);
        here.check.lookSoon();
    }

    private void takeCommand(
            Partition here, RecordMetadata metadata, Instant at, RunCommand command, Optional<TraceContext> trace) {
        LogPosition position = new LogPosition(Topic.RUN_COMMANDS, here.number, metadata.offset());
        RunId run = command.runId();
        take(here, run, Input.of(inputContext(here, metadata, at, run), position, command), trace);
    }

    private void checkStates(Partition here) {
        List<StateCheck.TakenUp> takenUp = here.check.step(here.progress());
        for (StateCheck.TakenUp found : takenUp) {
            switch (found.outcome()) {
                case RunRebuild.Outcome.Rebuilt(
                        RunId run,
                        RunState.Active state,
                        Optional<RunRebuild.Ending> ending,
                        Optional<Fence.Holder> _) -> {
                    here.runs.adopt(state);
                    ending.ifPresent(it -> take(
                            here,
                            run,
                            new Input.StageRecord(
                                    inputContext(here, it.source(), it.at(), run),
                                    it.position().topic(),
                                    it.position().offset(),
                                    it.headers(),
                                    it.end())));
                }
                case RunRebuild.Outcome.HasEnded(RunId run, RunState.Completed state) -> {
                    here.runs.adopt(state);
                    here.table.forgetTrace(run);
                }
                case RunRebuild.Outcome.Impossible it -> throw new IllegalStateException("taken up is not " + it);
            }
            RunId run = found.outcome().run();
            parts.metrics().takenUp();
            parts.metrics().unreadableStates(here.number, here.runs.unreadable().size());
            LOG.info("Run {} was taken up again from the log", run);
            found.inputs().forEach(it -> take(here, run, it));
        }
        here.check.release(MOST_RELEASED, (kept, value) -> takeKept(here, kept, value));
        takenUp.forEach(found -> found.counted()
                .ifPresent(it -> recordsLost(here, found.outcome().run(), it)));
    }

    /** It is decided on as of now: what its run's stages have said meanwhile is known. What trace it came with is not kept. */
    private void takeKept(Partition here, KeptCommands.Kept kept, byte[] value) {
        RecordMetadata source = new RunRebuild.Source(Topic.RUN_COMMANDS.topicName(), here.number, kept.offset());
        Record<byte[], byte[]> record = new Record<>(
                KafkaRecords.key(kept.run()), value, kept.appended().toEpochMilli());
        switch (reader.command(record, here.number)) {
            case Arrival.OfClient(RunCommand command) ->
                takeCommand(here, source, kept.appended(), command, Optional.empty());
            case Arrival.Malformed(String reason) -> putAside(source, reason);
            case Arrival.OfStage _, Arrival.OfClock _, Arrival.Foreign _ ->
                throw new IllegalStateException("none of these is a command: " + kept);
        }
    }

    /** Decided on after what came meanwhile: another worker may hold the stage by now. */
    private void recordsLost(Partition here, RunId run, StateCheck.CountedOnce before) {
        Topic topic = before.stage().topic();
        Instant at = here.stages(topic)
                .clock()
                .lastTick()
                .orElse(before.stage().dispatch().lastAt());
        long attempt =
                before.fence().holder().map(it -> (long) it.attempt().value()).orElse(0L);
        RecordMetadata source = new RunRebuild.Source(Topic.RUNS.topicName(), here.number, attempt);
        take(
                here,
                run,
                new Input.RecordsLost(
                        inputContext(here, source, at, run), before.stage().id(), before.fence()));
    }

    private Decision take(Partition here, RunId run, Input input) {
        return take(here, run, input, Optional.empty());
    }

    /** @param trace what the input came with */
    private Decision take(Partition here, RunId run, Input input, Optional<TraceContext> trace) {
        DecisionTraces.Cause cause = new DecisionTraces.Cause(
                input, here.runs.active(run), trace, parts.clock().instant());
        Decision decision;
        try {
            decision = here.runs.take(run, input);
        } catch (FailedDecision e) {
            // It must not stop the other runs of the partition for ever. Ticks and health go on telling of it.
            parts.metrics().failedDecision();
            LOG.error("A decision failed", e);
            return Decision.NOTHING;
        }
        Optional<RunSpan> span = here.traces.decided(run, cause, decision);
        carryOut(here, decision, input.context().at(), span.flatMap(RunSpan::context));
        span.ifPresent(RunSpan::close);
        return decision;
    }

    private void carryOut(Partition here, Decision decision, Instant at, Optional<TraceContext> trace) {
        for (RunEvent event : decision.events()) {
            forward(
                    here,
                    TraceHeader.on(parts.records().runEvent(event), trace),
                    at,
                    RunTopology.sinkOf(Topic.RUN_EVENTS));
            parts.metrics().emitted(event.payload());
        }
        for (WorkRequest request : decision.requests()) {
            forward(
                    here,
                    TraceHeader.on(parts.records().request(request), trace),
                    at,
                    RunTopology.sinkOf(request.kind().requests()));
        }
        for (Decision.Abort abort : decision.aborts()) {
            parts.stageEvents()
                    .append(
                            here.number,
                            StageEvent.aborted(
                                    StageKind.executedIn(abort.topic()),
                                    abort.id(),
                                    abort.stage(),
                                    at,
                                    abort.end().aborted()),
                            trace);
            parts.metrics().aborted(abort.end().reason());
            LOG.info("Ending {} by force: {}", abort.stage(), abort.end().message());
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

    private static InputContext inputContext(Partition here, RecordMetadata metadata, Instant at, RunId run) {
        return new InputContext(at, here.snapshots(), DerivedIds.of(metadata, at.toEpochMilli(), run));
    }

    private void appendTick(Partition here) {
        String instance = parts.settings().instance();
        Instant now = parts.clock().instant();
        here.stages.forEach((topic, of) -> parts.stageEvents()
                .append(
                        here.number,
                        StageEvent.tick(StageKind.executedIn(topic), tickId(of), now, new StageFact.Tick(instance)),
                        Optional.empty()));
    }

    private EventId tickId(WorkerPartition of) {
        EventId id = EventId.of(parts.randomIds().get());
        of.tickSent(id);
        return id;
    }

    private void sweep(Partition here) {
        Instant before = parts.clock().instant().minus(parts.settings().retention());
        here.sweptUpTo = here.table.forgetEnded(here.sweptUpTo, SWEEP_LIMIT, before);
        here.check.forgetKept(before, SWEEP_LIMIT);
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
