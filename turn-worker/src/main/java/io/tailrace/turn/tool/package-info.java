/** The tools that a model may call: what it is told of them, what a call does, and what guards against calls that go in a circle. */
@NullMarked
package io.tailrace.turn.tool;

import org.jspecify.annotations.NullMarked;
