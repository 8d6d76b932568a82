package io.tailrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests that wait while a release is replaced are read by the next: the earlier one wrote the bytes here. */
class EarlierRequestsTest {
    private static final String TURN_V1 =
            "000000000f10722d73616d706c6514722d73616d706c652e3104027710742d73616d706c65020680bab70310736372697074656402086563686f021242652062726965662e000000002a7461696c726163652e72756e2d636f6d6d616e6473060e040a2200287461696c726163652e7475726e2d6576656e747306c601f6a5e3d8bf68";
    private static final String BUILD_V2 =
            "000000000910722d73616d706c6514722d73616d706c652e3104027710636f6d6d616e6473020a68656c6c6f00002a7461696c726163652e6275696c642d6576656e747306c601f6a5e3d8bf68";
    private static final StageId STAGE = StageId.of(new RunId("r-sample"), 1);
    private static final Instant AT = Instant.ofEpochMilli(1795255200123L);

    private final EventCodec codec = new EventCodec();

    @Test
    void readsATurnOfAChat() throws UndecodableRecord {
        TurnRequest read = codec.decode(
                Topic.TURN_REQUESTS, TurnRequest.class, HexFormat.of().parseHex(TURN_V1));

        assertThat(read)
                .isEqualTo(TurnRequest.of(
                        STAGE.run(),
                        STAGE,
                        new Attempt(2),
                        new WorkspaceId("w"),
                        new TurnId("t-sample"),
                        new TurnSource.ChatMessage(
                                new ChatPlan(
                                        TurnPolicy.ENQUEUE,
                                        3,
                                        Duration.ofHours(1),
                                        new ModelChoice("scripted", Optional.of("echo")),
                                        Optional.of("Be brief."),
                                        Generation.DEFAULT),
                                new LogPosition(Topic.RUN_COMMANDS, 3, 7),
                                List.of(5L, 17L)),
                        new LogPosition(Topic.TURN_EVENTS, 3, 99),
                        AT));
    }

    @Test
    void readsABuild() throws UndecodableRecord {
        BuildRequest read = codec.decode(
                Topic.BUILD_REQUESTS, BuildRequest.class, HexFormat.of().parseHex(BUILD_V2));

        assertThat(read)
                .isEqualTo(new BuildRequest(
                        STAGE.run(),
                        STAGE,
                        new Attempt(2),
                        new WorkspaceId("w"),
                        new BuildStep("commands", Optional.of("hello"), List.of()),
                        new LogPosition(Topic.BUILD_EVENTS, 3, 99),
                        AT));
    }
}
