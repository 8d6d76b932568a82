/** Results of earlier steps of a plan, and arguments of calls that builds execute, read where they lie in the log. */
@NullMarked
package io.tailrace.worker.result;

import org.jspecify.annotations.NullMarked;
