/** Tests. */
@NullMarked
package io.tailrace.gateway.decision;

import org.jspecify.annotations.NullMarked;
