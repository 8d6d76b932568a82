/**
 * Reading runs from the log. {@link io.tailrace.runlog.RunLog} is the port, {@link io.tailrace.runlog.KafkaRunLog} reads
 * Kafka's topics: one tail for what is live, scans for what is not, a ring of records for each watched run.
 */
@NullMarked
package io.tailrace.runlog;

import org.jspecify.annotations.NullMarked;
