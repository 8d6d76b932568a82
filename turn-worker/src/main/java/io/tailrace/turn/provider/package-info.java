/** The port to language models: what a turn asks of a provider, what it gets back, and which providers there are. */
@NullMarked
package io.tailrace.turn.provider;

import org.jspecify.annotations.NullMarked;
