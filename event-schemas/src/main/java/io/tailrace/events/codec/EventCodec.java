package io.tailrace.events.codec;

import io.tailrace.events.log.Topic;
import io.tailrace.events.stage.StageEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into the framing that every Kafka Avro client knows and back: a zero byte, the schema id in four bytes
 * (big-endian), Avro binary. Thread-safe.
 */
public final class EventCodec {
    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 5;

    private record Writing(int id, Schema schema, RecordShape shape) {}

    private final SchemaCatalog catalog;
    private final Map<Topic, Writing> writing = new ConcurrentHashMap<>();
    private final Map<Integer, GenericDatumReader<GenericData.Record>> readers = new ConcurrentHashMap<>();

    /** A codec of the released schemas. */
    public EventCodec() {
        this(SchemaCatalog.released());
    }

    EventCodec(SchemaCatalog catalog) {
        this.catalog = catalog;
    }

    /** The framed bytes of a value of this topic. */
    public byte[] encode(Topic topic, Record value) {
        Writing with = writing.computeIfAbsent(topic, this::writing);
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.write(MAGIC);
        out.writeBytes(ByteBuffer.allocate(4).putInt(with.id).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(with.schema).write(with.shape.toAvro(value, with.schema), encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return out.toByteArray();
    }

    /**
     * The value that framed bytes stand for, in the shape of this release.
     *
     * @throws UndecodableRecord if there are no bytes, or they are no value of this topic that this release can read
     */
    public <T extends Record> T decode(Topic topic, Class<T> type, byte @Nullable [] bytes) throws UndecodableRecord {
        if (bytes == null || bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
            throw new UndecodableRecord("the value is not framed as Avro with a schema id");
        }
        int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
        ReleasedSchema released = catalog.byId(id)
                .filter(it -> it.topic() == topic)
                .orElseThrow(() -> new UndecodableRecord("schema id " + id + " is not known for " + topic.topicName()));
        try {
            GenericData.Record avro = readers.computeIfAbsent(id, _ -> reader(released))
                    .read(null, new BoundedDecoder(bytes, HEADER_BYTES));
            return type.cast(RecordShape.of(SchemaCatalog.recordOf(topic)).fromAvro(avro));
        } catch (IOException | AvroRuntimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UndecodableRecord("the value contradicts schema " + id + ": " + e.getMessage(), e);
        }
    }

    /**
     * The stage's event that framed bytes stand for.
     *
     * @param topic one that has chapters
     * @throws UndecodableRecord as {@link #decode}
     */
    public StageEvent stageEvent(Topic topic, byte @Nullable [] bytes) throws UndecodableRecord {
        return (StageEvent) decode(topic, Record.class, bytes);
    }

    private Writing writing(Topic topic) {
        ReleasedSchema latest = catalog.latest(topic);
        return new Writing(
                latest.id(), new Schema.Parser().parse(latest.json()), RecordShape.of(SchemaCatalog.recordOf(topic)));
    }

    private GenericDatumReader<GenericData.Record> reader(ReleasedSchema released) {
        Schema written = new Schema.Parser().parse(released.json());
        Schema wanted = SchemaCatalog.derived(released.topic());
        return new GenericDatumReader<>(written, wanted);
    }
}
