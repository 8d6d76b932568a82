/** Results of earlier steps of a plan, read where they lie in the log. */
@NullMarked
package io.tailrace.worker.result;

import org.jspecify.annotations.NullMarked;
