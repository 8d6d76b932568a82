@NullMarked
package io.tailrace.turn.provider.testing;

import org.jspecify.annotations.NullMarked;
