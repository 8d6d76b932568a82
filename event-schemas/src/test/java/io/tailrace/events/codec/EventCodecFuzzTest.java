package io.tailrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.tailrace.events.fuzz.Damage;
import io.tailrace.events.log.Topic;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Damaged and forged values of every topic. Each is read, or refused with {@link UndecodableRecord}; nothing else comes out,
 * and it takes little memory: a length that it names is not believed.
 */
class EventCodecFuzzTest {
    private static final List<Topic> TOPICS = Topic.withSchema().stream().toList();

    /** For an exception with its texts, and for what a good record of some hundred bytes becomes. */
    private static final long FREE_BYTES = 512 * 1024;

    private static final long BYTES_A_BYTE = 200;

    private final EventCodec codec = new EventCodec();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void anyBytesAreAValueOrRefusedAndTakeLittleMemory() {
        for (Topic topic : TOPICS) {
            // What is made once for a topic: schemas, and a reader for each version; damage can make one another's.
            SampleRecords.of(topic).forEach(it -> decode(topic, codec.encode(topic, it)));
            for (ReleasedSchema version : SchemaCatalog.released().versions(topic)) {
                decode(topic, ByteBuffer.allocate(5).putInt(1, version.id()).array());
            }
        }
        for (int i = 0; i < Damage.tries(40_000); i++) {
            Damage damage = Damage.number(i);
            Topic topic = TOPICS.get(damage.random().nextInt(TOPICS.size()));
            List<? extends Record> samples = SampleRecords.of(topic);
            byte[] bytes =
                    damage.of(codec.encode(topic, samples.get(damage.random().nextInt(samples.size()))));

            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                decode(topic, bytes);
            } catch (RuntimeException | Error e) {
                fail(topic + ", " + i + ": " + HexFormat.of().formatHex(bytes), e);
            }
            long taken = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(taken)
                    .as("%s, %s: %s", topic, i, HexFormat.of().formatHex(bytes))
                    .isLessThan(FREE_BYTES + BYTES_A_BYTE * bytes.length);
        }
    }

    private void decode(Topic topic, byte[] bytes) {
        try {
            assertThat(codec.decode(topic, SchemaCatalog.recordOf(topic), bytes))
                    .isNotNull();
        } catch (UndecodableRecord refused) {
            assertThat(refused).hasMessageMatching("(?s)the value .+|schema id .+");
        }
    }
}
