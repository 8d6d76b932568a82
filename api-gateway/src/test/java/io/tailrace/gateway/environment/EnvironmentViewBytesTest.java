package io.tailrace.gateway.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.FixedCursors;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.stream.StoredFrames;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients of the environment-build API get the same bytes for the same log as from earlier releases. */
class EnvironmentViewBytesTest {
    static List<String> runs() {
        return StoredFrames.RUNS;
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyByteIsTheSame(String run) throws Exception {
        Cursors cursors = FixedCursors.create();
        EventDecoder decoder = new EventDecoder(new EventCodec(), (_, _, _) -> {});
        EnvironmentView view = new EnvironmentView(decoder, cursors::token);

        String written = StoredFrames.written(StoredFrames.log(run), view, cursors);

        assertThat(written).isEqualTo(StoredFrames.stored(run, "environment"));
    }
}
