/** What kind of work a worker does: which topics, which records, and the code that executes a stage. */
@NullMarked
package io.tailrace.worker.stage;

import org.jspecify.annotations.NullMarked;
