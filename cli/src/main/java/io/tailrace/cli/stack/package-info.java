/** Commands that start, stop and show the processes of this machine. */
@NullMarked
package io.tailrace.cli.stack;

import org.jspecify.annotations.NullMarked;
