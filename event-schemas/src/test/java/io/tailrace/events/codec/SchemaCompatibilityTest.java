package io.tailrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was written once can be read for ever. */
class SchemaCompatibilityTest {
    private final SchemaCatalog catalog = SchemaCatalog.released();

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ARTIFACTS", "CURSOR_KEYS", "SUBSCRIPTIONS", "CHECKPOINTS"})
    void theRecordsStandForTheLatestReleasedSchema(Topic topic) {
        assertThat(SchemaCatalog.derivedJson(topic))
                .as("%s: a changed record needs a new line in released.txt and a file of its own", topic)
                .isEqualTo(catalog.latest(topic).json().strip());
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ARTIFACTS", "CURSOR_KEYS", "SUBSCRIPTIONS", "CHECKPOINTS"})
    void theRecordsReadWhatEveryReleaseWrote(Topic topic) {
        Schema now = new Schema.Parser().parse(SchemaCatalog.derivedJson(topic));
        List<ReleasedSchema> versions = catalog.versions(topic);
        assertThat(versions).isNotEmpty();
        for (ReleasedSchema written : versions) {
            assertThat(SchemaCompatibility.checkReaderWriterCompatibility(
                                    now, new Schema.Parser().parse(written.json()))
                            .getType())
                    .as("%s version %s", topic, written.version())
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    @Test
    void idsAreUniqueAndVersionsCountFromOne() {
        Set<Integer> ids = new HashSet<>();
        for (ReleasedSchema schema : catalog.schemas()) {
            assertThat(ids.add(schema.id())).isTrue();
        }
        for (Topic topic : Topic.withSchema()) {
            List<ReleasedSchema> versions = catalog.versions(topic);
            for (int i = 0; i < versions.size(); i++) {
                assertThat(versions.get(i).version()).isEqualTo(i + 1);
            }
        }
    }
}
