/** How far the coordinator has decided, seen from the log: what waits, since when, and whether an answer is certain. */
@NullMarked
package io.tailrace.gateway.decision;

import org.jspecify.annotations.NullMarked;
