package io.tailrace.events.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Turns records that a service keeps for itself into bytes and back: the version of their schema in one byte, then Avro
 * binary. What any listed version has written is read into the shape of this release. Thread-safe.
 */
public final class RecordCodec<T extends Record> {
    private final Class<T> type;
    private final RecordShape shape;
    private final Schema schema;
    private final int version;
    private final List<GenericDatumReader<GenericData.Record>> readers = new ArrayList<>();

    /**
     * A codec for records of this type.
     *
     * @param versions the Avro schemas, as JSON, that such records were ever written with, version 1 first and the one
     *     to write with last
     * @throws IllegalArgumentException if the last version is not the schema that follows from the type
     */
    public RecordCodec(Class<T> type, List<String> versions) {
        this.type = type;
        this.shape = RecordShape.of(type);
        Schema derived = shape.schema(new HashMap<>());
        for (String json : versions) {
            readers.add(new GenericDatumReader<>(new Schema.Parser().parse(json), derived));
        }
        this.schema = new Schema.Parser().parse(versions.getLast());
        this.version = versions.size();
        if (!schema.equals(derived)) {
            throw new IllegalArgumentException(type.getSimpleName() + " is not what its latest schema says");
        }
    }

    /** The Avro schema, as JSON text, that follows from a record type. */
    public static String derivedJson(Class<? extends Record> type) {
        return RecordShape.of(type).schema(new HashMap<>()).toString();
    }

    /** The bytes of a record. */
    public byte[] encode(T value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.write(version);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(schema).write(shape.toAvro(value, schema), encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return out.toByteArray();
    }

    /**
     * The record that bytes stand for.
     *
     * @throws UndecodableRecord if they are of a version that this release does not know, or contradict it
     */
    public T decode(byte[] bytes) throws UndecodableRecord {
        if (bytes.length == 0 || bytes[0] < 1 || bytes[0] > version) {
            throw new UndecodableRecord("no version of " + type.getSimpleName() + " that is known here");
        }
        try {
            GenericData.Record avro = readers.get(bytes[0] - 1)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, 1, bytes.length - 1, null));
            return type.cast(shape.fromAvro(avro));
        } catch (IOException | AvroRuntimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UndecodableRecord(
                    "the bytes contradict version " + bytes[0] + " of " + type.getSimpleName() + ": " + e.getMessage(),
                    e);
        }
    }
}
