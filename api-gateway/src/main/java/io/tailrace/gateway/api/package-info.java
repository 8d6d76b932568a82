/** The HTTP API under /v1, but for the streams. */
@NullMarked
package io.tailrace.gateway.api;

import org.jspecify.annotations.NullMarked;
