@NullMarked
package io.tailrace.turn.answer;

import org.jspecify.annotations.NullMarked;
