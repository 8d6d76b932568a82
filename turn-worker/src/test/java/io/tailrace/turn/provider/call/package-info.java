@NullMarked
package io.tailrace.turn.provider.call;

import org.jspecify.annotations.NullMarked;
