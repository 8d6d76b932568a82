/** What a turn is told from knowledge repositories: searched at the versions of its plan, so that every worker finds the same. */
@NullMarked
package io.tailrace.turn.knowledge;

import org.jspecify.annotations.NullMarked;
