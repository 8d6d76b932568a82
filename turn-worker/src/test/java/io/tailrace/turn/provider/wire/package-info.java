@NullMarked
package io.tailrace.turn.provider.wire;

import org.jspecify.annotations.NullMarked;
