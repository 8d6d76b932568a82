@NullMarked
package io.tailrace.turn.provider.trace;

import org.jspecify.annotations.NullMarked;
