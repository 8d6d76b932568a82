/** The adapter between the typed log records and the Kafka client's types. */
@NullMarked
package io.tailrace.events.kafka;

import org.jspecify.annotations.NullMarked;
