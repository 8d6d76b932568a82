/** The way of a command into the log. */
@NullMarked
package io.tailrace.gateway.command;

import org.jspecify.annotations.NullMarked;
