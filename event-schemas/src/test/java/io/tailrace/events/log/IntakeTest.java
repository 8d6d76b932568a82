package io.tailrace.events.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which records everybody counts, and which nobody does. */
class IntakeTest {
    private static final RunId RUN = new RunId("r-intake");
    private static final byte[] KEY = RUN.value().getBytes(StandardCharsets.UTF_8);

    @SuppressWarnings("ArrayRecordComponent") // moved, never compared
    private record Field(String name, byte @Nullable [] value) {}

    private static Map<String, String> lines() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(EventHeaders.TYPE, "console.lines");
        headers.put(EventHeaders.EVENT_ID, "00000000-0000-0001-0000-000000000002");
        headers.put(EventHeaders.COUNT, "3");
        headers.put(EventHeaders.STAGE, RUN.value() + ".1");
        headers.put(EventHeaders.ATTEMPT, "1");
        headers.put(EventHeaders.ATTEMPT_SEQUENCE, "2");
        headers.put(EventHeaders.WORKER, "worker-1");
        return headers;
    }

    private static Map<String, String> opening() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(EventHeaders.TYPE, "stage.requested");
        headers.put(EventHeaders.EVENT_ID, "00000000-0000-0001-0000-000000000002");
        headers.put(EventHeaders.MARK, "chapter-open");
        headers.put(EventHeaders.COUNT, "1");
        headers.put(EventHeaders.STAGE, RUN.value() + ".1");
        headers.put(EventHeaders.RUN_SEQUENCE, "3");
        headers.put(EventHeaders.CHAPTER_FROM, "tailrace.build-events:3:17");
        return headers;
    }

    private static Map<String, String> closing() {
        Map<String, String> headers = opening();
        headers.remove(EventHeaders.CHAPTER_FROM);
        headers.put(EventHeaders.TYPE, "stage.finished");
        headers.put(EventHeaders.MARK, "chapter-close");
        headers.put(EventHeaders.CHAPTER_RANGE, "17:40");
        return headers;
    }

    private static List<Field> fields(Map<String, String> headers) {
        List<Field> fields = new ArrayList<>();
        headers.forEach((name, value) -> fields.add(new Field(name, value.getBytes(StandardCharsets.UTF_8))));
        return fields;
    }

    private static Intake judge(Topic topic, byte @Nullable [] key, List<Field> fields) {
        HeaderTexts texts = new HeaderTexts();
        fields.forEach(it -> texts.add(it.name, it.value));
        return Intake.of(topic, key, texts);
    }

    private static void isOurs(Topic topic, Map<String, String> headers) {
        assertThat(judge(topic, KEY, fields(headers))).isInstanceOf(Intake.Event.class);
    }

    private static void isForeign(Topic topic, Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        assertThat(judge(topic, KEY, fields(changed))).as(name + ": " + value).isInstanceOf(Intake.Foreign.class);
    }

    @Test
    void whatOursWriteIsLetIn() {
        isOurs(Topic.BUILD_EVENTS, lines());
        isOurs(Topic.TURN_EVENTS, lines());
        isOurs(Topic.RUN_EVENTS, opening());
        isOurs(Topic.RUN_EVENTS, closing());
    }

    @Test
    void aRecordHoldsNoMoreEventsThanItsWriterMayPack() {
        Map<String, String> most = lines();
        most.put(EventHeaders.COUNT, Integer.toString(EventHeaders.MAX_COUNT));
        isOurs(Topic.BUILD_EVENTS, most);
        for (String count : List.of("10001", "1000000", "2147483647", "2147483648", "-1", "1e3", "")) {
            isForeign(Topic.BUILD_EVENTS, lines(), EventHeaders.COUNT, count);
        }
    }

    @Test
    void numbersThatNobodyCanGoOnFromAreForeign() {
        for (String attempt : List.of("0", "-1", "1000001", "2147483647", "2147483648")) {
            isForeign(Topic.BUILD_EVENTS, lines(), EventHeaders.ATTEMPT, attempt);
        }
        for (String sequence : List.of("0", "-1", "9223372036854775808")) {
            isForeign(Topic.BUILD_EVENTS, lines(), EventHeaders.ATTEMPT_SEQUENCE, sequence);
        }
        for (String sequence : List.of("0", "-5", "9007199254740992", "9223372036854775807")) {
            isForeign(Topic.RUN_EVENTS, opening(), EventHeaders.RUN_SEQUENCE, sequence);
        }
        for (String range : List.of("40:17", "-1:4", "17:9223372036854775807", "17", "17:40:1")) {
            isForeign(Topic.RUN_EVENTS, closing(), EventHeaders.CHAPTER_RANGE, range);
        }
    }

    @Test
    void aChapterLiesWhereChaptersLie() {
        for (String from : List.of(
                "tailrace.run-events:3:17",
                "tailrace.run-commands:3:17",
                "tailrace.build-events:-1:17",
                "tailrace.build-events:3:9223372036854775807",
                "elsewhere:3:17")) {
            isForeign(Topic.RUN_EVENTS, opening(), EventHeaders.CHAPTER_FROM, from);
        }
    }

    @Test
    void aMarkHasItsTopic() {
        assertThat(judge(Topic.BUILD_EVENTS, KEY, fields(opening()))).isInstanceOf(Intake.Foreign.class);
        assertThat(judge(Topic.TURN_EVENTS, KEY, fields(closing()))).isInstanceOf(Intake.Foreign.class);
        for (String mark : List.of("claim", "terminal", "abort")) {
            Map<String, String> marked = lines();
            marked.put(EventHeaders.COUNT, "1");
            marked.put(EventHeaders.MARK, mark);
            isOurs(Topic.BUILD_EVENTS, marked);
            assertThat(judge(Topic.RUN_EVENTS, KEY, fields(marked))).isInstanceOf(Intake.Foreign.class);
            isForeign(Topic.BUILD_EVENTS, marked, EventHeaders.COUNT, "0");
            isForeign(Topic.BUILD_EVENTS, marked, EventHeaders.COUNT, "2");
        }
        isForeign(Topic.BUILD_EVENTS, lines(), EventHeaders.MARK, "crown");
    }

    @Test
    void aHeaderThatIsThereTwiceMeansNothing() {
        for (Field field : fields(lines())) {
            List<Field> twice = new ArrayList<>(fields(lines()));
            twice.add(field);
            assertThat(judge(Topic.BUILD_EVENTS, KEY, twice)).as(field.name).isInstanceOf(Intake.Foreign.class);
        }
        List<Field> traced = new ArrayList<>(fields(lines()));
        traced.add(new Field("traceparent", null));
        traced.add(new Field("traceparent", new byte[10_000]));
        assertThat(judge(Topic.BUILD_EVENTS, KEY, traced)).isInstanceOf(Intake.Event.class);
    }

    @Test
    void headersAreShortPlainTexts() {
        for (String type : List.of("console\nlines", "console lines", "Console", "x".repeat(97), "télépathie", "")) {
            isForeign(Topic.BUILD_EVENTS, lines(), EventHeaders.TYPE, type);
        }
        for (Field field : fields(lines())) {
            List<Field> without = new ArrayList<>(fields(lines()));
            without.replaceAll(it -> it.name.equals(field.name) ? new Field(field.name, null) : it);
            assertThat(judge(Topic.BUILD_EVENTS, KEY, without)).as(field.name).isInstanceOf(Intake.Foreign.class);
        }
    }

    @Test
    void aRecordIsKeyedByTheRunOfItsStage() {
        List<Field> fields = fields(lines());
        assertThat(judge(Topic.BUILD_EVENTS, null, fields)).isInstanceOf(Intake.Foreign.class);
        for (String key : List.of("r-other", "R-INTAKE", "", "r-intake ", RUN.value() + ".1")) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            assertThat(judge(Topic.BUILD_EVENTS, bytes, fields)).as(key).isInstanceOf(Intake.Foreign.class);
            assertThat(judge(Topic.RUN_EVENTS, bytes, fields(opening())))
                    .as(key)
                    .isInstanceOf(Intake.Foreign.class);
        }
    }

    @Test
    void aTickIsTheClocksAndNothingElseIsWithoutAStage() {
        Map<String, String> tick = lines();
        tick.put(EventHeaders.TYPE, "tick");
        tick.put(EventHeaders.COUNT, "0");
        List.of(EventHeaders.STAGE, EventHeaders.ATTEMPT, EventHeaders.ATTEMPT_SEQUENCE, EventHeaders.WORKER)
                .forEach(tick::remove);
        assertThat(judge(Topic.BUILD_EVENTS, null, fields(tick))).isInstanceOf(Intake.Clock.class);
        tick.put(EventHeaders.TYPE, "heartbeat");
        assertThat(judge(Topic.BUILD_EVENTS, KEY, fields(tick))).isInstanceOf(Intake.Foreign.class);
    }

    @Property(tries = 2000)
    void whateverTheBytesAreTheyAreJudged(
            @ForAll Topic topic, @ForAll byte[] key, @ForAll List<byte[]> values, @ForAll boolean keyed) {
        if (!topic.holdsEvents()) {
            return;
        }
        List<Field> fields = new ArrayList<>(fields(keyed ? lines() : opening()));
        for (int i = 0; i < Math.min(values.size(), fields.size()); i++) {
            fields.set(i, new Field(fields.get(i).name, values.get(i)));
        }
        assertThat(judge(topic, keyed ? KEY : key, fields)).isNotNull();
    }
}
