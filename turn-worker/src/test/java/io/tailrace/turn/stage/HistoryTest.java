package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.turn.context.PastTurn;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real broker: what lies at the positions of a chat's turns is not always those turns. */
@Timeout(60)
class HistoryTest {
    private static final RunId RUN = RunId.of(UUID.randomUUID());
    private static final RunId OTHER_RUN = RunId.of(UUID.randomUUID());

    @Test
    void onlyTheOtherTurnsOfTheChatCountEachOnce() throws Exception {
        EventCodec codec = new EventCodec();
        try (TestLog log = new TestLog()) {
            KafkaRecords records = new KafkaRecords(codec);
            List<TurnEvent> events = List.of(
                    completed(RUN, 1, "turn-1", "mine"),
                    completed(OTHER_RUN, 1, "turn-2", "a stranger's"),
                    completed(RUN, 2, "turn-1", "mine, once more"),
                    completed(RUN, 3, "turn-9", "the turn itself"),
                    completed(RUN, 4, "turn-4", "mine too"));
            List<Long> offsets = new ArrayList<>();
            for (TurnEvent event : events) {
                offsets.add(log.write(records.stageEvent(0, event)).offset());
            }

            TurnLog.History history = new KafkaTurnLog(log.reader(), codec).history(request(offsets));

            assertThat(history.turns()).extracting(PastTurn::text).containsExactly("mine", "mine too");
            assertThat(history.unreadable()).isEqualTo(3);
        }
    }

    private static TurnEvent completed(RunId run, int stage, String turn, String text) {
        return TurnEvent.ofAttempt(
                EventId.of(UUID.randomUUID()),
                StageId.of(run, stage),
                Attempt.FIRST,
                2,
                new WorkerId("worker"),
                Instant.now(),
                new TurnFact.TurnCompleted(
                        new TurnFact.TurnContent(
                                new TurnId(turn),
                                text,
                                AssistantMessage.EMPTY,
                                "scripted",
                                "echo",
                                Usage.NONE,
                                Duration.ZERO,
                                Optional.empty(),
                                Optional.empty()),
                        TurnFact.FinishReason.STOP));
    }

    private static TurnRequest request(List<Long> history) {
        return TurnRequest.of(
                RUN,
                StageId.of(RUN, 9),
                Attempt.FIRST,
                new WorkspaceId("demo"),
                new TurnId("turn-9"),
                new TurnSource.ChatMessage(
                        new ChatPlan(
                                TurnPolicy.REJECT,
                                0,
                                Duration.ofDays(1),
                                new ModelChoice("scripted", Optional.empty()),
                                Optional.empty(),
                                Generation.DEFAULT),
                        new LogPosition(Topic.RUN_COMMANDS, 0, 0),
                        history),
                new LogPosition(Topic.TURN_EVENTS, 0, 0),
                Instant.now());
    }
}
