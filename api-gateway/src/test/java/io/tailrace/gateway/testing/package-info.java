/** What the tests of this module share: a gateway on a real broker, a scripted coordinator, a plain HTTP client. */
@NullMarked
package io.tailrace.gateway.testing;

import org.jspecify.annotations.NullMarked;
