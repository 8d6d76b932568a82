package io.tailrace.events.codec;

import io.tailrace.events.plan.Tagged;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * How a Java record stands on the wire: one Avro record with a snake_case field for each component. The components are
 * the single description of a record; schema, Avro value and JSON tree all follow from them. Thread-safe.
 */
final class RecordShape implements WireType {
    private static final Map<Place, RecordShape> SHAPES = new ConcurrentHashMap<>();

    private final Place place;
    private final Class<? extends Record> type;
    private final List<Component> components = new ArrayList<>();
    private final MethodHandle constructor;

    /** A type, and the namespace of the union that it is a member of. */
    private record Place(Class<? extends Record> type, Optional<String> union) {}

    private record Component(String wireName, WireType type, MethodHandle accessor) {}

    private RecordShape(Place place) {
        this.place = place;
        this.type = place.type;
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RecordComponent[] parts = type.getRecordComponents();
            Class<?>[] types = new Class<?>[parts.length];
            for (int i = 0; i < parts.length; i++) {
                types[i] = parts[i].getType();
                WireType wireType = WireType.of(parts[i].getGenericType());
                components.add(new Component(
                        wireType.fieldName(snakeCase(parts[i].getName())),
                        wireType,
                        lookup.unreflect(parts[i].getAccessor())
                                .asType(MethodType.methodType(Object.class, Object.class))));
            }
            this.constructor = lookup.unreflectConstructor(type.getDeclaredConstructor(types))
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("not a public record: " + type, e);
        }
    }

    static RecordShape of(Class<? extends Record> type) {
        return of(new Place(type, Optional.empty()));
    }

    static RecordShape ofMember(Class<? extends Record> type, String unionNamespace) {
        return of(new Place(type, Optional.of(unionNamespace)));
    }

    private static RecordShape of(Place place) {
        RecordShape known = SHAPES.get(place);
        if (known == null) {
            known = new RecordShape(place);
            SHAPES.put(place, known);
        }
        return known;
    }

    /** @throws IllegalArgumentException if the type's name is not stated */
    String fullName() {
        return name().fullName();
    }

    private PinnedName name() {
        return PinnedName.of(type, place.union);
    }

    @Override
    public Schema schema(Map<String, Schema> named) {
        PinnedName name = name();
        Schema known = named.get(name.fullName());
        if (known != null) {
            return known;
        }
        Schema schema = Schema.createRecord(name.name(), null, name.namespace(), false);
        named.put(name.fullName(), schema);
        List<Schema.Field> fields = new ArrayList<>();
        for (Component component : components) {
            Schema fieldSchema = component.type.schema(named);
            fields.add(
                    component.type.isOptional()
                            ? new Schema.Field(component.wireName, fieldSchema, null, Schema.Field.NULL_DEFAULT_VALUE)
                            : new Schema.Field(component.wireName, fieldSchema));
        }
        schema.setFields(fields);
        return schema;
    }

    @Override
    public Object toAvro(Object value, Schema schema) {
        GenericData.Record avro = new GenericData.Record(schema);
        List<Schema.Field> fields = schema.getFields();
        for (int i = 0; i < components.size(); i++) {
            Component component = components.get(i);
            avro.put(
                    i,
                    component.type.toAvro(get(component, value), fields.get(i).schema()));
        }
        return avro;
    }

    @Override
    public Object fromAvro(@Nullable Object avro) {
        GenericData.Record found = (GenericData.Record) avro;
        if (found == null) {
            throw new IllegalArgumentException("a " + type.getSimpleName() + " is missing");
        }
        Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = components.get(i).type.fromAvro(found.get(i));
        }
        return construct(values);
    }

    @Override
    public Map<String, @Nullable Object> toTree(Object value) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        if (value instanceof Tagged tagged) {
            tree.put(tagged.tagName(), tagged.tag());
        }
        for (Component component : components) {
            @Nullable Object member = component.type.toTree(get(component, value));
            if (member != null) {
                tree.put(component.wireName, member);
            }
        }
        return tree;
    }

    WireType onlyType() {
        return components.getFirst().type;
    }

    Object onlyValue(Object value) {
        return get(components.getFirst(), value);
    }

    /** @throws IllegalArgumentException if the record refuses the values */
    Object construct(Object... values) {
        try {
            return (Object) constructor.invokeExact(values);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("record constructors throw nothing checked", e);
        }
    }

    private static Object get(Component component, Object value) {
        try {
            return (Object) component.accessor.invokeExact(value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("record accessors throw nothing checked", e);
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
