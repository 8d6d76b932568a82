/** Reading single records of the log by where they lie. */
@NullMarked
package io.tailrace.worker.position;

import org.jspecify.annotations.NullMarked;
