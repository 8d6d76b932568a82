/** Tests of the HTTP API, on a real broker. */
@NullMarked
package io.tailrace.gateway.api;

import org.jspecify.annotations.NullMarked;
