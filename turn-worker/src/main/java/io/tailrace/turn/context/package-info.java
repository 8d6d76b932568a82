/** What a model is sent: the parts of a context in their fixed order, trimmed to its window. */
@NullMarked
package io.tailrace.turn.context;

import org.jspecify.annotations.NullMarked;
