/** The process around the topology: settings, the life of Kafka Streams, health. */
@NullMarked
package io.tailrace.coordinator.host;

import org.jspecify.annotations.NullMarked;
