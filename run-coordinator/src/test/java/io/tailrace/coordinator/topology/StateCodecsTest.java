package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.decide.Scene;
import io.tailrace.coordinator.topology.PartitionProgress.TopicProgress;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.events.log.Topic;
import io.tailrace.events.log.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What earlier releases stored is read: the bytes here were written by the versions in their names and never change. */
class StateCodecsTest {
    private static final String STORED_RUN_V1 =
            "010602020012722d7363656e652e31022a7461696c726163652e6275696c642d6576656e747304d00f0280a4e3d8bf6880a4e3d8bf6800020210776f726b65722d6104000002f0d2e3d8bf6802f0d2e3d8bf68a01fd60fd80f08060202a01f";
    private static final String STORED_RUN_V2 =
            "0206020200000212722d7363656e652e31022a7461696c726163652e6275696c642d6576656e747304d00f0280a4e3d8bf6880a4e3d8bf6800020210776f726b65722d6104000002f0d2e3d8bf6802f0d2e3d8bf68a01fd60fd80f0806020002a01f0000";
    private static final String STORED_RUN_V3 =
            "0306020200000212722d7363656e652e31022a7461696c726163652e6275696c642d6576656e747304d00f0280a4e3d8bf6880a4e3d8bf680002000280a4e3d8bf680200020210776f726b65722d6104000002f0d2e3d8bf6802f0d2e3d8bf68a01f02a01f02a01f0200d60fd80f0806020002a01f0000";
    private static final String STORED_RUN_V4 =
            "0406020200000212722d7363656e652e31022a7461696c726163652e6275696c642d6576656e747304d00f0280a4e3d8bf6880a4e3d8bf680002000280a4e3d8bf680200020210776f726b65722d6104000002f0d2e3d8bf6802f0d2e3d8bf68a01f02a01f02a01f0200d60fd80f0806020002a01f000000";
    private static final String STORED_RUN_V5 =
            "0506020200000212722d7363656e652e31022a7461696c726163652e6275696c642d6576656e747304d00f0280a4e3d8bf6880a4e3d8bf680002000280a4e3d8bf680200020210776f726b65722d6104000002f0d2e3d8bf6802f0d2e3d8bf68a01f02a01f02a01f0200d60fd80f0806020002a01f00000000";
    private static final String REDISPATCHED_V2 =
            "0206020400000212722d7363656e652e31022a7461696c726163652e6275696c642d6576656e747304d00f0480a4e3d8bf68a0c0e4d8bf68d08c01020210776f726b65722d6104000002f0d2e3d8bf6802f0d2e3d8bf68a01fd60fd80f08060200000000";
    private static final String BRIEF_V8 =
            "080e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f0000000000000080dccc1480f4ee0680bab7030a80a4e3d8bf680200";
    private static final String BRIEF_V7 =
            "070e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f0000000000000080dccc1480f4ee0680bab7030a80a4e3d8bf680200";
    private static final String BRIEF_V6 =
            "060e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f0000000000000080dccc1480f4ee0680bab7030a80a4e3d8bf680200";
    private static final String BRIEF_V5 =
            "050e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f00000000000080dccc1480f4ee0680bab7030a80a4e3d8bf680200";
    private static final String BRIEF_V4 =
            "040e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f0000000080dccc1480f4ee0680bab7030a80a4e3d8bf680200";
    private static final String BRIEF_V1 =
            "010e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f000080dccc1480f4ee0680bab7030a80a4e3d8bf68";
    private static final String BRIEF_V3 =
            "030e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f0000000080dccc1480f4ee0680bab7030a80a4e3d8bf68";
    private static final String BRIEF_V2 =
            "020e722d7363656e650864656d6f020010636f6d6d616e6473020a68656c6c6f00000080dccc1480f4ee0680bab7030a80a4e3d8bf68";

    private static final String PROGRESS_V2 = "020e1ad00f02d0b3e3d8bf68020a000280a4e3d8bf68";
    private static final String PROGRESS_V3 = "030e1ad00f02d0b3e3d8bf68020a000280a4e3d8bf6800";
    private static final String IDENTITY_V1 = "010263026b027202620274";
    private static final String IDENTITY_V2 = "020263026b02720262027400";
    private static final String RUN_TRACE_V1 =
            "016e30302d34626639326633353737623334646136613363653932396430653065343733362d303066303637616130626139303262372d3031026e30302d34626639326633353737623334646136613363653932396430653065343733362d313131313131313131313131313131312d30310212722d7363656e652e310410776f726b65722d616e30302d34626639326633353737623334646136613363653932396430653065343733362d323232323232323232323232323232322d3030d0b3e3d8bf68";
    private static final Instant TICK = Instant.parse("2026-11-21T10:00:01Z");

    /** What those releases did not store is what it would be had all of it just happened. */
    @ParameterizedTest
    @CsvSource({
        STORED_RUN_V1 + "," + BRIEF_V1,
        STORED_RUN_V2 + "," + BRIEF_V2,
        STORED_RUN_V2 + "," + BRIEF_V3,
        STORED_RUN_V3 + "," + BRIEF_V4,
        STORED_RUN_V4 + "," + BRIEF_V5,
        STORED_RUN_V4 + "," + BRIEF_V6,
        STORED_RUN_V4 + "," + BRIEF_V7
    })
    void readsWhatEarlierVersionsStored(String run, String brief) throws UndecodableRecord {
        StateCodecs codecs = new StateCodecs();

        RunState.Active read = codecs.runs
                .decode(HexFormat.of().parseHex(run))
                .toState(codecs.briefs.decode(HexFormat.of().parseHex(brief)));

        assertThat(read).isEqualTo(state());
    }

