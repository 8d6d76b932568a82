/** Avro on the wire, records in Java: the only place that knows both. */
@NullMarked
package io.tailrace.events.codec;

import org.jspecify.annotations.NullMarked;
