/** How connections end: a client gets the whole answer, also one that comes before its request was read. */
@NullMarked
package io.tailrace.gateway.connection;

import org.jspecify.annotations.NullMarked;
