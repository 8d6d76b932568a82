@NullMarked
package io.tailrace.turn.tool;

import org.jspecify.annotations.NullMarked;
