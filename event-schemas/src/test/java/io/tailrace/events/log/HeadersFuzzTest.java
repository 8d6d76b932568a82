package io.tailrace.events.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.fuzz.Damage;
import io.tailrace.events.id.RunId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged sets of headers: a record is foreign, or what is taken of it is exactly what the headers say. */
class HeadersFuzzTest {
    private static final RunId RUN = new RunId("r-fuzzed");
    private static final List<Topic> TOPICS = List.of(Topic.RUN_EVENTS, Topic.BUILD_EVENTS, Topic.TURN_EVENTS);

    /** The others are numbers, which may have zeros or a sign before them. */
    private static final List<String> TEXTS = List.of(
            EventHeaders.TYPE, EventHeaders.EVENT_ID, EventHeaders.MARK, EventHeaders.STAGE, EventHeaders.WORKER);

    private static final List<Map<String, String>> GOOD = List.of(
            Map.of(
                    EventHeaders.TYPE, "console.lines",
                    EventHeaders.EVENT_ID, "00000000-0000-0001-0000-000000000002",
                    EventHeaders.COUNT, "3",
                    EventHeaders.STAGE, RUN.value() + ".1",
                    EventHeaders.ATTEMPT, "1",
                    EventHeaders.ATTEMPT_SEQUENCE, "2",
                    EventHeaders.WORKER, "worker-1"),
            Map.of(
                    EventHeaders.TYPE, "stage.requested",
                    EventHeaders.EVENT_ID, "00000000-0000-0001-0000-000000000002",
                    EventHeaders.MARK, "chapter-open",
                    EventHeaders.COUNT, "1",
                    EventHeaders.STAGE, RUN.value() + ".1",
                    EventHeaders.RUN_SEQUENCE, "3",
                    EventHeaders.CHAPTER_FROM, "tailrace.build-events:3:17"),
            Map.of(
                    EventHeaders.TYPE, "tick",
                    EventHeaders.EVENT_ID, "00000000-0000-0001-0000-000000000002",
                    EventHeaders.COUNT, "0"));

    @Test
    void nothingIsTakenThatTheHeadersDoNotSay() {
        for (int number = 0; number < Damage.tries(50_000); number++) {
            int i = number;
            Damage damage = Damage.number(i);
            Random random = damage.random();
            Map<String, String> good = GOOD.get(random.nextInt(GOOD.size()));
            String hit = good.keySet().stream().sorted().toList().get(random.nextInt(good.size()));
            HeaderTexts texts = new HeaderTexts();
            Map<String, String> said = new HashMap<>();
            good.forEach((name, value) -> {
                byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
                byte[] sent = name.equals(hit) ? damage.of(bytes) : bytes;
                texts.add(name, sent);
                said.put(name, new String(sent, StandardCharsets.ISO_8859_1));
            });
            if (random.nextInt(10) == 0) {
                said.clear();
                texts.add(hit, random.nextBoolean() ? null : new byte[random.nextInt(1 << 16)]);
            }
            byte[] key = RUN.value().getBytes(StandardCharsets.US_ASCII);
            byte[] keyed = random.nextInt(5) == 0 ? damage.of(key) : key;

            Optional<EventHeaders> read = texts.headers();
            Intake taken = Intake.of(TOPICS.get(random.nextInt(TOPICS.size())), keyed, texts);

            read.ifPresent(it -> checkSays(i, it, said));
            switch (taken) {
                case Intake.Event event -> {
                    assertThat(read).as("%s", i).contains(event.headers());
                    assertThat(event.run().value().getBytes(StandardCharsets.UTF_8))
                            .isEqualTo(keyed);
                }
                case Intake.Clock _ -> assertThat(read).isPresent();
                case Intake.Foreign foreign -> assertThat(foreign.reason()).isNotBlank();
            }
        }
    }

    private static void checkSays(int i, EventHeaders read, Map<String, String> said) {
        Map<String, String> again = read.toMap();
        assertThat(EventHeaders.parse(again::get)).as("%s", i).contains(read);
        assertThat(again.keySet()).as("%s", i).isEqualTo(said.keySet());
        for (String name : TEXTS) {
            assertThat(again.get(name)).as("%s: %s", i, name).isEqualTo(said.get(name));
        }
    }
}
