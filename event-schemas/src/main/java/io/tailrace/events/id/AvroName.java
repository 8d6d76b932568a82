package io.tailrace.events.id;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of a record or an enum in Avro schemas, on which stored bytes and the programs of other people's readers
 * depend. It is stated, never derived from where the type lives, so types can move to other Java packages. Types nested in
 * an annotated one share its namespace. A type without a stated namespace is refused when a schema with it is derived.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AvroName {
    /** The namespace of a record that belongs to several unions: in each of them it is the union's own. */
    String OF_UNION = "";

    /** The namespace; never changes once a schema with it is released. */
    String namespace();

    /** The name without the namespace; the type's own if it is not stated. */
    String name() default "";
}