    @Test
    void limitsOfRunsThatEarlierVersionsStoredAreNotReachedEarly() throws UndecodableRecord {
        StateCodecs codecs = new StateCodecs();

        RunState.Open read = (RunState.Open) codecs.runs
                .decode(HexFormat.of().parseHex(REDISPATCHED_V2))
                .toState(codecs.briefs.decode(HexFormat.of().parseHex(BRIEF_V3)));

        assertThat(read.brief().createdClock()).contains(Duration.ofSeconds(9));
        assertThat(read.stage().dispatch().lastClock()).contains(Duration.ofSeconds(9));
        assertThat(read.stage().dispatch().losses()).contains(1);
        assertThat(read.stage().holding().firstClaimClock()).contains(Duration.ofSeconds(2));
        assertThat(read.stage().holding().hasty()).contains(0);
    }

    @Test
    void writesTheLatestVersion() {
        StateCodecs codecs = new StateCodecs();
        RunState.Active state = state();

        assertThat(HexFormat.of().formatHex(codecs.runs.encode(StoredRun.of(state))))
                .isEqualTo(STORED_RUN_V5);
        assertThat(HexFormat.of().formatHex(codecs.briefs.encode(state.brief())))
                .isEqualTo(BRIEF_V8);
    }

    @Test
    void progressOfTopicsThatAreAddedLaterNeedsNoNewVersion() throws UndecodableRecord {
        StateCodecs codecs = new StateCodecs();
        TopicProgress builds = new TopicProgress(13, new PartitionClock(Duration.ofSeconds(1), Optional.of(TICK)));
        TopicProgress turns =
                new TopicProgress(5, new PartitionClock(Duration.ZERO, Optional.of(TICK.minusSeconds(1))));
        TopicProgress other = new TopicProgress(3, PartitionClock.START);
        Map<Topic, TopicProgress> both = Map.of(Topic.BUILD_EVENTS, builds, Topic.TURN_EVENTS, turns);
        // No topic of another kind exists yet; any that is not one of the two stands for it.
        Map<Topic, TopicProgress> three =
                Map.of(Topic.BUILD_EVENTS, builds, Topic.TURN_EVENTS, turns, Topic.RUNS, other);

        assertThat(codecs.progress.decode(HexFormat.of().parseHex(PROGRESS_V2)).topics())
                .isEqualTo(both);
        assertThat(HexFormat.of().formatHex(codecs.progress.encode(PartitionProgress.of(7, both))))
                .isEqualTo(PROGRESS_V3);
        assertThat(codecs.progress
                        .decode(codecs.progress.encode(PartitionProgress.of(7, three)))
                        .topics())
                .isEqualTo(three);
    }

    @Test
    void theIdentityOfALogReadsAsEarlierVersionsStoredIt() throws UndecodableRecord {
        StateCodecs codecs = new StateCodecs();
        LogIdentity known = new LogIdentity("c", "k", "r", "b", "t");
        LogIdentity more = new LogIdentity("c", "k", "r", "b", "t", Optional.of(Map.of("tailrace.runs", "x")));

        assertThat(codecs.logs.decode(HexFormat.of().parseHex(IDENTITY_V1))).isEqualTo(known);
        assertThat(HexFormat.of().formatHex(codecs.logs.encode(known))).isEqualTo(IDENTITY_V2);
        assertThat(codecs.logs.decode(codecs.logs.encode(more))).isEqualTo(more);
        assertThat(more.id(Topic.RUNS)).contains("x");
        assertThat(known.id(Topic.RUNS)).isEmpty();
        assertThat(more.epoch()).isEqualTo(known.epoch());
    }

    @Test
    void thePlaceOfARunInItsTraceReadsAsEarlierVersionsStoredIt() throws UndecodableRecord {
        StateCodecs codecs = new StateCodecs();
        RunTrace trace = RunTrace.begunAt(context("00f067aa0ba902b7-01"))
                .requestedBy(context("1111111111111111-01"))
                .heldBy(new RunTrace.Held(
                        StageId.of(new RunId("r-scene"), 1),
                        new Attempt(2),
                        new WorkerId("worker-a"),
                        context("2222222222222222-00"),
                        TICK));

        assertThat(codecs.traces.decode(HexFormat.of().parseHex(RUN_TRACE_V1))).isEqualTo(trace);
        assertThat(HexFormat.of().formatHex(codecs.traces.encode(trace))).isEqualTo(RUN_TRACE_V1);
    }

    private static TraceContext context(String spanAndFlags) {
        return new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-" + spanAndFlags);
    }

    private static RunState.Active state() {
        Scene scene = new Scene()
                .create(1)
                .ticks(3)
                .claim(1, 1, "worker-a")
                .lines(1, 1, "worker-a", 3)
                .cancel();
        return (RunState.Active) scene.state();
    }
}
