package io.tailrace.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written as JSON is what any parser reads back, on one line. */
class JsonBytesProperties {

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().all().ofMaxLength(200);
    }

    @Property(tries = 2000)
    void anyTextIsReadBack(@ForAll("texts") String text) {
        byte[] json = new JsonBytes(1).text(text).toBytes();
        String wellFormed = new String(replaced(text).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(JsonMapper.shared().readTree(json).asString()).isEqualTo(wellFormed);
        for (byte one : json) {
            assertThat(one == '\n' || one == '\r').isFalse();
        }
    }

    /** Halves of surrogate pairs are no characters. */
    private static String replaced(String text) {
        StringBuilder whole = new StringBuilder();
        text.codePoints().forEach(it -> whole.appendCodePoint(it >= 0xd800 && it <= 0xdfff ? 0xfffd : it));
        return whole.toString();
    }

    @Property
    void anyNumberIsReadBack(@ForAll long number) {
        assertThat(JsonMapper.shared()
                        .readTree(new JsonBytes(1).number(number).toBytes())
                        .asLong())
                .isEqualTo(number);
    }

    @Property
    void anyFractionIsReadBackAndWhatIsNoNumberIsNull(@ForAll("fractions") double number) {
        JsonNode read = JsonMapper.shared()
                .readTree(new JsonBytes(1).value(List.of(number)).toBytes())
                .get(0);
        if (Double.isFinite(number)) {
            assertThat(read.asDouble()).isEqualTo(number);
        } else {
            assertThat(read.isNull()).isTrue();
        }
    }

    @Provide
    Arbitrary<Double> fractions() {
        return Arbitraries.longs()
                .map(Double::longBitsToDouble)
                .edgeCases(it -> it.add(Double.NaN, Double.POSITIVE_INFINITY));
    }

    @Property
    void anyTreeIsReadBack(
            @ForAll("texts") String key, @ForAll("texts") String text, @ForAll long number, @ForAll boolean truth) {
        Map<String, @Nullable Object> tree = new HashMap<>();
        tree.put("text", text);
        tree.put("list", List.of(number, truth, text, List.of(), Map.of()));
        tree.put("absent", null);
        tree.put(replaced(key) + "!", 7);
        JsonNode read =
                JsonMapper.shared().readTree(new JsonBytes(1).value(tree).toBytes());
        assertThat(read.get("text").asString()).isEqualTo(replaced(text));
        assertThat(read.get("list").get(0).asLong()).isEqualTo(number);
        assertThat(read.get("list").get(1).asBoolean()).isEqualTo(truth);
        assertThat(read.get("list").get(2).asString()).isEqualTo(replaced(text));
        assertThat(read.get("list").get(3).isArray()).isTrue();
        assertThat(read.get("list").get(4).isObject()).isTrue();
        assertThat(read.get("absent").isNull()).isTrue();
        assertThat(read.get(replaced(key) + "!").asInt()).isEqualTo(7);
    }
}
