@NullMarked
package io.tailrace.turn;

import org.jspecify.annotations.NullMarked;
