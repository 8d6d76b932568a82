/** Reading runs out of the log: the port, its in-memory fake for tests, and the Kafka implementation. */
@NullMarked
package io.tailrace.gateway.log;

import org.jspecify.annotations.NullMarked;
