package io.tailrace.coordinator.topology;

import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.turn.AssistantMessage;
import io.tailrace.events.turn.TurnEvent;
import io.tailrace.events.turn.TurnFact;
import io.tailrace.events.turn.TurnFailure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes the fixture of {@link EarlierStateTest}. */
class EarlierStateScript {
    private static final Instant SAID_AT = Instant.parse("2026-11-21T09:00:00Z");

    @TempDir
    private File folder;

    private final List<String> file = new ArrayList<>();
    private final Map<Topic, Long> offsets = new EnumMap<>(Topic.class);
    private final KeyValueStore<byte[], byte[]> store = EarlierTask.newStore();
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private EarlierTask task;

    @BeforeEach
    void start() {
        task = new EarlierTask(folder, store, List.of(), now);
    }

    @Test
    void write() throws IOException {
        before();
        file.clear();
        file.add(
                "# The stored state of one partition and the records after it, with what the coordinator of commit 139688c");
        file.add(
                "# said to each. Written by EarlierStateScript, which is in the history of this file: it drove that commit's");
        file.add("# RunProcessor. Never edit: a later commit gets a file of its own.");
        file.add(
                "# start MOMENT | store KEY VALUE (base64) | input TOPIC OFFSET APPENDED KEY VALUE(base64) HEADERS... | said LINE");
        file.add("start " + now);
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            all.forEachRemaining(it -> file.add("store " + base64(it.key) + " " + base64(it.value)));
        }
        after();
        Files.write(Path.of("src/test/resources/io/tailrace/coordinator/earlier/partition-at-139688c.txt"), file);
    }

    private void before() {
        give(Records.create(new RunId("r-again"), 2, Limits.DEFAULT));
        give(Records.create(new RunId("r-late-claim"), 1, Limits.DEFAULT));
        build("r-again", 1, 1, 1, "a", Records.claim());
        ticks(8);
        build("r-again", 1, 2, 1, "b", Records.claim());
        build("r-again", 1, 2, 2, "b", Records.lines(2));
        give(Records.create(new RunId("r-queued"), 2, Limits.DEFAULT));
        give(Records.create(new RunId("r-held"), 2, Limits.DEFAULT));
        build("r-held", 1, 1, 1, "a", Records.claim());
        build("r-held", 1, 1, 2, "a", Records.lines(3));
        give(Records.create(new RunId("r-second"), 3, Limits.DEFAULT));
        build("r-second", 1, 1, 1, "a", Records.claim());
        build("r-second", 1, 1, 2, "a", Records.lines(5));
        build("r-second", 1, 1, 3, "a", Records.completed(Outcome.SUCCEEDED));
        build("r-second", 2, 1, 1, "c", Records.claim());
        give(Records.create(new RunId("r-released"), 1, Limits.DEFAULT));
        build("r-released", 1, 1, 1, "a", Records.claim());
        build("r-released", 1, 1, 2, "a", new BuildFact.AttemptReleased("shutdown"));
        give(Records.create(new RunId("r-canceling"), 2, Limits.DEFAULT));
        build("r-canceling", 1, 1, 1, "a", Records.claim());
        give(Records.cancel(new RunId("r-canceling")));
        give(Records.create(new RunId("r-unheeded"), 2, Limits.DEFAULT));
        build("r-unheeded", 1, 1, 1, "u", Records.claim());
        give(Records.cancel(new RunId("r-unheeded")));
        give(Records.create(new RunId("r-ended"), 1, Limits.DEFAULT));
        build("r-ended", 1, 1, 1, "a", Records.claim());
        build("r-ended", 1, 1, 2, "a", Records.completed(Outcome.FAILED));
        for (String chat : List.of("r-idle", "r-answering", "r-waiting", "r-turn-canceled", "r-closing")) {
            create(chat);
            submit(chat, "t-001");
        }
        turn("r-idle", 1, 1, new TurnFact.AttemptStarted(new TurnId("t-001")));
        turn("r-idle", 1, 2, new TurnFact.TurnCompleted(content("t-001"), TurnFact.FinishReason.STOP));
        for (String chat : List.of("r-answering", "r-turn-canceled", "r-closing")) {
            turn(chat, 1, 1, new TurnFact.AttemptStarted(new TurnId("t-001")));
        }
        turn("r-answering", 1, 2, new TurnFact.TurnCompleted(content("t-001"), TurnFact.FinishReason.STOP));
        submit("r-answering", "t-002");
        submit("r-answering", "t-003");
        turn("r-answering", 2, 1, new TurnFact.AttemptStarted(new TurnId("t-002")));
        submit("r-turn-canceled", "t-002");
        command("r-turn-canceled", new RunCommand.CancelTurn(new TurnId("t-001"), Optional.of("enough")));
        command("r-closing", new RunCommand.CloseRun(Optional.empty()));
        ticks(2);
    }

    private void after() {
        ticks(1);
        give(Records.create(new RunId("r-ended"), 1, Limits.DEFAULT));
        give(Records.create(new RunId("r-held"), 2, Limits.DEFAULT));
        submit("r-answering", "t-002");
        build("r-queued", 1, 1, 1, "a", Records.claim());
        build("r-queued", 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED));
        build("r-held", 1, 1, 2, "a", Records.lines(3));
        build("r-held", 1, 1, 3, "a", Records.lines(2));
        build("r-held", 1, 2, 1, "z", Records.claim());
        build("r-held", 1, 1, 4, "a", Records.completed(Outcome.SUCCEEDED));
        build("r-held", 1, 2, 2, "z", Records.completed(Outcome.SUCCEEDED));
        build("r-second", 2, 1, 2, "c", Records.lines(1));
        build("r-second", 2, 1, 3, "c", Records.completed(Outcome.FAILED));
        build("r-canceling", 1, 1, 2, "a", Records.completed(Outcome.CANCELED));
        build("r-late-claim", 1, 1, 1, "q", Records.claim());
        submit("r-idle", "t-001");
        submit("r-idle", "t-002");
        turn("r-idle", 2, 1, new TurnFact.AttemptStarted(new TurnId("t-002")));
        turn(
                "r-idle",
                2,
                2,
                new TurnFact.TurnFailed(content("t-002"), new TurnFailure("timeout", "Late.", true, Map.of())));
        command("r-idle", new RunCommand.CloseRun(Optional.empty()));
        turn("r-answering", 2, 2, new TurnFact.TurnCompleted(content("t-002"), TurnFact.FinishReason.LENGTH));
        turn("r-turn-canceled", 1, 2, new TurnFact.TurnCompleted(content("t-001"), TurnFact.FinishReason.OTHER));
        turn("r-closing", 1, 2, new TurnFact.TurnCompleted(content("t-001"), TurnFact.FinishReason.STOP));
        submit("r-closing", "t-009");
        command("r-answering", new RunCommand.CancelRun(Optional.empty()));
        ticks(9);
        build("r-again", 1, 2, 3, "b", Records.completed(Outcome.SUCCEEDED));
        build("r-again", 2, 1, 1, "b", Records.claim());
        build("r-again", 2, 1, 2, "b", Records.completed(Outcome.SUCCEEDED));
        ticks(3);
    }

    private void create(String run) {
        command(
                run,
                new RunCommand.CreateRun(
                        new WorkspaceId("demo"),
                        "chat",
                        Optional.empty(),
                        Plan.of(new ChatPlan(
                                TurnPolicy.ENQUEUE,
                                2,
                                Duration.ofDays(1),
                                new ModelChoice("scripted", Optional.empty()),
                                Optional.of("Be brief."),
                                Generation.DEFAULT)),
                        Limits.DEFAULT,
                        Optional.empty(),
                        "digest"));
    }

    private void submit(String run, String turn) {
        command(run, new RunCommand.SubmitTurn(new TurnId(turn), TurnInput.of("Hello")));
    }

    private void command(String run, RunCommand.Command command) {
        give(Records.command(new RunId(run), command));
    }

    private void build(String run, int step, int attempt, long sequence, String worker, BuildFact fact) {
        give(Records.of(new RunId(run), step, attempt, sequence, worker, fact));
    }

    private void turn(String run, int step, long sequence, TurnFact fact) {
        give(Records.KAFKA.turnEvent(
                0,
                TurnEvent.ofAttempt(
                        EventId.of(new UUID(sequence, step)),
                        StageId.of(new RunId(run), step),
                        Attempt.FIRST,
                        sequence,
                        new WorkerId("a"),
                        SAID_AT,
                        fact)));
    }

    private static TurnFact.TurnContent content(String turn) {
        return new TurnFact.TurnContent(
                new TurnId(turn),
                "Hello",
                new AssistantMessage("Hi", Optional.empty(), List.of()),
                "scripted",
                "echo",
                new Usage(Optional.of(3L), Optional.of(4L), Optional.empty(), Optional.empty(), Optional.of(7L)),
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
    }

    private void ticks(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            EventId id = EventId.of(new UUID(4, now.getEpochSecond()));
            give(Records.KAFKA.buildEvent(0, BuildEvent.tick(id, now, new BuildFact.Tick("test"))));
            give(Records.KAFKA.turnEvent(0, TurnEvent.tick(id, now, new TurnFact.Tick("test"))));
        }
    }

    private void give(ProducerRecord<byte[], byte[]> record) {
        Topic topic = Topic.named(record.topic()).orElseThrow();
        long offset = offsets.merge(topic, 1L, Long::sum) - 1;
        StringBuilder headers = new StringBuilder();
        for (Header header : record.headers()) {
            headers.append(' ')
                    .append(header.key())
                    .append('=')
                    .append(new String(header.value(), StandardCharsets.UTF_8));
        }
        file.add("input " + record.topic() + " " + offset + " " + now + " "
                + (record.key() == null ? "-" : new String(record.key(), StandardCharsets.UTF_8)) + " "
                + base64(record.value()) + headers);
        task.process(topic, offset, now, record.key(), record.value(), record.headers())
                .forEach(it -> file.add("said " + it));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
