@NullMarked
package io.tailrace.turn.provider;

import org.jspecify.annotations.NullMarked;
