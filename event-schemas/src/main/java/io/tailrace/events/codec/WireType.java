package io.tailrace.events.codec;

import io.tailrace.events.id.WireName;
import io.tailrace.events.id.WireScalar;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * How one Java type stands on the wire: its Avro schema, its Avro value, and its plain tree (maps, lists, texts,
 * numbers, truth values) for JSON. Immutable, thread-safe.
 */
interface WireType {

    /**
     * The Avro schema.
     *
     * @param named the record and enum schemas made so far, by full name, so that each is made once
     */
    Schema schema(Map<String, Schema> named);

    /**
     * The Avro value of a Java value, as the generic writer takes it.
     *
     * @param schema the schema it is written with
     */
    @Nullable
    Object toAvro(Object value, Schema schema);

    /** The Java value of an Avro value that the generic reader made. */
    Object fromAvro(@Nullable Object avro);

    /** The Java value as a plain tree; null where it is absent. */
    @Nullable
    Object toTree(Object value);

    /** The field name on the wire of a component of this type. */
    default String fieldName(String snakeCase) {
        return snakeCase;
    }

    /** Whether an absent value is a legal one, so that the field can be added to a schema later. */
    default boolean isOptional() {
        return false;
    }

    /**
     * The wire type of a Java type.
     *
     * @throws IllegalArgumentException if the type is none that we put on the wire
     */
    static WireType of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type first = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return new OptionalType(of(first));
            }
            if (generic.getRawType() == List.class) {
                return new ListType(of(first));
            }
            if (generic.getRawType() == Map.class && first == String.class) {
                return new MapType(of(generic.getActualTypeArguments()[1]));
            }
        }
        if (type instanceof Class<?> raw) {
            return ofClass(raw);
        }
        throw new IllegalArgumentException("not a wire type: " + type);
    }

    private static WireType ofClass(Class<?> raw) {
        if (raw == String.class) {
            return new Plain(Schema.Type.STRING);
        } else if (raw == int.class || raw == Integer.class) {
            return new Plain(Schema.Type.INT);
        } else if (raw == long.class || raw == Long.class) {
            return new Plain(Schema.Type.LONG);
        } else if (raw == double.class || raw == Double.class) {
            return new Plain(Schema.Type.DOUBLE);
        } else if (raw == boolean.class || raw == Boolean.class) {
            return new Plain(Schema.Type.BOOLEAN);
        } else if (raw == Instant.class) {
            return new InstantType();
        } else if (raw == Duration.class) {
            return new DurationType();
        } else if (raw.isEnum()) {
            return new EnumType(raw);
        } else if (WireScalar.class.isAssignableFrom(raw)) {
            return new ScalarType(RecordShape.of(raw.asSubclass(Record.class)));
        } else if (raw.isRecord()) {
            return RecordShape.of(raw.asSubclass(Record.class));
        } else if (raw.isSealed()) {
            return new UnionType(raw);
        }
        throw new IllegalArgumentException("not a wire type: " + raw);
    }

    /** Text, numbers, truth values. */
    record Plain(Schema.Type avroType) implements WireType {
        @Override
        public Schema schema(Map<String, Schema> named) {
            Schema schema = Schema.create(avroType);
            if (avroType == Schema.Type.STRING) {
                GenericData.setStringType(schema, GenericData.StringType.String);
            }
            return schema;
        }

        @Override
        public Object toAvro(Object value, Schema schema) {
            return value;
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            return avroType == Schema.Type.STRING ? String.valueOf(avro) : present(avro);
        }

        @Override
        public Object toTree(Object value) {
            return value;
        }
    }

    /** A moment, in milliseconds. */
    record InstantType() implements WireType {
        @Override
        public Schema schema(Map<String, Schema> named) {
            return LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
        }

        @Override
        public Object toAvro(Object value, Schema schema) {
            return ((Instant) value).toEpochMilli();
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            return Instant.ofEpochMilli((Long) present(avro));
        }

        @Override
        public Object toTree(Object value) {
            return WireTree.text((Instant) value);
        }
    }

    /** A span of time, in milliseconds; the field's name says so. */
    record DurationType() implements WireType {
        @Override
        public Schema schema(Map<String, Schema> named) {
            return Schema.create(Schema.Type.LONG);
        }

        @Override
        public Object toAvro(Object value, Schema schema) {
            return ((Duration) value).toMillis();
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            return Duration.ofMillis((Long) present(avro));
        }

        @Override
        public Object toTree(Object value) {
            return ((Duration) value).toMillis();
        }

        @Override
        public String fieldName(String snakeCase) {
            return snakeCase + "_ms";
        }
    }

    /** A constant: lower case on the wire, or a name of its own as text. */
    final class EnumType implements WireType {
        private final Class<?> type;
        private final Map<String, Object> byName = new LinkedHashMap<>();
        private final boolean asText;

        EnumType(Class<?> type) {
            this.type = type;
            this.asText = WireName.class.isAssignableFrom(type);
            for (Object constant : type.getEnumConstants()) {
                byName.put(nameOf(constant), constant);
            }
        }

        private static String nameOf(Object constant) {
            return constant instanceof WireName named
                    ? named.wireName()
                    : ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Schema schema(Map<String, Schema> named) {
            if (asText) {
                return new Plain(Schema.Type.STRING).schema(named);
            }
            PinnedName name = PinnedName.of(type, Optional.empty());
            return named.computeIfAbsent(
                    name.fullName(),
                    _ -> Schema.createEnum(name.name(), null, name.namespace(), List.copyOf(byName.keySet())));
        }

        @Override
        public Object toAvro(Object value, Schema schema) {
            return asText ? nameOf(value) : new GenericData.EnumSymbol(schema, nameOf(value));
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            Object constant = byName.get(String.valueOf(avro));
            if (constant == null) {
                throw new IllegalArgumentException("no " + type.getSimpleName() + ": " + avro);
            }
            return constant;
        }

        @Override
        public Object toTree(Object value) {
            return nameOf(value);
        }
    }

    /** A record that stands for its only component. */
    record ScalarType(RecordShape shape) implements WireType {
        @Override
        public Schema schema(Map<String, Schema> named) {
            return shape.onlyType().schema(named);
        }

        @Override
        public @Nullable Object toAvro(Object value, Schema schema) {
            return shape.onlyType().toAvro(shape.onlyValue(value), schema);
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            return shape.construct(shape.onlyType().fromAvro(avro));
        }

        @Override
        public @Nullable Object toTree(Object value) {
            return shape.onlyType().toTree(shape.onlyValue(value));
        }
    }

    /** A value that may be absent. */
    record OptionalType(WireType inner) implements WireType {
        @Override
        public Schema schema(Map<String, Schema> named) {
            return Schema.createUnion(Schema.create(Schema.Type.NULL), inner.schema(named));
        }

        @Override
        public @Nullable Object toAvro(Object value, Schema schema) {
            Optional<?> optional = (Optional<?>) value;
            return optional.isEmpty()
                    ? null
                    : inner.toAvro(optional.get(), schema.getTypes().get(1));
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            return avro == null ? Optional.empty() : Optional.of(inner.fromAvro(avro));
        }

        @Override
        public @Nullable Object toTree(Object value) {
            Optional<?> optional = (Optional<?>) value;
            return optional.isEmpty() ? null : inner.toTree(optional.get());
        }

        @Override
        public String fieldName(String snakeCase) {
            return inner.fieldName(snakeCase);
        }

        @Override
        public boolean isOptional() {
            return true;
        }
    }

    /** An ordered list. */
    record ListType(WireType element) implements WireType {
        @Override
        public Schema schema(Map<String, Schema> named) {
            return Schema.createArray(element.schema(named));
        }

        @Override
        public Object toAvro(Object value, Schema schema) {
            List<?> list = (List<?>) value;
            List<@Nullable Object> avro = new ArrayList<>(list.size());
            for (Object member : list) {
                avro.add(element.toAvro(member, schema.getElementType()));
            }
            return avro;
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            List<?> list = (List<?>) present(avro);
            List<Object> members = new ArrayList<>(list.size());
            for (Object member : list) {
                members.add(element.fromAvro(member));
            }
            return members;
        }

        @Override
        public Object toTree(Object value) {
            List<?> list = (List<?>) value;
            List<@Nullable Object> tree = new ArrayList<>(list.size());
            for (Object member : list) {
                tree.add(element.toTree(member));
            }
            return tree;
        }
    }

    /** Values by text keys. */
    record MapType(WireType element) implements WireType {
        @Override
        public Schema schema(Map<String, Schema> named) {
            Schema schema = Schema.createMap(element.schema(named));
            GenericData.setStringType(schema, GenericData.StringType.String);
            return schema;
        }

        @Override
        public Object toAvro(Object value, Schema schema) {
            Map<String, @Nullable Object> avro = new LinkedHashMap<>();
            ((Map<?, ?>) value)
                    .forEach((key, member) -> avro.put((String) key, element.toAvro(member, schema.getValueType())));
            return avro;
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            Map<String, Object> members = new LinkedHashMap<>();
            ((Map<?, ?>) present(avro)).forEach((key, member) -> members.put(key.toString(), element.fromAvro(member)));
            return members;
        }

        @Override
        public Object toTree(Object value) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((key, member) -> tree.put((String) key, element.toTree(member)));
            return tree;
        }
    }

    /** One of a closed set of records. */
    final class UnionType implements WireType {
        private final Map<Class<?>, RecordShape> members = new LinkedHashMap<>();
        private final Map<String, RecordShape> byName = new LinkedHashMap<>();

        UnionType(Class<?> sealed) {
            String namespace = PinnedName.namespace(sealed);
            for (Class<? extends Record> member : UnionMembers.of(sealed)) {
                RecordShape shape = RecordShape.ofMember(member, namespace);
                members.put(member, shape);
                byName.put(shape.fullName(), shape);
            }
        }

        private RecordShape shapeOf(Object value) {
            RecordShape shape = members.get(value.getClass());
            if (shape == null) {
                throw new IllegalArgumentException("no member: " + value.getClass());
            }
            return shape;
        }

        @Override
        public Schema schema(Map<String, Schema> named) {
            return Schema.createUnion(
                    members.values().stream().map(it -> it.schema(named)).toList());
        }

        @Override
        public Object toAvro(Object value, Schema schema) {
            RecordShape shape = shapeOf(value);
            for (Schema member : schema.getTypes()) {
                if (member.getFullName().equals(shape.fullName())) {
                    return shape.toAvro(value, member);
                }
            }
            throw new IllegalArgumentException("the schema has no " + shape.fullName());
        }

        @Override
        public Object fromAvro(@Nullable Object avro) {
            GenericData.Record found = (GenericData.Record) present(avro);
            RecordShape shape = byName.get(found.getSchema().getFullName());
            if (shape == null) {
                throw new IllegalArgumentException(
                        "no member: " + found.getSchema().getFullName());
            }
            return shape.fromAvro(found);
        }

        @Override
        public @Nullable Object toTree(Object value) {
            return shapeOf(value).toTree(value);
        }
    }

    private static Object present(@Nullable Object avro) {
        if (avro == null) {
            throw new IllegalArgumentException("a value is missing");
        }
        return avro;
    }
}
