/** The contract of the log's port, what passes it, and the parts of the tailed log. */
@NullMarked
package io.tailrace.runlog;

import org.jspecify.annotations.NullMarked;
