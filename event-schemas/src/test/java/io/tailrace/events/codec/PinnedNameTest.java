package io.tailrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class PinnedNameTest {

    /** Lives here, and once lived elsewhere under another name. */
    @AvroName(namespace = "io.example.old", name = "Known")
    public record Moved(MovedFact fact, Colour colour) {
        /** Shares the namespace. */
        public enum Colour {
            RED
        }

        /** Groups its members otherwise than Avro has them. */
        @AvroUnion({MovedFact.Second.class, Shared.class, MovedFact.First.class})
        public sealed interface MovedFact {
            /** A group. */
            sealed interface Group extends MovedFact permits First, Shared {}

            /** Comes first here, and last in Avro. */
            record First(int size) implements Group {}

            /** Of no group. */
            record Second(String text) implements MovedFact {}
        }
    }

    /** Of several unions. */
    @AvroName(namespace = AvroName.OF_UNION)
    public record Shared(long at) implements Moved.MovedFact.Group, Other.OtherFact {}

    /** Another union with the same member. */
    @AvroName(namespace = "io.example.other")
    public record Other(OtherFact fact) {
        /** One member. */
        @AvroUnion(Shared.class)
        public sealed interface OtherFact permits Shared {}
    }

    /** Nobody has said its name. */
    public record Forgotten(int size) {}

    /** Has a member that its union does not name. */
    @AvroName(namespace = "io.example")
    public record Incomplete(HalfFact fact) {
        /** One of two is named. */
        @AvroUnion(HalfFact.Named.class)
        public sealed interface HalfFact {
            /** Is there. */
            record Named() implements HalfFact {}

            /** Is not. */
            record Unnamed() implements HalfFact {}
        }
    }

    /** Names one of its members twice, and the other not at all. */
    @AvroName(namespace = "io.example")
    public record Doubled(TwiceFact fact) {
        /** As many names as members. */
        @AvroUnion({TwiceFact.Named.class, TwiceFact.Named.class})
        public sealed interface TwiceFact {
            /** Is there twice. */
            record Named() implements TwiceFact {}

            /** Is not. */
            record Unnamed() implements TwiceFact {}
        }
    }

    @Test
    void namesAreThoseThatAreStatedWhereverATypeLives() {
        Schema schema = new Schema.Parser().parse(RecordCodec.derivedJson(Moved.class));

        assertThat(schema.getFullName()).isEqualTo("io.example.old.Known");
        assertThat(schema.getField("colour").schema().getFullName()).isEqualTo("io.example.old.Colour");
        assertThat(schema.getField("fact").schema().getTypes())
                .extracting(Schema::getFullName)
                .containsExactly("io.example.old.Second", "io.example.old.Shared", "io.example.old.First");
    }

    @Test
    void aSharedMemberHasTheNameOfEachOfItsUnions() throws UndecodableRecord {
        String schema = RecordCodec.derivedJson(Other.class);
        Other other = new Other(new Shared(7));
        RecordCodec<Other> others = new RecordCodec<>(Other.class, List.of(schema));
        Moved moved = new Moved(new Shared(7), Moved.Colour.RED);
        RecordCodec<Moved> codec = new RecordCodec<>(Moved.class, List.of(RecordCodec.derivedJson(Moved.class)));

        assertThat(schema).contains("\"namespace\":\"io.example.other\"").doesNotContain("io.example.old");
        assertThat(others.decode(others.encode(other))).isEqualTo(other);
        assertThat(codec.decode(codec.encode(moved))).isEqualTo(moved);
    }

    @Test
    void aTypeWithoutAStatedNameIsRefused() {
        assertThatThrownBy(() -> RecordShape.of(Forgotten.class).schema(new HashMap<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Forgotten")
                .hasMessageContaining("@AvroName");
        assertThatThrownBy(() -> PinnedName.of(Shared.class, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outside of a union");
    }

    @Test
    void aUnionThatLacksAMemberIsRefused() {
        assertThatThrownBy(() -> RecordShape.of(Incomplete.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unnamed");
    }

    @Test
    void aUnionThatHasAMemberTwiceIsRefused() {
        assertThatThrownBy(() -> RecordShape.of(Doubled.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "the @AvroUnion of .* lacks .*Unnamed.*, or has twice or for nothing .*TwiceFact.Named.*");
    }
}
