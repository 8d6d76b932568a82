/** The connection to the log: settings, reachability, the log's epoch. */
@NullMarked
package io.tailrace.gateway.kafka;

import org.jspecify.annotations.NullMarked;
