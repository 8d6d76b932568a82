/** Tests. */
@NullMarked
package io.tailrace.gateway.access;

import org.jspecify.annotations.NullMarked;
