package io.tailrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

    /** What is kept. */
    @AvroName(namespace = "io.tailrace.events.codec")
    public record Kept(String name, Duration age, Optional<Integer> size) {}

    private static final String FIRST = """
            {"type":"record","name":"Kept","namespace":"io.tailrace.events.codec","fields":[
              {"name":"name","type":{"type":"string","avro.java.string":"String"}},
              {"name":"age_ms","type":"long"}]}
            """;

    private final String second = RecordCodec.derivedJson(Kept.class);
    private final RecordCodec<Kept> codec = new RecordCodec<>(Kept.class, List.of(FIRST, second));

    @Test
    void readsWhatItWrote() throws UndecodableRecord {
        Kept kept = new Kept("a", Duration.ofMillis(7), Optional.of(3));

        assertThat(codec.decode(codec.encode(kept))).isEqualTo(kept);
    }

    @Test
    void readsWhatAnEarlierVersionWrote() throws UndecodableRecord {
        byte[] old = {1, 2, 'a', 14};

        assertThat(codec.decode(old)).isEqualTo(new Kept("a", Duration.ofMillis(7), Optional.empty()));
    }

    @Test
    void refusesUnknownVersionsAndBrokenBytes() {
        assertThatThrownBy(() -> codec.decode(new byte[0])).isInstanceOf(UndecodableRecord.class);
        assertThatThrownBy(() -> codec.decode(new byte[] {3, 2, 'a', 14})).isInstanceOf(UndecodableRecord.class);
        assertThatThrownBy(() -> codec.decode(new byte[] {2, 2})).isInstanceOf(UndecodableRecord.class);
    }

    @Test
    void refusesATypeThatIsNotItsLatestSchema() {
        assertThatThrownBy(() -> new RecordCodec<>(Kept.class, List.of(FIRST)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
