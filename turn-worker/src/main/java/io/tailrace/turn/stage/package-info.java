/** Turns as stages: their requests and facts, what the log has of a chat, and the execution of a turn. */
@NullMarked
package io.tailrace.turn.stage;

import org.jspecify.annotations.NullMarked;
