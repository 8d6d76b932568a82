/** HTTP to providers: one exchange that can be closed at any moment, and what status codes mean. Knows no provider's format. */
@NullMarked
package io.tailrace.turn.provider.http;

import org.jspecify.annotations.NullMarked;
