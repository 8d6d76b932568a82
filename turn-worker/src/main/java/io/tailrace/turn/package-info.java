/** The turn-worker: executes chat turns. */
@NullMarked
package io.tailrace.turn;

import org.jspecify.annotations.NullMarked;
