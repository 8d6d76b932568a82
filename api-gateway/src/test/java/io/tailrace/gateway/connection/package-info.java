/** Tests. */
@NullMarked
package io.tailrace.gateway.connection;

import org.jspecify.annotations.NullMarked;
