/** Puts the providers together. */
@NullMarked
package io.tailrace.turn.provider.runtime;

import org.jspecify.annotations.NullMarked;
