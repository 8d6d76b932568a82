package io.tailrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventCodecTest {
    private final EventCodec codec = new EventCodec();

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ARTIFACTS", "CURSOR_KEYS", "SUBSCRIPTIONS", "CHECKPOINTS"})
    void everyRecordReadsBackAsItWasWritten(Topic topic) throws Exception {
        for (Record record : SampleRecords.of(topic)) {
            byte[] bytes = codec.encode(topic, record);
            assertThat(codec.decode(topic, SchemaCatalog.recordOf(topic), bytes))
                    .isEqualTo(record);
        }
    }

    @Test
    void theSamplesHaveEveryTypeOfFact() {
        assertThat(SampleRecords.runFacts().map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(UnionMembers.of(RunFact.class));
        assertThat(SampleRecords.buildFacts().map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(UnionMembers.of(BuildFact.class));
        assertThat(SampleRecords.turnFacts().map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(UnionMembers.of(TurnFact.class));
    }

    /** Whoever shows events one by one goes by the type in the headers, and by the group. */
    @Test
    void factsOfManyEventsAreOfTheGroupAndOfATypeThatSaySo() {
        List<StageFact> facts = Stream.<StageFact>concat(SampleRecords.buildFacts(), SampleRecords.turnFacts())
                .toList();

        assertThat(facts).allSatisfy(fact -> {
            assertThat(fact.type().member().isPresent())
                    .as("%s has a name for its members", fact.type())
                    .isEqualTo(fact instanceof StageFact.Packed);
            assertThat(fact instanceof StageFact.Packed || fact.count() <= 1)
                    .as("%s is one event, or none, or is packed", fact.type())
                    .isTrue();
        });
        assertThat(SampleRecords.runFacts()).allSatisfy(fact -> {
            assertThat(fact.count()).isLessThanOrEqualTo(1);
            assertThat(fact.type().member()).isEmpty();
        });
    }

    @Test
    void headersReadBackAsTheyWereWritten() {
        Stream<EventHeaders> runs = SampleRecords.of(Topic.RUN_EVENTS).stream().map(it -> ((RunEvent) it).headers());
        Stream<EventHeaders> builds =
                SampleRecords.of(Topic.BUILD_EVENTS).stream().map(it -> ((BuildEvent) it).headers());
        Stream.concat(runs, builds).forEach(headers -> {
            Map<String, String> texts = headers.toMap();
            assertThat(EventHeaders.parse(texts::get)).contains(headers);
        });
    }

    @Test
    void headersThatAreNotOursAreNothing() {
        EventHeaders claim = ((BuildEvent) SampleRecords.of(Topic.BUILD_EVENTS).getFirst()).headers();
        for (String name : claim.toMap().keySet()) {
            Map<String, String> texts = claim.toMap();
            texts.put(name, "\u0000x");
            if (!name.equals(EventHeaders.TYPE)) {
                assertThat(EventHeaders.parse(texts::get)).as(name).isEmpty();
            }
            texts.remove(name);
            if (!name.equals(EventHeaders.MARK)) {
                assertThat(EventHeaders.parse(texts::get)).as("without " + name).isEmpty();
            }
        }
    }

    @Test
    void aConfigurationThatTheFirstSchemaOfDefinitionsWroteIsStillOne() throws Exception {
        Definition now = (Definition) SampleRecords.of(Topic.DEFINITIONS).getFirst();
        ReleasedSchema first =
                SchemaCatalog.released().versions(Topic.DEFINITIONS).getFirst();
        Schema schema = new Schema.Parser().parse(first.json());
        ArtifactRef archive = ((Definition.ConfigurationVersion) now.resource()).archive();
        Schema version = schema.getField("resource").schema().getTypes().getFirst();
        GenericData.Record resource = new GenericData.Record(version);
        resource.put(
                "archive",
                RecordShape.of(ArtifactRef.class)
                        .toAvro(archive, version.getField("archive").schema()));
        GenericData.Record written = new GenericData.Record(schema);
        written.put("workspace", now.workspace().orElseThrow().value());
        written.put("name", now.name());
        written.put("recorded_at", now.recordedAt().toEpochMilli());
        written.put("resource", resource);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {0, 0, 0, 0, (byte) first.id()});
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(written, encoder);

        assertThat(codec.decode(Topic.DEFINITIONS, Definition.class, bytes.toByteArray()))
                .isEqualTo(now);
    }

    @Test
    void theSamplesHaveEveryKindOfDefinition() {
        assertThat(SampleRecords.of(Topic.DEFINITIONS).stream()
                        .<Class<?>>map(it -> ((Definition) it).resource().getClass())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(UnionMembers.of(Definition.Resource.class));
    }

    @Test
    void theFramingIsTheOneThatKafkaAvroClientsKnow() {
        byte[] bytes = codec.encode(Topic.RUNS, SampleRecords.of(Topic.RUNS).getFirst());
        assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 0, 0, 0, 42);
    }

    @Test
    void bytesThatAreNoValueOfTheTopicAreRefused() {
        byte[] good = codec.encode(Topic.RUNS, SampleRecords.of(Topic.RUNS).getFirst());
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> codec.decode(Topic.RUNS, RunView.class, cut))
                    .isInstanceOf(UndecodableRecord.class);
        }
        assertThatThrownBy(() -> codec.decode(Topic.RUN_EVENTS, RunEvent.class, good))
                .isInstanceOf(UndecodableRecord.class)
                .hasMessageContaining("schema id 42");
        byte[] garbage = good.clone();
        Arrays.fill(garbage, 5, garbage.length, (byte) 0xff);
        assertThatThrownBy(() -> codec.decode(Topic.RUNS, RunView.class, garbage))
                .isInstanceOf(UndecodableRecord.class);
    }

    @Test
    void textsOfMomentsSortAsTheMomentsDo() {
        Instant whole = Instant.parse("2026-11-21T10:00:00Z");
        assertThat(WireTree.text(whole)).isEqualTo("2026-11-21T10:00:00.000Z");
        assertThat(WireTree.text(whole.plusMillis(1))).isGreaterThan(WireTree.text(whole));
    }

    @Test
    void theTreeHasWireNamesAndUnits() {
        Map<String, ?> tree = WireTree.of(SampleRecords.of(Topic.BUILD_REQUESTS).getFirst());
        assertThat(tree.keySet())
                .containsExactly("run_id", "stage_id", "attempt", "workspace", "step", "chapter_from", "requested_at");
        assertThat(tree.get("requested_at")).isEqualTo("2026-11-21T10:00:00.123Z");
        assertThat(String.valueOf(tree.get("step")))
                .contains("step=build", "timeout_ms=3000", "continue_on_failure=true");
        assertThat(String.valueOf(tree.get("chapter_from"))).contains("topic=tailrace.build-events");
    }
}
