/** Tests of events over HTTP, on a real broker. */
@NullMarked
package io.tailrace.gateway.events;

import org.jspecify.annotations.NullMarked;
