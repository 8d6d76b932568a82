/** Tests of events as JSON. */
@NullMarked
package io.tailrace.gateway.json;

import org.jspecify.annotations.NullMarked;
