@NullMarked
package io.tailrace.turn.provider.scripted;

import org.jspecify.annotations.NullMarked;
