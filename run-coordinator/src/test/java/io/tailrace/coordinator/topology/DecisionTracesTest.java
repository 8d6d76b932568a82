package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.TraceHeader;
import io.tailrace.events.log.Topic;
import io.tailrace.events.log.TraceContext;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.service.trace.AttemptSpan;
import io.tailrace.service.trace.GivenSpanIds;
import io.tailrace.service.trace.Traces;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which place in its trace a run's decisions have, and what goes out with it. */
class DecisionTracesTest {
    private static final RunId RUN = new RunId("r-one");
    private static final TraceContext CLIENT = trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    private static final TraceContext WORKER = trace(CLIENT.traceId(), "1111111111111111");
    private static final TraceContext FOREIGN = trace("0123456789abcdef0123456789abcdef", "2222222222222222");

    @TempDir
    private Path stateDir;

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .setIdGenerator(new GivenSpanIds())
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    private DrivenTopology log;

    @BeforeEach
    void start() {
        log = new DrivenTopology(
                stateDir,
                new Traces(
                        OpenTelemetrySdk.builder().setTracerProvider(provider).build()));
    }

    @AfterEach
    void end() {
        log.close();
        provider.close();
    }

    @Test
    void whatFollowsFromACommandIsInItsTrace() {
        log.give(TraceHeader.on(Records.create(RUN, 1, Limits.DEFAULT), Optional.of(CLIENT)));

        SpanData decision = spans.getFinishedSpanItems().getFirst();
        assertThat(spans.getFinishedSpanItems()).hasSize(1);
        assertThat(decision.getTraceId()).isEqualTo(CLIENT.traceId());
        assertThat(decision.getParentSpanId()).isEqualTo(CLIENT.spanId());
        assertThat(contexts(Topic.RUN_EVENTS)).hasSize(3).containsOnly(trace(CLIENT.traceId(), decision.getSpanId()));
        assertThat(contexts(Topic.BUILD_REQUESTS)).containsExactly(trace(CLIENT.traceId(), decision.getSpanId()));
    }

