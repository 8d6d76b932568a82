/** Server-sent events: framing, and a stream that resumes where it was cut. */
@NullMarked
package io.tailrace.cli.sse;

import org.jspecify.annotations.NullMarked;
