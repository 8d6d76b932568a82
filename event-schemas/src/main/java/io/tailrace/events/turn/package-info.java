/** Chat turns: what is asked, what a model answers, and what happens meanwhile. */
@NullMarked
package io.tailrace.events.turn;

import org.jspecify.annotations.NullMarked;
