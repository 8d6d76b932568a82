package io.tailrace.events.id;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The members of a union in Avro schemas, in their order there. They are the records that the annotated sealed type
 * permits, directly or through sealed types below it, however those group them; the order is stated because a released
 * schema has it. A member that is missing here, or that the type does not permit, is refused when the union is derived.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AvroUnion {
    /** Every member once. */
    Class<? extends Record>[] value();
}