    @Test
    void decisionsHangBelowTheCommandThatCreatedTheRunAndAreLinkedWithWhatLedToThem() {
        log.give(TraceHeader.on(Records.create(RUN, 2, Limits.DEFAULT), Optional.of(CLIENT)));
        write(1, 1, 1, "a", Records.claim(), WORKER);
        write(1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED), WORKER);
        log.give(TraceHeader.on(Records.cancel(RUN), Optional.of(FOREIGN)));

        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getParentSpanId)
                .containsOnly(CLIENT.spanId());
        assertThat(spans.getFinishedSpanItems().get(2).getLinks().getFirst().getSpanContext())
                .returns(WORKER.spanId(), it -> it.getSpanId());
        assertThat(spans.getFinishedSpanItems().getLast().getLinks().getFirst().getSpanContext())
                .returns(FOREIGN.traceId(), it -> it.getTraceId());
        assertThat(contexts(Topic.RUN_EVENTS)).allMatch(CLIENT::isOfTraceOf);
    }

    @Test
    void aLostAttemptIsToldUnderTheIdThatItsWorkerHadAnnounced() {
        log.give(TraceHeader.on(Records.create(RUN, 1, Limits.DEFAULT), Optional.of(CLIENT)));
        String request = spans.getFinishedSpanItems().getFirst().getSpanId();
        write(1, 1, 1, "a", Records.claim(), WORKER);

        log.seconds(60);

        assertThat(log.spine()).contains("stage.redispatched");
        SpanData lost = attempts().getFirst();
        assertThat(attempts()).hasSize(1);
        assertThat(lost.getSpanId()).isEqualTo(WORKER.spanId());
        assertThat(lost.getTraceId()).isEqualTo(CLIENT.traceId());
        assertThat(lost.getParentSpanId()).isEqualTo(request);
        assertThat(lost.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(lost.getStatus().getDescription()).contains("Nothing was heard of worker a");
        assertThat(lost.getEndEpochNanos()).isGreaterThan(lost.getStartEpochNanos());
    }

    @Test
    void theLastAttemptThatIsLostIsToldToo() {
        log.give(TraceHeader.on(Records.create(RUN, 1, Limits.DEFAULT), Optional.of(CLIENT)));
        for (int attempt = 1; attempt <= Limits.DEFAULT.maxAttempts(); attempt++) {
            write(1, attempt, 1, "a", Records.claim(), trace(CLIENT.traceId(), "333333333333333" + attempt));
            log.seconds(60);
        }
        log.readAborts();

        assertThat(log.spine().getLast()).startsWith("run.completed");
        assertThat(attempts()).extracting(SpanData::getSpanId).doesNotHaveDuplicates();
        assertThat(attempts()).hasSize(Limits.DEFAULT.maxAttempts());
    }

    @Test
    void anAttemptWhoseWorkerSaysItsEndIsToldByThatWorkerAlone() {
        log.give(TraceHeader.on(Records.create(RUN, 1, Limits.DEFAULT), Optional.of(CLIENT)));
        write(1, 1, 1, "a", Records.claim(), WORKER);
        write(1, 1, 2, "a", new StageFact.AttemptReleased("worker_shutdown"), WORKER);
        log.seconds(60);

        assertThat(log.spine()).contains("stage.redispatched");
        assertThat(attempts()).isEmpty();
    }

    /** Nothing is decided by it, and what cannot be read is as good as none. */
    @Test
    void aWrongContextChangesNothingOfTheRun() {
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        write(1, 1, 1, "a", Records.claim(), WORKER);
        write(1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED), WORKER);
        List<String> right = log.ids();
        end();
        start();
        ProducerRecord<byte[], byte[]> create = Records.create(RUN, 1, Limits.DEFAULT);
        create.headers().add(TraceHeader.NAME, new byte[100_000]);
        log.give(create);
        write(1, 1, 1, "a", Records.claim(), FOREIGN);
        ProducerRecord<byte[], byte[]> completed = Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED));
        completed.headers().add(TraceHeader.NAME, "00-zz".getBytes(StandardCharsets.UTF_8));
        completed.headers().add(TraceHeader.NAME, CLIENT.traceparent().getBytes(StandardCharsets.UTF_8));
        log.give(completed);

        assertThat(log.ids()).isEqualTo(right);
        assertThat(attempts()).isEmpty();
    }

    @Test
    void anotherTracesSpanIsNeverToldAsThatOfALostAttempt() {
        log.give(TraceHeader.on(Records.create(RUN, 1, Limits.DEFAULT), Optional.of(CLIENT)));
        write(1, 1, 1, "a", Records.claim(), FOREIGN);
        log.seconds(60);

        assertThat(log.spine()).contains("stage.redispatched");
        assertThat(attempts()).isEmpty();
    }

    /** With a process that records nothing, the place that came is the one that goes out. */
    @Test
    void theTraceIsKnownAfterARestartAndForgottenWithTheRun(@TempDir File folder) {
        CheckedTask task = new CheckedTask(folder);
        task.give(TraceHeader.on(Records.create(RUN, 1, Limits.DEFAULT), Optional.of(CLIENT)));
        assertThat(task.trace(RUN)).isPresent();
        task.restart();
        task.give(Records.of(RUN, 1, 1, 1, "a", Records.claim()));
        task.give(Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)));

        assertThat(task.spine().getLast()).startsWith("run.completed");
        assertThat(task.log.of(Topic.RUN_EVENTS))
                .allSatisfy(it -> assertThat(TraceHeader.of(it.headers())).contains(CLIENT));
        assertThat(task.trace(RUN)).isEmpty();
    }

    /** The place that everything hangs below still goes out: a later process may record. */
    @Test
    void ofATraceThatNobodyRecordsTheStoreHasItsRootAloneWrittenOnce(@TempDir File folder) {
        TraceContext root =
                TraceContext.of(CLIENT.traceId(), CLIENT.spanId(), false).orElseThrow();
        TraceContext worker =
                TraceContext.of(CLIENT.traceId(), WORKER.spanId(), false).orElseThrow();
        CheckedTask task = new CheckedTask(folder);
        task.give(TraceHeader.on(Records.create(RUN, 2, Limits.DEFAULT), Optional.of(root)));
        RunTrace atFirst = task.trace(RUN).orElseThrow();
        task.give(TraceHeader.on(Records.of(RUN, 1, 1, 1, "a", Records.claim()), Optional.of(worker)));
        RunTrace claimed = task.trace(RUN).orElseThrow();
        task.give(TraceHeader.on(
                Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)), Optional.of(worker)));

        assertThat(List.of(atFirst, claimed, task.trace(RUN).orElseThrow())).containsOnly(RunTrace.begunAt(root));
        assertThat(task.log.of(Topic.RUN_EVENTS))
                .isNotEmpty()
                .allSatisfy(it -> assertThat(TraceHeader.of(it.headers())).contains(root));
    }

    /** Its end is said by its worker; what is silent afterwards is nobody's attempt. */
    @Test
    void anAttemptThatWasGivenBackIsNotLostWhenNobodyTakesTheStageAgain() {
        Limits impatient = new Limits(
                Limits.DEFAULT.wallClock(),
                Limits.DEFAULT.stageDeadline(),
                Duration.ofSeconds(30),
                Limits.DEFAULT.maxAttempts());
        log.give(TraceHeader.on(Records.create(RUN, 1, impatient), Optional.of(CLIENT)));
        write(1, 1, 1, "a", Records.claim(), WORKER);
        write(1, 1, 2, "a", new StageFact.AttemptReleased("worker_shutdown"), WORKER);
        log.seconds(60);
        log.readAborts();

        assertThat(log.spine().getLast()).startsWith("run.completed");
        assertThat(attempts()).isEmpty();
    }

    private void write(int step, int attempt, long sequence, String worker, BuildFact fact, TraceContext trace) {
        log.give(TraceHeader.on(Records.of(RUN, step, attempt, sequence, worker, fact), Optional.of(trace)));
    }

    private List<SpanData> attempts() {
        return spans.getFinishedSpanItems().stream()
                .filter(it -> it.getName().equals(AttemptSpan.NAME))
                .toList();
    }

    private List<TraceContext> contexts(Topic topic) {
        return log.output(topic).stream()
                .map(TestRecord::headers)
                .map(it -> TraceHeader.of(it).orElseThrow())
                .toList();
    }

    private static TraceContext trace(String traceId, String spanId) {
        return TraceContext.of(traceId, spanId, true).orElseThrow();
    }
}
