package io.tailrace.gateway.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.reading.CheckpointRef;
import io.tailrace.events.reading.CheckpointedPlaces;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.gateway.testing.TestGateway;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Checkpoints in a log that there is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class KafkaCheckpointsTest {
    private TestGateway gateway;
    private KafkaCheckpoints checkpoints;

    @BeforeAll
    void start() {
        gateway = TestGateway.start();
        checkpoints = gateway.context().getBean(KafkaCheckpoints.class);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private static byte[] empty() {
        CursorKey key = CursorKey.of(new byte[CursorKey.BYTES]).orElseThrow();
        return new CheckpointedPlaces(7).checkpoint(key).orElseThrow();
    }

    private CheckpointRef written(byte[] value) throws Exception {
        return checkpoints.write(value).get(1, TimeUnit.MINUTES);
    }

    @Test
    void whatWasWrittenIsReadByWhereAndWhatItIs() throws Exception {
        byte[] value = empty();
        CheckpointRef ref = written(value);
        CheckpointRef later = written(value);

        assertThat(later.offset()).isGreaterThan(ref.offset());
        assertThat(checkpoints.read(ref).orElseThrow().places().epoch()).isEqualTo(7);
        assertThat(checkpoints.read(later)).isPresent();
    }

    @Test
    void anotherOneInItsPlaceIsNone() throws Exception {
        CheckpointRef ref = written(empty());
        CheckpointRef another = new CheckpointRef(ref.offset(), ref.digestHigh(), ref.digestLow() + 1);

        assertThat(checkpoints.read(another)).isEmpty();
    }

    @Test
    void oneOfALaterReleaseIsNone() throws Exception {
        byte[] value = empty();
        value[0]++;

        assertThat(checkpoints.read(written(value))).isEmpty();
    }

    /** As after an unclean election: it was the last one, so nothing comes in its place, and no error either. */
    @Test
    void oneThatTheLogHasLostIsNone() throws Exception {
        CheckpointRef last = written(empty());

        assertThat(checkpoints.read(new CheckpointRef(last.offset() + 1, 1, 1))).isEmpty();
        assertThat(checkpoints.read(new CheckpointRef(last.offset() + 100, 1, 1)))
                .isEmpty();
        assertThat(checkpoints.read(last)).isPresent();
    }
}
