/** Commands that talk to a gateway, and its client. */
@NullMarked
package io.tailrace.cli.runs;

import org.jspecify.annotations.NullMarked;
