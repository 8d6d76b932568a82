/** Cursors as clients see them: sealed with keys that all gateways of a log share. */
@NullMarked
package io.tailrace.gateway.cursor;

import org.jspecify.annotations.NullMarked;
