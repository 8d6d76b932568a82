package io.tailrace.events.codec;

import io.tailrace.events.id.AvroName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The name that a type has in Avro schemas, as its {@link AvroName} states it. */
record PinnedName(String namespace, String name) {

    /**
     * The stated name of a type.
     *
     * @param union the namespace of the union that the type is a member of, where it is one
     * @throws IllegalArgumentException if no namespace is stated, neither of the type nor of one that it is nested in
     */
    static PinnedName of(Class<?> type, Optional<String> union) {
        String namespace = namespace(type);
        if (namespace.equals(AvroName.OF_UNION)) {
            namespace = union.orElseThrow(
                    () -> new IllegalArgumentException(type.getName() + " has no Avro name outside of a union"));
        }
        return new PinnedName(namespace, simpleName(type));
    }

    /** @throws IllegalArgumentException if none is stated */
    static String namespace(Class<?> type) {
        for (@Nullable Class<?> at = type; at != null; at = at.getDeclaringClass()) {
            @Nullable AvroName stated = at.getAnnotation(AvroName.class);
            if (stated != null) {
                return stated.namespace();
            }
        }
        throw new IllegalArgumentException(
                type.getName() + " is in a schema and has no @AvroName: state its namespace");
    }

    private static String simpleName(Class<?> type) {
        @Nullable AvroName stated = type.getAnnotation(AvroName.class);
        return stated == null || stated.name().isEmpty() ? type.getSimpleName() : stated.name();
    }

    String fullName() {
        return namespace + "." + name;
    }
}
