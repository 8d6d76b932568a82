/** How runs are read: its settings and its wiring. */
@NullMarked
package io.tailrace.gateway.log;

import org.jspecify.annotations.NullMarked;
