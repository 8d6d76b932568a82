/** Server-sent events: framing, connections, drain. */
@NullMarked
package io.tailrace.gateway.stream;

import org.jspecify.annotations.NullMarked;
