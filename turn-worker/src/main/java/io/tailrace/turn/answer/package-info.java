/** Answers that may be given again to whoever asks the same, found by a digest of the question. */
@NullMarked
package io.tailrace.turn.answer;

import org.jspecify.annotations.NullMarked;
