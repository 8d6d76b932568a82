/** The deterministic provider: says what the script that comes with a request tells it to. Needs nothing. */
@NullMarked
package io.tailrace.turn.provider.scripted;

import org.jspecify.annotations.NullMarked;
