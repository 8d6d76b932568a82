/** Lifecycle facts of a run and the read model projected from them. */
@NullMarked
package io.tailrace.events.run;

import org.jspecify.annotations.NullMarked;
