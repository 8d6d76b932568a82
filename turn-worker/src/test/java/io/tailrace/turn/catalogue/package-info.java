@NullMarked
package io.tailrace.turn.catalogue;

import org.jspecify.annotations.NullMarked;
