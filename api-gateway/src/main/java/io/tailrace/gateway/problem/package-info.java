/** What a client is told when something is refused or fails, and the one place that decides it. */
@NullMarked
package io.tailrace.gateway.problem;

import org.jspecify.annotations.NullMarked;
