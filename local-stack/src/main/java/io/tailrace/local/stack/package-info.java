/** Start-up of Kafka and all services on one machine, each in a process of its own. */
@NullMarked
package io.tailrace.local.stack;

import org.jspecify.annotations.NullMarked;
