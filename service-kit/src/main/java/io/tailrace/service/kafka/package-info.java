/** The one place that makes clients of Kafka, and how the topics are made. */
@NullMarked
package io.tailrace.service.kafka;

import org.jspecify.annotations.NullMarked;
