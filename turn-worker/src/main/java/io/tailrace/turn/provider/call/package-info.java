/** What all adapters have in common: one call with its cancel, its time-outs, and the rule by which it ends. */
@NullMarked
package io.tailrace.turn.provider.call;

import org.jspecify.annotations.NullMarked;
