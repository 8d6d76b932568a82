package io.tailrace.events.codec;

import io.tailrace.events.id.AvroUnion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The records that a value of a sealed type can be, in the order that Avro has them in. */
final class UnionMembers {
    private UnionMembers() {}

    /**
     * The members of a sealed type.
     *
     * @throws IllegalArgumentException if it does not state those that it permits, each once
     */
    static List<Class<? extends Record>> of(Class<?> sealed) {
        Set<Class<? extends Record>> permitted = permitted(sealed);
        @Nullable AvroUnion stated = sealed.getAnnotation(AvroUnion.class);
        if (stated == null) {
            throw new IllegalArgumentException(sealed.getName() + " is in a schema and has no @AvroUnion");
        }
        List<Class<? extends Record>> members = List.of(stated.value());
        if (members.size() != permitted.size() || !permitted.equals(Set.copyOf(members))) {
            List<Class<?>> missing = new ArrayList<>(permitted);
            missing.removeAll(members);
            List<Class<?>> foreign = new ArrayList<>(members);
            permitted.forEach(foreign::remove);
            throw new IllegalArgumentException("the @AvroUnion of " + sealed.getName() + " lacks " + missing
                    + ", or has twice or for nothing " + foreign);
        }
        return members;
    }

    private static Set<Class<? extends Record>> permitted(Class<?> sealed) {
        Set<Class<? extends Record>> members = new LinkedHashSet<>();
        for (Class<?> below : sealed.getPermittedSubclasses()) {
            if (below.isRecord()) {
                members.add(below.asSubclass(Record.class));
            } else if (below.isSealed()) {
                members.addAll(permitted(below));
            } else {
                throw new IllegalArgumentException(below.getName() + " is neither a record nor sealed");
            }
        }
        return members;
    }
}
