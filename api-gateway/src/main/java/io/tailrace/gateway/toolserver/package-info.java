/** The servers of tools that turn-workers have recorded. */
@NullMarked
package io.tailrace.gateway.toolserver;

import org.jspecify.annotations.NullMarked;
