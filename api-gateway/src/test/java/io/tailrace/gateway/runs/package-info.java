/** Tests. */
@NullMarked
package io.tailrace.gateway.runs;

import org.jspecify.annotations.NullMarked;
