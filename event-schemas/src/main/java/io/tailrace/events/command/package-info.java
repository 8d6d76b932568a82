/** Commands that clients give and the gateway forwards to the coordinator. */
@NullMarked
package io.tailrace.events.command;

import org.jspecify.annotations.NullMarked;
