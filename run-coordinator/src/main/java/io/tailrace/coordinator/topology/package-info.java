/** The thin shell around the decider: a Kafka Streams topology that feeds it and carries out what it decides. */
@NullMarked
package io.tailrace.coordinator.topology;

import org.jspecify.annotations.NullMarked;
