package io.tailrace.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.EventId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TraceHeaderTest {
    private static final TraceContext TRACE =
            new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    private static final TraceContext OTHER =
            new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-00");

    private static final EventHeaders OURS = new EventHeaders(
            "run.started",
            EventId.of(new UUID(1, 2)),
            Mark.NONE,
            1,
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    @Test
    void whatIsWrittenLastIsRead() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("topic", new byte[0]);

        assertThat(TraceHeader.of(TraceHeader.on(record, Optional.empty()).headers()))
                .isEmpty();
        assertThat(TraceHeader.of(TraceHeader.on(record, Optional.of(OTHER)).headers()))
                .contains(OTHER);
        assertThat(TraceHeader.of(TraceHeader.on(record, Optional.of(TRACE)).headers()))
                .contains(TRACE);
        assertThat(TraceHeader.of(TraceHeader.on(record, Optional.empty()).headers()))
                .contains(TRACE);
    }

    @Test
    void severalAreNone() {
        Headers headers = new RecordHeaders();
        headers.add(TraceHeader.NAME, bytes(TRACE)).add(TraceHeader.NAME, bytes(TRACE));

        assertThat(TraceHeader.of(headers)).isEmpty();
    }

    @Test
    void oneWithoutAValueOrOfAnyLengthIsNone() {
        assertThat(TraceHeader.of(new RecordHeaders().add(TraceHeader.NAME, null)))
                .isEmpty();
        assertThat(TraceHeader.of(new RecordHeaders().add(TraceHeader.NAME, new byte[1_000_000])))
                .isEmpty();
    }

    /** Whatever it is, the record is what our headers say. */
    @Property
    void ourHeadersDoNotSeeIt(@ForAll byte[] value) {
        Headers headers =
                KafkaRecords.headers(OURS).add(TraceHeader.NAME, value).add(TraceHeader.NAME, bytes(TRACE));

        assertThat(KafkaRecords.headers(headers)).contains(OURS);
        assertThat(TraceHeader.of(new RecordHeaders().add(TraceHeader.NAME, value)))
                .isEmpty();
    }

    private static byte[] bytes(TraceContext trace) {
        return trace.traceparent().getBytes(StandardCharsets.US_ASCII);
    }
}
