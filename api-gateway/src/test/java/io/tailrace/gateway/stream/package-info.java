/** Tests of the streams, over real HTTP on a real broker. */
@NullMarked
package io.tailrace.gateway.stream;

import org.jspecify.annotations.NullMarked;
