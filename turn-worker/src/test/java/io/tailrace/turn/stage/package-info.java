@NullMarked
package io.tailrace.turn.stage;

import org.jspecify.annotations.NullMarked;
