@NullMarked
package io.tailrace.turn.context;

import org.jspecify.annotations.NullMarked;
