@NullMarked
package io.tailrace.turn.knowledge;

import org.jspecify.annotations.NullMarked;
