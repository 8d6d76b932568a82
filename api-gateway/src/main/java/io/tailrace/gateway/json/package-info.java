/** Events as JSON: decoded, and written event by event. Knows no frames and no HTTP. */
@NullMarked
package io.tailrace.gateway.json;

import org.jspecify.annotations.NullMarked;
