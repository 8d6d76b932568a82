package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.FixedCursors;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.view.CanonicalView;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients of earlier releases get the same bytes for the same log. */
class CanonicalViewBytesTest {
    static List<String> runs() {
        return StoredFrames.RUNS;
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyByteIsTheSame(String run) throws Exception {
        Cursors cursors = FixedCursors.create();
        EventDecoder decoder = new EventDecoder(new EventCodec(), (_, _, _) -> {});
        CanonicalView view = new CanonicalView(new EventJson(decoder), cursors);

        String written = StoredFrames.written(StoredFrames.log(run), view, cursors);

        assertThat(written).isEqualTo(StoredFrames.stored(run, "canonical"));
    }
}
