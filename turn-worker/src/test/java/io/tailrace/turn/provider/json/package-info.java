@NullMarked
package io.tailrace.turn.provider.json;

import org.jspecify.annotations.NullMarked;
